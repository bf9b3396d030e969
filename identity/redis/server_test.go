// SPDX-License-Identifier: Apache-2.0

package redis_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/redis"
)

// Snapshots of fresh servers, which a test of package live keeps up to date.
const (
	redis7 = "redis-7.0.15"
	redis8 = "redis-8.0.6"
	valkey = "valkey-9.1.2"
)

func stored(t testing.TB, name string) *redis.Snapshot {
	t.Helper()
	path := filepath.Join("testdata", name+".json")
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	s, err := redis.ReadSnapshot(path, file)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// with returns a server on which default is off and staging has some rules.
func with(t testing.TB, name string, rules ...string) *redis.Snapshot {
	t.Helper()
	s := stored(t, name)
	s.Users = []redis.User{
		{Name: "default", Rules: []string{"off"}},
		{Name: "prod", Rules: []string{"on", "~*", "&*", "+@all"}, Password: true, SharesPassword: []string{}},
		{Name: "stg", Rules: append([]string{"on"}, rules...), Password: true, SharesPassword: []string{}},
	}
	return s
}

func boundary() redis.Boundary {
	return redis.Boundary{
		From: redis.Side{Users: []string{"stg"}, Prefixes: []string{"stg:"}},
		Away: redis.Side{Users: []string{"prod"}, Prefixes: []string{"prod:"}},
	}
}

func prove(t testing.TB, s *redis.Snapshot, b redis.Boundary) bulkhead.Proof {
	t.Helper()
	proof, err := s.NoAccess(b)
	if err != nil {
		t.Fatal(err)
	}
	return proof
}

// rulesOf returns the rules of breaches, sorted, each once.
func rulesOf(proof bulkhead.Proof) []string {
	var out []string
	for _, b := range proof.Breaches {
		out = append(out, b.Rule)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
