// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/redis"
	"github.com/watertight-go/watertight/identity/redis/live"
	"github.com/watertight-go/watertight/internal/dbtest"
)

// TestNamesArriveAsTheyAre makes users and prefixes of any characters: each is refused,
// or is on the server letter by letter, and what is confined is sealed.
func TestNamesArriveAsTheyAre(t *testing.T) {
	eachServer(t, func(t *testing.T, _ dbtest.Server, client *goredis.Client) {
		fresh := snapshot(t, client)
		fresh.Users = nil
		odd := rapid.OneOf(
			rapid.StringN(1, 12, 40),
			rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]string{
				"a", "user", " ", "\n", "\x00", "\xff", "\uFFFD", `"`, "'", `\`, "(", ")", "~", "*", "?", "[", "]", "^", ":", "+@all", ">x", "#", "é", "{}", "%RW~", "$", ";", "default",
			}), 1, 5), func(parts []string) string { return strings.Join(parts, "") }),
		)
		rapid.Check(t, func(t *rapid.T) {
			user, prefix := odd.Draw(t, "user"), odd.Draw(t, "prefix")+":"
			now := *fresh
			now.Users = []redis.User{}
			r, err := now.Confine(user, prefix, password)
			if err != nil {
				if _, ok := errors.AsType[*bulkhead.InvalidError](err); !ok {
					t.Fatal(err)
				}
				return
			}
			if _, err := live.Apply(t.Context(), client, r); err != nil {
				t.Fatalf("user %q, prefix %q: %v", user, prefix, err)
			}
			defer client.Do(t.Context(), "ACL", "DELUSER", user)
			s, err := live.Snapshot(t.Context(), client)
			if err != nil {
				t.Fatal(err)
			}
			at := slices.IndexFunc(s.Users, func(u redis.User) bool { return u.Name == user })
			if at < 0 || !slices.Contains(s.Users[at].Rules, "~"+prefix+"*") || !slices.Contains(s.Users[at].Rules, "&"+prefix+"*") {
				t.Fatalf("user %q, prefix %q: the server has %v", user, prefix, s.Users)
			}
			s.Users = s.Users[at : at+1] // default, which is open here, is another matter
			proof, err := s.NoAccess(redis.Boundary{From: redis.Side{Users: []string{user}, Prefixes: []string{prefix}}, Rest: true})
			if err != nil || proof.Verdict != bulkhead.Sealed {
				t.Fatalf("user %q, prefix %q: %+v, %v", user, prefix, proof, err)
			}
		})
	})
}
