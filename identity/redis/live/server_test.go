// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"github.com/watertight-go/watertight/identity/redis"
	"github.com/watertight-go/watertight/identity/redis/live"
	"github.com/watertight-go/watertight/internal/dbtest"
)

// eachServer runs a test against each server, as the default user of a fresh one.
func eachServer(t *testing.T, test func(*testing.T, dbtest.Server, *goredis.Client)) {
	t.Helper()
	t.Parallel() // servers start while others work
	dbtest.Redis(t, func(t *testing.T, s dbtest.Server) {
		t.Parallel()
		test(t, s, connect(t, s, "", ""))
	})
}

// connect opens one connection.
func connect(t *testing.T, s dbtest.Server, user, password string) *goredis.Client {
	t.Helper()
	client := goredis.NewClient(&goredis.Options{Addr: s.Address(), Username: user, Password: password, PoolSize: 1, MaxRetries: -1, DisableIdentity: true})
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// do runs a command that has to succeed.
func do(t *testing.T, client *goredis.Client, args ...string) any {
	t.Helper()
	reply, err := client.Do(t.Context(), anys(args)...).Result()
	if err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return reply
}

func anys(args []string) []any {
	out := make([]any, len(args))
	for i, arg := range args {
		out[i] = arg
	}
	return out
}

func snapshot(t *testing.T, client *goredis.Client) *redis.Snapshot {
	t.Helper()
	s, err := live.Snapshot(t.Context(), client)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// setUser makes a user anew.
func setUser(t *testing.T, client *goredis.Client, name string, rules ...string) {
	t.Helper()
	do(t, client, append([]string{"ACL", "SETUSER", name, "reset"}, rules...)...)
}
