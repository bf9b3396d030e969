// SPDX-License-Identifier: Apache-2.0

package redis_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/recipe"
	"github.com/watertight-go/watertight/identity/redis"
)

func TestArgumentsOfARecipeAreRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		user, prefix, password string
		edit                   func(*redis.Snapshot)
		want                   []string
	}{
		"the default user":              {user: "default", want: []string{"user"}},
		"no user":                       {user: "", want: []string{"user"}},
		"a user with a blank":           {user: "stg on +@all", want: []string{"user"}},
		"a user with a line break":      {user: "stg\nuser x", want: []string{"user"}},
		"a user with a NUL":             {user: "stg\x00", want: []string{"user"}},
		"a user that is no UTF-8":       {user: "stg\xff", want: []string{"user"}},
		"a user of many bytes":          {user: strings.Repeat("s", 300), want: []string{"user"}},
		"no prefix":                     {prefix: "-", want: []string{"prefix"}},
		"a prefix without a colon":      {prefix: "stag", want: []string{"prefix"}},
		"a prefix with a star":          {prefix: "*:stg:", want: []string{"prefix"}},
		"a prefix with a class":         {prefix: "[sp]tg:", want: []string{"prefix"}},
		"a prefix with a backslash":     {prefix: `stg\:`, want: []string{"prefix"}},
		"a prefix with a question mark": {prefix: "st?:", want: []string{"prefix"}},
		"a prefix with a blank":         {prefix: "stg: +@all:", want: []string{"prefix"}},
		"a prefix that lost its bytes":  {prefix: "a\uFFFD:", want: []string{"prefix"}},
		"nothing but a colon":           {prefix: ":", want: []string{"prefix"}},
		"no password":                   {password: "-", want: []string{"password"}},
		"all at once":                   {user: "default", prefix: "*", password: "-", want: []string{"user", "prefix", "password"}},
		"users not read":                {edit: func(s *redis.Snapshot) { s.Users = nil }, want: []string{"snapshot.users"}},
		"commands not read":             {edit: func(s *redis.Snapshot) { s.Commands = nil }, want: []string{"snapshot.commands"}},
		"a user with other rules":       {user: "prod", want: []string{"user"}},
		"the naive user":                {user: "stg", want: []string{"user"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := with(t, redis8, "~stg:*", "+@all", "-@dangerous")
			if tt.edit != nil {
				tt.edit(s)
			}
			or := func(given, usual string) string {
				switch given {
				case "":
					return usual
				case "-":
					return ""
				default:
					return given
				}
			}
			user := or(tt.user, "fresh")
			if name == "no user" {
				user = ""
			}
			_, err := s.Confine(user, or(tt.prefix, "fresh:"), or(tt.password, "a-long-password"))
			var invalid *bulkhead.InvalidError
			if !errors.As(err, &invalid) {
				t.Fatalf("got %v", err)
			}
			var got []string
			for _, e := range invalid.Errs {
				got = append(got, e.Field)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

// TestARecipeOfACluster finds the nodes, as clients do, and no more.
func TestARecipeOfACluster(t *testing.T) {
	for _, cluster := range []bool{false, true} {
		s := with(t, valkey)
		s.Cluster = cluster
		r, err := s.Confine("fresh", "fresh:", "a-long-password")
		if err != nil {
			t.Fatal(err)
		}
		s.Users = append(s.Users, redis.User{Name: "fresh", Rules: r.Statements[0].Args[5:], Password: true})
		for _, call := range []string{"cluster slots", "cluster shards", "readonly", "asking"} {
			if got := s.Allows("fresh", 0, strings.Fields(call)...); (got.Answer == identity.Yes) != cluster {
				t.Errorf("in a cluster is %v: %s: %v", cluster, call, got)
			}
		}
		for _, call := range []string{"cluster getkeysinslot 1 1", "cluster reset", "clusterscan 0"} {
			if got := s.Allows("fresh", 0, strings.Fields(call)...); got.Answer != identity.No {
				t.Errorf("in a cluster is %v: %s: %v", cluster, call, got)
			}
		}
	}
}

// TestARecipeWithholdsWhatItDoesNotKnow is about a module that somebody has loaded.
func TestARecipeWithholdsWhatItDoesNotKnow(t *testing.T) {
	s := with(t, redis8)
	s.Commands = append(s.Commands, redis.Command{Name: "ft.search", Arity: -3, Flags: []string{"module"}, Categories: []string{"read"}})
	r, err := s.Confine("fresh", "fresh:", "a-long-password")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(r.Statements[0].Args, "-ft.search") {
		t.Errorf("got %s", r.Statements[0])
	}
}

func TestARecipeSaysWhatStaysOpen(t *testing.T) {
	s := with(t, redis8)
	s.Users[0].Rules = []string{"on", "nopass", "~*", "&*", "+@all"}
	r, err := s.Confine("fresh", "fresh:", "a-long-password")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(r.Open[0], `"default" needs no password`) {
		t.Errorf("open is %q", r.Open)
	}
}

// A session that pretends to be a server.
type session struct {
	snapshot redis.Snapshot
	hash     string
	deaf     bool
	fail     error
}

func (s *session) Snapshot(context.Context) (*redis.Snapshot, error) { return &s.snapshot, nil }

func (s *session) Hashes(context.Context, string) ([]string, error) { return []string{s.hash}, nil }

func (s *session) Execute(_ context.Context, args []string) error {
	if s.fail != nil {
		return errors.New(s.fail.Error() + " in " + strings.Join(args, " "))
	}
	if !s.deaf {
		s.hash = args[4][1:]
		s.snapshot.Users = append(s.snapshot.Users, redis.User{Name: args[2], Rules: args[5:], Password: true})
	}
	return nil
}

func TestARecipeStopsAtASurprise(t *testing.T) {
	s := with(t, redis8)
	r, err := s.Confine("fresh", "fresh:", "a-long-password")
	if err != nil {
		t.Fatal(err)
	}
	refused := errors.New("ERR Error in ACL SETUSER modifier")
	for name, tt := range map[string]struct {
		session session
		want    string
	}{
		"nothing is different": {session{deaf: true}, recipe.ErrNotDone.Error()},
		"the server refuses":   {session{fail: refused}, refused.Error()},
	} {
		tt.session.snapshot = *s
		steps, err := r.Run(t.Context(), &tt.session)
		var stopped *redis.StoppedError
		if !errors.As(err, &stopped) || len(steps) > 0 || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "05659b9c139c") { // of the SHA-256
			t.Errorf("%s: the error shows the hash: %v", name, err)
		}
	}
	server := session{snapshot: *s}
	for _, want := range []recipe.Outcome{recipe.Executed, recipe.Skipped} {
		steps, err := r.Run(t.Context(), &server)
		if err != nil || steps[0].Outcome != want {
			t.Errorf("got %v, %v", steps, err)
		}
	}
}

func TestARecipeOfAnotherPrefixIsAnotherUser(t *testing.T) {
	s := with(t, redis8)
	first, err := s.Confine("fresh", "fresh:", "a-long-password")
	if err != nil {
		t.Fatal(err)
	}
	server := session{snapshot: *s}
	if _, err := first.Run(t.Context(), &server); err != nil {
		t.Fatal(err)
	}
	second, err := s.Confine("fresh", "other:", "a-long-password")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := second.Run(t.Context(), &server); !errors.Is(err, recipe.ErrForeign) {
		t.Errorf("got %v", err)
	}
}

func TestAnotherPasswordIsNotDone(t *testing.T) {
	s := with(t, redis8)
	server := session{snapshot: *s}
	for _, password := range []string{"a-long-password", "another-long-password"} {
		r, err := s.Confine("fresh", "fresh:", password)
		if err != nil {
			t.Fatal(err)
		}
		if steps, err := r.Run(t.Context(), &server); err != nil || steps[0].Outcome != recipe.Executed {
			t.Errorf("got %v, %v", steps, err)
		}
	}
}
