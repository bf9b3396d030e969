// SPDX-License-Identifier: Apache-2.0

package redis_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/redis"
)

// A pattern over a small alphabet, so that all short texts can be tried.
func patterns() *rapid.Generator[string] {
	return rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", ":", "*", "?", "[ab]", "[^a]", "[b-a]", `\a`, `\*`, "[", "[a", "[^", "[]", "[^]"}), 1, 6),
		func(parts []string) string { return strings.Join(parts, "") })
}

// texts returns all texts of an alphabet up to a length.
func texts(alphabet string, length int) []string {
	out := []string{""}
	for first := 0; length > 0; length-- {
		last := len(out)
		for ; first < last; first++ {
			for _, c := range alphabet {
				out = append(out, out[first]+string(c))
			}
		}
	}
	return out[1:]
}

// TestPatternsAreAskedAllTexts compares the proof with trying every short key, each by
// the question that the server answers too.
func TestPatternsAreAskedAllTexts(t *testing.T) {
	small := commands(t, "get")
	keys := texts("ab:*c[", 4)
	rapid.Check(t, func(t *rapid.T) {
		// A single * is all keys, the empty one too, which is none of the texts.
		pattern := patterns().Filter(func(p string) bool { return p != "*" }).Draw(t, "pattern")
		b := boundary()
		b.From.Prefixes, b.Away.Prefixes = []string{"b:"}, []string{"ab"}
		b.Rest = rapid.Bool().Draw(t, "rest")
		s := small("on", "~"+pattern, "+get")
		isProductions := func(key string) bool {
			return strings.HasPrefix(key, "ab") || b.Rest && !strings.HasPrefix(key, "b:")
		}
		tried := false
		for _, key := range keys {
			tried = tried || isProductions(key) && s.Allows("stg", 0, "get", key).Answer == identity.Yes
		}
		proof, err := s.NoAccess(b)
		if err != nil {
			t.Fatal(err)
		}
		if tried && proof.Verdict != bulkhead.Breached {
			t.Fatalf("%q: a key of production can be read, and the proof says %v", pattern, proof.Verdict)
		}
		if proof.Verdict == bulkhead.Breached {
			text := proof.Breaches[0].Path[0].Text
			key, err := strconv.Unquote(text[strings.Index(text, "such as ")+len("such as "):])
			if err != nil || s.Allows("stg", 0, "get", key).Answer != identity.Yes {
				t.Fatalf("%q: the proof names %q, which cannot be read (%v)", pattern, key, err)
			}
			if !isProductions(key) {
				t.Fatalf("%q: the proof names %q, which is not production's", pattern, key)
			}
		}
	})
}

// commands returns a maker of servers that have a few commands only.
func commands(t testing.TB, names ...string) func(rules ...string) *redis.Snapshot {
	whole := stored(t, redis8)
	few := slices.DeleteFunc(whole.Commands, func(c redis.Command) bool { return !slices.Contains(names, c.Name) })
	return func(rules ...string) *redis.Snapshot {
		return &redis.Snapshot{
			Kind: redis.SnapshotKind, Commands: few, Config: whole.Config,
			Users: []redis.User{{Name: "stg", Rules: rules, Password: true, SharesPassword: []string{}}},
		}
	}
}

func rules() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{
		"+@read", "+@write", "+@slow", "+@fast", "+@pubsub", "-@dangerous", "-@admin", "+scan", "-scan", "+get", "+set", "-get", "+client", "-client|kill",
		"~stg:*", "~*:stg:*", "~st*", "%R~prod:*", "%W~p*", "resetkeys", "&stg:*", "&*", "resetchannels", "&__key*", "(~prod:* +get)", "(+flushall)", "clearselectors",
		"+@all", "-@all", "db=1", "db=0", "+flushall", "&__keyspace@20__:*", "+mget|stg:a", "+publish", "alldbs", "+function|flush", "+get|prod:a", "nopass", "on", "off", "%X~a", "+nosuch",
	})
}

// grants are rules that only add.
func grants() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"+@read", "+@write", "+@all", "+scan", "+get", "+client", "(~prod:* +get)", "(~* &* +@all)", "+function|flush", "on", "alldbs"})
}

func servers(t *rapid.T, all []*redis.Snapshot) *redis.Snapshot {
	s := *rapid.SampledFrom(all).Draw(t, "server")
	s.Users = nil
	for _, name := range []string{"stg", "prod", "default", "other"} {
		s.Users = append(s.Users, redis.User{Name: name, Rules: rapid.SliceOfN(rules(), 0, 8).Draw(t, name), Password: true, SharesPassword: []string{}})
	}
	s.Config = map[string]string{
		"acl-pubsub-default":     rapid.SampledFrom([]string{"allchannels", "resetchannels"}).Draw(t, "default"),
		"notify-keyspace-events": rapid.SampledFrom([]string{"", "AKE"}).Draw(t, "events"),
		"databases":              rapid.SampledFrom([]string{"1", "2", "16", "32"}).Draw(t, "databases"),
	}
	s.Connections = map[string]int{"default": rapid.IntRange(0, 1).Draw(t, "connections")}
	return &s
}

func threeServers(t testing.TB) []*redis.Snapshot {
	return []*redis.Snapshot{stored(t, redis7), stored(t, redis8), stored(t, valkey)}
}

func verdict(t *rapid.T, s *redis.Snapshot) bulkhead.Verdict {
	proof, err := s.NoAccess(boundary())
	if err != nil {
		t.Fatal(err)
	}
	return proof.Verdict
}

func TestMoreGrantsNeverSeal(t *testing.T) {
	all := threeServers(t)
	rapid.Check(t, func(t *rapid.T) {
		s := servers(t, all)
		more := *s
		more.Users = slices.Clone(s.Users)
		at := rapid.IntRange(0, 3).Draw(t, "user")
		grant := grants().Draw(t, "grant")
		more.Users[at].Rules = append(slices.Clone(s.Users[at].Rules), grant)
		before, after := verdict(t, s), verdict(t, &more)
		if before != bulkhead.Sealed && after == bulkhead.Sealed || before == bulkhead.Breached && after != bulkhead.Breached {
			t.Fatalf("%q to %s: from %v to %v", grant, s.Users[at].Name, before, after)
		}
	})
}

func TestLessEvidenceNeverSeals(t *testing.T) {
	all := threeServers(t)
	rapid.Check(t, func(t *rapid.T) {
		s := servers(t, all)
		less := *s
		switch rapid.IntRange(0, 5).Draw(t, "gone") {
		case 0:
			less.Users = nil
		case 1:
			less.Commands = nil
		case 2:
			less.Config = nil
		case 3:
			less.Connections = nil
		case 4:
			less.Users = slices.Clone(s.Users)
			less.Users[0].SharesPassword = nil
		default:
			less.Users = slices.DeleteFunc(slices.Clone(s.Users), func(u redis.User) bool { return u.Name == "stg" })
		}
		if before, after := verdict(t, s), verdict(t, &less); before != bulkhead.Sealed && after == bulkhead.Sealed {
			t.Fatalf("from %v to %v", before, after)
		}
	})
}

func TestTheOrderOfTheSnapshotDoesNotMatter(t *testing.T) {
	all := threeServers(t)
	rapid.Check(t, func(t *rapid.T) {
		s := servers(t, all)
		first, err := s.NoAccess(boundary())
		if err != nil {
			t.Fatal(err)
		}
		findings, err := s.Lint(boundary())
		if err != nil {
			t.Fatal(err)
		}
		other := *s
		other.Users, other.Commands = slices.Clone(s.Users), slices.Clone(s.Commands)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		random.Shuffle(len(other.Users), func(i, k int) { other.Users[i], other.Users[k] = other.Users[k], other.Users[i] })
		random.Shuffle(len(other.Commands), func(i, k int) { other.Commands[i], other.Commands[k] = other.Commands[k], other.Commands[i] })
		second, err := other.NoAccess(boundary())
		if err != nil {
			t.Fatal(err)
		}
		again, err := other.Lint(boundary())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, second) + cmp.Diff(findings, again); diff != "" {
			t.Fatal(diff)
		}
	})
}
