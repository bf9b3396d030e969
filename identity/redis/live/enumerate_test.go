// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	goredis "github.com/redis/go-redis/v9"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/redis"
	"github.com/watertight-go/watertight/internal/dbtest"
)

// TestEveryCommandIsDecidedAsTheServerDoes asks for each command of the server, with the
// least number of arguments and all of them below staging's prefix, whether users of
// several kinds may run it.
func TestEveryCommandIsDecidedAsTheServerDoes(t *testing.T) {
	eachServer(t, func(t *testing.T, s dbtest.Server, client *goredis.Client) {
		admin := confined(t, s, client)
		users := map[string][]string{
			"naive": {"~staging:*", "+@all", "-@dangerous", "-@admin"}, "write": {"~staging:*", "+@write"}, "slow": {"+@slow", "-client|kill"},
			"fast": {"+@fast", "&staging:*"}, "all": {"~*", "&*", "+@all"}, "none": {}, "selectors": {"+@read", "(+@write -@keyspace)", "(+@pubsub &staging:*)"},
		}
		for user, rules := range users {
			setUser(t, admin, user, rules...)
		}
		snap := snapshot(t, admin)
		asked := 0
		for _, user := range append([]string{staging, "naive", "write", "slow", "fast", "all", "none"}, "selectors") {
			var calls [][]string
			for _, c := range snap.Commands {
				call := strings.Split(c.Name, "|")
				for len(call) < max(c.Arity, -c.Arity) {
					call = append(call, "staging:a")
				}
				calls = append(calls, call)
			}
			for i, want := range dryRun(t, admin, user, calls) {
				if want == refused {
					continue
				}
				asked++
				got := snap.Allows(user, 0, calls[i]...)
				if got.Answer != identity.Unknown && (got.Answer == identity.Yes) != (want == yes) {
					t.Errorf("%s %q: we say %v (%s), the server %v", user, calls[i], got.Answer, got.Why, want)
				}
				if got.Answer == identity.Unknown && snap.Commands[i].Keys == nil {
					t.Errorf("%s %q: we do not know, and it has no keys: %q", user, calls[i], got.Missing)
				}
			}
		}
		t.Logf("%d questions about %d commands", asked, len(snap.Commands))
	})
}

// TestEveryCommandOfTheServerIsKnown is about the list of effects: what a user that may
// do everything may do is known of each command.
func TestEveryCommandOfTheServerIsKnown(t *testing.T) {
	eachServer(t, func(t *testing.T, _ dbtest.Server, client *goredis.Client) {
		setUser(t, client, staging, "on", ">"+password, "+@all")
		setUser(t, client, production, "on", ">"+other)
		if proof := prove(t, snapshot(t, client), everythingElse()); len(proof.Missing) > 0 {
			t.Errorf("missing %q", proof.Missing)
		}
	})
}

// TestProductionRunsWhileStagingIsConfined applies both recipes while clients of
// production work and connect anew.
func TestProductionRunsWhileStagingIsConfined(t *testing.T) {
	eachServer(t, func(t *testing.T, s dbtest.Server, client *goredis.Client) {
		setUser(t, client, production, "on", ">"+other, "~*", "&*", "+@all")
		stop := make(chan struct{})
		var clients sync.WaitGroup
		defer clients.Wait()
		defer close(stop)
		for range 4 {
			clients.Go(func() {
				for n := 0; ; n++ {
					select {
					case <-stop:
						return
					default:
					}
					c := goredis.NewClient(&goredis.Options{Addr: s.Address(), Username: production, Password: other, PoolSize: 1, MaxRetries: -1})
					for range 20 {
						if err := c.Incr(t.Context(), "prod:n").Err(); err != nil {
							t.Errorf("production's query %d: %v", n, err)
						}
					}
					_ = c.Close()
				}
			})
		}
		time.Sleep(50 * time.Millisecond)
		admin := confined(t, s, client)
		before, err := admin.Get(t.Context(), "prod:n").Int()
		if err != nil {
			t.Fatal(err)
		}
		for after := before; after == before; {
			if after, err = admin.Get(t.Context(), "prod:n").Int(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestWhatMayNotBeAskedIsMissing takes the snapshot as users that may ask for less.
func TestWhatMayNotBeAskedIsMissing(t *testing.T) {
	eachServer(t, func(t *testing.T, s dbtest.Server, client *goredis.Client) {
		setUser(t, client, staging, "on", ">"+password, "~staging:*", "+get", "&__keyevent*", "+subscribe")
		for name, tt := range map[string]struct{ minus, missing string }{
			"no users":    {"-acl", "the users: ACL LIST"},
			"no commands": {"-command", "the commands: COMMAND"},
			"no config":   {"-config", "whether the server publishes the names of keys that change: notify-keyspace-events of CONFIG GET"},
		} {
			t.Run(name, func(t *testing.T) {
				setUser(t, client, "reader", "on", ">"+other, "+@all", tt.minus)
				setUser(t, client, "default", "on", "nopass", "+@all", "~*", "&*")
				snap := snapshot(t, connect(t, s, "reader", other))
				for i := range snap.Users {
					if snap.Users[i].Name == "default" { // a breach would hide the verdict
						snap.Users[i].Rules = []string{"off"}
					}
				}
				proof := prove(t, snap, redis.Boundary{From: everythingElse().From, Away: everythingElse().Away})
				if proof.Verdict != bulkhead.Undetermined || !slices.Contains(proof.Missing, tt.missing) {
					t.Errorf("got %v, missing %q", proof.Verdict, proof.Missing)
				}
			})
		}
	})
}

// TestTheAuditorReadsAll is about the user that the documentation names for snapshots.
func TestTheAuditorReadsAll(t *testing.T) {
	eachServer(t, func(t *testing.T, s dbtest.Server, client *goredis.Client) {
		setUser(t, client, "auditor", "on", ">"+other, "-@all", "+info", "+acl|list", "+command", "+config|get", "+client|list", "+client|id")
		got, want := snapshot(t, connect(t, s, "auditor", other)), snapshot(t, client)
		got.Connections, want.Connections = nil, nil
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the auditor reads less (-want +got):\n%s", diff[:min(len(diff), 2000)])
		}
	})
}
