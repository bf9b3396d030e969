// SPDX-License-Identifier: Apache-2.0

package redis_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/redis"
)

func TestSnapshotsRoundTrip(t *testing.T) {
	for _, name := range []string{redis7, redis8, valkey} {
		s := stored(t, name)
		var text bytes.Buffer
		if err := s.Write(&text); err != nil {
			t.Fatal(err)
		}
		again, err := redis.ReadSnapshot(name, &text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s, again); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestNotReadAndEmptyStayApart(t *testing.T) {
	for text, want := range map[string]bool{
		`{"kind":"RedisSnapshot/v1"}`:                        true,
		`{"kind":"RedisSnapshot/v1","users":null}`:           true,
		`{"kind":"RedisSnapshot/v1","users":[]}`:             false,
		`{"users":[],"kind":"RedisSnapshot/v1","config":{}}`: false,
	} {
		s, err := redis.ReadSnapshot("s.json", strings.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if (s.Users == nil) != want {
			t.Errorf("%s: not read is %v", text, s.Users == nil)
		}
	}
}

func TestWhatIsNoSnapshotIsRefusedWithItsPlace(t *testing.T) {
	in := func(s string) string { return `{"kind":"RedisSnapshot/v1",` + s + `}` }
	for name, tt := range map[string]struct{ text, place string }{
		"nothing":                        {"", ""},
		"a list":                         {"[]", ""},
		"cut off":                        {`{"kind":"RedisSnapshot/v1","users":[{"name":"a"`, "users[0]"},
		"no kind":                        {"{}", "kind"},
		"another kind":                   {`{"kind":"RedisSnapshot/v2"}`, "kind"},
		"a snapshot of PostgreSQL":       {`{"kind":"PostgreSQLSnapshot/v1","version":150018}`, "kind"},
		"a field that is not known":      {in(`"users":[{"name":"a","hash":"x"}]`), "users[0]"},
		"a field in other letters":       {in(`"Users":[]`), ""},
		"a field twice":                  {in(`"users":[],"users":[]`), ""},
		"a key of a map twice":           {in(`"config":{"aclfile":"","aclfile":"x"}`), "config"},
		"a user twice":                   {in(`"users":[{"name":"a"},{"name":"a"}]`), "users[1].name"},
		"a user without a name":          {in(`"users":[{"rules":["on"]}]`), "users[0].name"},
		"a user with a blank":            {in(`"users":[{"name":"a b"}]`), "users[0].name"},
		"the hash of a password":         {in(`"users":[{"name":"a","rules":["on","#0123"]}]`), "users[0].rules[1]"},
		"a password":                     {in(`"users":[{"name":"a","rules":[">secret-of-a"]}]`), "users[0].rules[0]"},
		"a command twice":                {in(`"commands":[{"name":"get"},{"name":"get"}]`), "commands[1].name"},
		"a command in capitals":          {in(`"commands":[{"name":"GET"}]`), "commands[0].name"},
		"a number for a text":            {in(`"server":7`), "server"},
		"a text for a number":            {in(`"commands":[{"name":"get","arity":"2"}]`), "commands[0].arity"},
		"a fraction":                     {in(`"commands":[{"name":"get","arity":1.5}]`), "commands[0].arity"},
		"a number of many digits":        {in(`"commands":[{"name":"get","arity":99999999999}]`), "commands[0].arity"},
		"null for a bool":                {in(`"cluster":null`), "cluster"},
		"an object for a list":           {in(`"users":{}`), "users"},
		"a parameter that may be secret": {in(`"config":{"requirepass":"x"}`), `config["requirepass"]`},
		"rules without end":              {in(`"users":[{"name":"a","rules":["on` + strings.Repeat(`","on`, 1000) + `"]}]`), "users[0].rules"},
		"a selector without end":         {in(`"users":[{"name":"a","rules":["(` + strings.Repeat("+get ", 1000) + `)"]}]`), "users[0].rules"},
		"something behind":               {in(`"users":[]`) + "{}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := redis.ReadSnapshot("s.json", strings.NewReader(tt.text))
			var document *identity.DocumentError
			if !errors.As(err, &document) || document.Document != "s.json" || document.Place != tt.place {
				t.Errorf("got %v at %+v, want %q", err, document, tt.place)
			}
			if err != nil && (strings.Contains(err.Error(), "secret-of-a") || strings.Contains(err.Error(), "0123")) {
				t.Errorf("the error shows the value: %v", err)
			}
		})
	}
}

// blanks is a document that never ends.
type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestADocumentWithoutEndIsRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 64 MB")
	}
	_, err := redis.ReadSnapshot("s.json", io.MultiReader(strings.NewReader(`{"kind":`), blanks{}))
	var document *identity.DocumentError
	if !errors.As(err, &document) || !strings.Contains(err.Error(), "bytes") {
		t.Errorf("got %v", err)
	}
}

// FuzzReadSnapshot reads anything, and asks everything of what it reads.
func FuzzReadSnapshot(f *testing.F) {
	for _, name := range []string{redis7, valkey} {
		text, err := os.ReadFile("testdata/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text[:2000])
	}
	f.Add([]byte(`{"kind":"RedisSnapshot/v1","users":[{"name":"stg","rules":["on","~[a-\u00e9]*","(+get ~p*)","+get|a","db=1"]}],
		"commands":[{"name":"get","arity":2,"categories":["read"],"keys":[{"index":1,"flags":["access"],"range":{"lastKey":0,"keyStep":1,"limit":0}}]},
		{"name":"eval","arity":-3,"keys":[{"index":2,"keyNum":{"keyNumIdx":0,"firstKey":1,"keyStep":1}}]},
		{"name":"x","keys":[{"keyword":"K","startFrom":-2,"range":{"lastKey":-1,"keyStep":-1,"limit":2}}]}],"config":{"databases":"3"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := redis.ReadSnapshot("s.json", bytes.NewReader(text))
		if err != nil {
			return
		}
		b := boundary()
		if proof, err := s.NoAccess(b); err != nil || proof.Verdict == 0 && len(proof.Missing) == 0 {
			t.Errorf("proof %+v, %v", proof, err)
		}
		if _, err := s.Lint(b); err != nil {
			t.Error(err)
		}
		for _, u := range s.Users {
			for _, c := range s.Commands {
				for _, call := range [][]string{nil, {c.Name}, {c.Name, "1"}, {c.Name, "1", "K", "stg:a", "STORE"}} {
					_ = s.Allows(u.Name, 0, call...)
				}
			}
		}
		_, _ = s.Confine("fresh", "fresh:", "password")
		_, _ = s.CloseDefault("prod")
	})
}
