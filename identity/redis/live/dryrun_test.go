// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/redis"
	"github.com/watertight-go/watertight/internal/dbtest"
)

// TestAllowsIsWhatTheServerSays asks the server and us the same questions about random
// users: every command with the right number of arguments, random keys and channels.
func TestAllowsIsWhatTheServerSays(t *testing.T) {
	eachServer(t, func(t *testing.T, s dbtest.Server, client *goredis.Client) {
		rounds, calls := 10, 800
		if testing.Short() {
			rounds = 2
		}
		seed := rand.Uint64()
		random := randomUser{rand.New(rand.NewPCG(seed, 1)), snapshot(t, client).Commands, strings.HasPrefix(s.Version, "Valkey")}
		asked, undecided, allowed := 0, 0, 0
		for range rounds {
			rules := random.rules(client, t)
			snap := snapshot(t, client)
			at := slices.IndexFunc(snap.Users, func(u redis.User) bool { return u.Name == "u" })
			asks := make([][]string, calls)
			for i := range asks {
				asks[i] = random.call()
			}
			for i, want := range dryRun(t, client, "u", asks) {
				if want == refused {
					continue
				}
				asked++
				got := snap.Allows("u", 0, asks[i]...)
				switch got.Answer {
				case identity.Unknown:
					undecided++
				case identity.Yes:
					allowed++
				case identity.No:
				}
				if got.Answer != identity.Unknown && (got.Answer == identity.Yes) != (want == yes) {
					t.Fatalf("seed %d: %q: we say %v (%s), the server %v\nset with %q\nlisted as %q", seed, asks[i], got.Answer, got.Why, want, rules, snap.Users[at].Rules)
				}
			}
		}
		t.Logf("%d questions, %d allowed, %d that only the server can tell", asked, allowed, undecided)
		if undecided*20 > asked || allowed*20 < asked {
			t.Errorf("the questions tell little: %d of %d undecided, %d allowed", undecided, asked, allowed)
		}
	})
}

// What ACL DRYRUN says.
type dryRunAnswer string

const (
	yes     dryRunAnswer = "yes"
	no      dryRunAnswer = "no"
	refused dryRunAnswer = "refused" // the call is none
)

// dryRun asks the server whether a user may make each of the calls.
func dryRun(t *testing.T, client *goredis.Client, user string, calls [][]string) []dryRunAnswer {
	t.Helper()
	pipe := client.Pipeline()
	replies := make([]*goredis.Cmd, len(calls))
	for i, call := range calls {
		replies[i] = pipe.Do(t.Context(), anys(append([]string{"ACL", "DRYRUN", user}, call...))...)
	}
	_, _ = pipe.Exec(t.Context()) // each reply has its own error
	out := make([]dryRunAnswer, len(calls))
	for i, reply := range replies {
		said, err := reply.Result()
		switch {
		case err == nil && said == "OK":
			out[i] = yes
		case err == nil:
			out[i] = no
		case strings.Contains(err.Error(), "wrong number of arguments"), strings.Contains(err.Error(), "not found"):
			out[i] = refused
		default:
			t.Fatalf("ACL DRYRUN %s %q: %v", user, calls[i], err)
		}
	}
	return out
}

type randomUser struct {
	*rand.Rand
	commands  []redis.Command
	databases bool // the server has rules about databases
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

func (r randomUser) glob() string {
	var b strings.Builder
	for range 1 + r.IntN(4) {
		b.WriteString(pick(r.Rand, "a", "b", ":", "*", "?", "[ab]", "[^a]", "[a-c", "[c-a]", `\*`, `\`, "ab:", "a*b", "[", "]", "-", "**", `[\]]`, `[a\-c]`, "[]", "[^]"))
	}
	return b.String()
}

func (r randomUser) key() string {
	var b strings.Builder
	for range 1 + r.IntN(5) {
		b.WriteString(pick(r.Rand, "a", "b", "c", ":", "*", "-", "]", `\`, "ab:"))
	}
	return b.String()
}

// rules gives user u rules that the server takes.
func (r randomUser) rules(client *goredis.Client, t *testing.T) []string {
	t.Helper()
	setUser(t, client, "u", "on", "nopass")
	var taken []string
	for range 3 + r.IntN(12) {
		rule := r.rule(0)
		if err := client.Do(t.Context(), "ACL", "SETUSER", "u", rule).Err(); err == nil {
			taken = append(taken, rule)
		}
	}
	return taken
}

func (r randomUser) rule(depth int) string {
	sign := pick(r.Rand, "+", "+", "-")
	switch r.IntN(15) {
	case 0, 1, 2:
		return sign + "@" + pick(r.Rand, "all", "read", "write", "slow", "fast", "dangerous", "admin", "keyspace", "string", "pubsub", "connection", "scripting", "stream", "set", "geo")
	case 3, 4:
		return sign + pick(r.Rand, r.commands...).Name
	case 5, 6:
		return pick(r.Rand, "~", "~", "%R~", "%W~", "%RW~", "%wr~") + r.glob()
	case 7:
		return "&" + r.glob()
	case 8:
		return pick(r.Rand, "allkeys", "resetkeys", "~*", "allchannels", "resetchannels", "&*", "+@all")
	case 9:
		return "+" + pick(r.Rand, "select|0", "get|ab:", "set|a", "debug|object", "publish|a", "config|get", "client|list", "GET|AB:")
	case 10:
		if r.databases {
			return pick(r.Rand, "db=0", "db=1,2", "alldbs", "resetdbs", "db=0,3", "alldbs")
		}
		return "~" + r.glob()
	case 11, 12, 13:
		if depth > 0 {
			return "~ab:*"
		}
		inner := make([]string, 1+r.IntN(5))
		for i := range inner {
			inner[i] = r.rule(1)
		}
		return "(" + strings.Join(inner, " ") + ")"
	default:
		return pick(r.Rand, "on", "clearselectors", "nocommands", "allcommands", "sanitize-payload", "skip-sanitize-payload")
	}
}

// call returns a call of a random command. About half of them name keys where the
// command looks for them; the others are noise that has the right length.
func (r randomUser) call() []string {
	c := pick(r.Rand, r.commands...)
	call := strings.Split(c.Name, "|")
	length := max(c.Arity, -c.Arity)
	if c.Arity < 0 {
		length += r.IntN(4)
	}
	for len(call) < length {
		call = append(call, pick(r.Rand, r.key(), r.key(), r.key(), strconv.Itoa(r.IntN(3)), "STORE", "GET", "BY", "KEYS", "DB"))
	}
	for _, k := range c.Keys {
		switch {
		case k.KeyNum != nil && k.Index+k.KeyNum.KeyNumIdx < len(call) && k.Keyword == "":
			n := r.IntN(3)
			call[k.Index+k.KeyNum.KeyNumIdx] = strconv.Itoa(n)
			for len(call) < k.Index+k.KeyNum.FirstKey+n {
				call = append(call, r.key())
			}
		case k.Keyword != "" && k.StartFrom > 0 && r.IntN(2) == 0:
			call = append(call, k.Keyword, r.key(), r.key())
		}
	}
	for i := range call {
		if i > 0 && call[i] == "" {
			call[i] = fmt.Sprint("a", i)
		}
	}
	return call
}
