// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	goredis "github.com/redis/go-redis/v9"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/recipe"
	"github.com/watertight-go/watertight/identity/redis"
	"github.com/watertight-go/watertight/identity/redis/live"
	"github.com/watertight-go/watertight/internal/dbtest"
)

const (
	staging    = "staging"
	production = "production"
	password   = "staging-has-a-long-password"
	other      = "production-has-another-one"
)

// everythingElse is the strictest boundary: whatever is not below staging's prefix is
// production's.
func everythingElse() redis.Boundary {
	return redis.Boundary{
		From: redis.Side{Users: []string{staging}, Prefixes: []string{"staging:"}},
		Away: redis.Side{Users: []string{production}, Prefixes: []string{"prod:"}}, Rest: true,
	}
}

// confined makes production's user and staging's, and closes default.
func confined(t *testing.T, s dbtest.Server, client *goredis.Client) *goredis.Client {
	t.Helper()
	setUser(t, client, production, "on", ">"+other, "~*", "&*", "+@all")
	admin := connect(t, s, production, other)
	do(t, admin, "PING")
	_ = client.Close()
	r, err := snapshot(t, admin).Confine(staging, "staging:", password)
	if err != nil {
		t.Fatal(err)
	}
	apply(t, admin, r)
	if r, err = snapshot(t, admin).CloseDefault(production); err != nil {
		t.Fatal(err)
	}
	apply(t, admin, r)
	return admin
}

func apply(t *testing.T, client *goredis.Client, r redis.Recipe) []redis.Step {
	t.Helper()
	steps, err := live.Apply(t.Context(), client, r)
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

func prove(t *testing.T, s *redis.Snapshot, b redis.Boundary) bulkhead.Proof {
	t.Helper()
	proof, err := s.NoAccess(b)
	if err != nil {
		t.Fatal(err)
	}
	return proof
}

func TestTheRecipeTwiceChangesNothing(t *testing.T) {
	eachServer(t, func(t *testing.T, _ dbtest.Server, client *goredis.Client) {
		var before *redis.Snapshot
		for round := range 3 {
			r, err := snapshot(t, client).Confine(staging, "staging:", password)
			if err != nil {
				t.Fatal(err)
			}
			steps := apply(t, client, r)
			if want := map[bool]recipe.Outcome{true: recipe.Executed, false: recipe.Skipped}[round == 0]; steps[0].Outcome != want {
				t.Errorf("round %d: %v", round, steps[0].Outcome)
			}
			now := snapshot(t, client)
			if diff := cmp.Diff(before, now); round > 0 && diff != "" {
				t.Errorf("round %d changed the server: %s", round, diff)
			}
			before = now
		}
	})
}

func TestTheRecipeSeals(t *testing.T) {
	eachServer(t, func(t *testing.T, s dbtest.Server, client *goredis.Client) {
		admin := confined(t, s, client)
		proof := prove(t, snapshot(t, admin), everythingElse())
		if proof.Verdict != bulkhead.Sealed {
			t.Errorf("got %v: %+v, missing %q", proof.Verdict, proof.Breaches, proof.Missing)
		}
		findings, err := snapshot(t, admin).Lint(everythingElse())
		if err != nil {
			t.Fatal(err)
		}
		if len(findings) != 1 || findings[0].Rule != redis.NoisyNeighbour {
			t.Errorf("weakened by %v", findings)
		}
	})
}

func TestANewPasswordReplacesTheOld(t *testing.T) {
	eachServer(t, func(t *testing.T, s dbtest.Server, client *goredis.Client) {
		for _, pw := range []string{password, "staging-has-a-newer-password"} {
			r, err := snapshot(t, client).Confine(staging, "staging:", pw)
			if err != nil {
				t.Fatal(err)
			}
			apply(t, client, r)
			do(t, connect(t, s, staging, pw), "PING")
		}
		if err := connect(t, s, staging, password).Ping(t.Context()).Err(); err == nil || !strings.HasPrefix(err.Error(), "WRONGPASS") {
			t.Errorf("the old password: %v", err)
		}
	})
}

func TestAForeignUserIsLeftAlone(t *testing.T) {
	eachServer(t, func(t *testing.T, _ dbtest.Server, client *goredis.Client) {
		early := snapshot(t, client)
		r, err := early.Confine(staging, "staging:", password)
		if err != nil {
			t.Fatal(err)
		}
		setUser(t, client, staging, "on", ">"+other, "~shop:*", "+@read")
		before := snapshot(t, client)
		_, err = live.Apply(t.Context(), client, r)
		var stopped *redis.StoppedError
		if !errors.As(err, &stopped) || !errors.Is(err, recipe.ErrForeign) {
			t.Errorf("applied over it: %v", err)
		}
		var invalid *bulkhead.InvalidError
		if _, err := before.Confine(staging, "staging:", password); !errors.As(err, &invalid) {
			t.Errorf("a recipe over it: %v", err)
		}
		if diff := cmp.Diff(before, snapshot(t, client)); diff != "" {
			t.Errorf("it changed: %s", diff)
		}
	})
}

func TestDefaultStaysOnWhileSomebodyNeedsIt(t *testing.T) {
	eachServer(t, func(t *testing.T, s dbtest.Server, client *goredis.Client) {
		refused := func(name string, snap *redis.Snapshot) {
			var invalid *bulkhead.InvalidError
			if _, err := snap.CloseDefault(production); !errors.As(err, &invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		refused("no user of production", snapshot(t, client))
		setUser(t, client, production, "on", "~*", "&*", "+@all")
		refused("production has no password", snapshot(t, client))
		setUser(t, client, production, "on", ">"+other, "~*", "+@read")
		refused("nobody else administers", snapshot(t, client))
		setUser(t, client, production, "on", ">"+other, "~*", "&*", "+@all")
		admin := connect(t, s, production, other)
		do(t, client, "PING")
		refused("a client is connected as default", snapshot(t, admin))
		_ = client.Close()

		r, err := snapshot(t, admin).CloseDefault(production)
		if err != nil {
			t.Fatal(err)
		}
		late := connect(t, s, "", "")
		do(t, late, "PING")
		if _, err := live.Apply(t.Context(), admin, r); !errors.Is(err, recipe.ErrForeign) {
			t.Errorf("a client came as default before the recipe ran: %v", err)
		}
		_ = late.Close()
		apply(t, admin, r)
		if steps := apply(t, admin, r); steps[0].Outcome != recipe.Skipped {
			t.Errorf("again: %v", steps[0].Outcome)
		}
	})
}

func TestNothingPrintsThePasswordOrItsHash(t *testing.T) {
	eachServer(t, func(t *testing.T, _ dbtest.Server, client *goredis.Client) {
		setUser(t, client, production, "on", ">"+other, "~*", "&*", "+@all")
		r, err := snapshot(t, client).Confine(staging, "staging:", password)
		if err != nil {
			t.Fatal(err)
		}
		steps := apply(t, client, r)
		asJSON, err := json.Marshal([]any{r, steps, snapshot(t, client)})
		if err != nil {
			t.Fatal(err)
		}
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		_, failure := live.Apply(cancelled, client, r)
		printed := fmt.Sprintf("%v %+v %#v %s %s %+v %#v %v %+v", r, r, r, asJSON, r.Statements[0], steps, steps, failure, snapshot(t, client))
		for _, user := range []string{staging, production} {
			hashes, ok := do(t, client, "ACL", "LIST").([]any)
			if !ok || len(hashes) != 3 {
				t.Fatalf("ACL LIST says %v", hashes)
			}
			for _, line := range hashes {
				for word := range strings.FieldsSeq(fmt.Sprint(line)) {
					if strings.HasPrefix(word, "#") && strings.Contains(printed, word[1:]) {
						t.Errorf("the hash of %s is printed", user)
					}
				}
			}
		}
		if strings.Contains(printed, password) || strings.Contains(printed, other) {
			t.Error("a password is printed")
		}
	})
}
