// SPDX-License-Identifier: Apache-2.0

package redis_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/redis"
)

// server is what a fresh server of Redis 8 says, with two users on it.
func server(staging ...string) *redis.Snapshot {
	file := bulkhead.Must(os.Open("testdata/redis-8.0.6.json"))
	defer func() { _ = file.Close() }()
	s := bulkhead.Must(redis.ReadSnapshot("redis-8.0.6.json", file))
	s.Users = []redis.User{
		{Name: "default", Rules: []string{"off"}},
		{Name: "production", Rules: []string{"on", "~*", "&*", "+@all"}, Password: true, SharesPassword: []string{}},
		{Name: "staging", Rules: staging, Password: true, SharesPassword: []string{}},
	}
	return s
}

// Rules that look tight: keys below a prefix, and nothing that Redis calls dangerous.
func ExampleSnapshot_NoAccess() {
	s := server("on", "~stag*", "-@all", "+@read", "+@write", "-@dangerous", "-@admin", "-dbsize", "-randomkey")
	proof := bulkhead.Must(s.NoAccess(redis.Boundary{
		From: redis.Side{Users: []string{"staging"}, Prefixes: []string{"staging:"}},
		Rest: true, // production's keys have no prefix of their own
	}))

	fmt.Println(proof.Verdict)
	for _, breach := range proof.Breaches {
		fmt.Println(breach.Rule)
		for _, hop := range breach.Path {
			fmt.Printf("  %s %s: %s\n", hop.Object, hop.Field, hop.Text)
		}
		fmt.Println("  " + breach.Change.Text)
	}
	// Output:
	// Breached
	// redis/lists-keys
	//   User/staging rules[3]: +@read allows scan
	//   Command/scan : lists the names of all keys, whatever the patterns
	//   run ACL SETUSER staging -scan
	// redis/changes-code
	//   User/staging rules[4]: +@write allows function|delete, and function|flush, function|load, function|restore
	//   Command/function|delete : deletes functions that production calls
	//   run ACL SETUSER staging -function|delete -function|flush -function|load -function|restore
	// redis/reads-keys
	//   User/staging rules[1]: ~stag* matches keys of production, such as "stag"
	//   User/staging rules[3]: +@read allows get
	//   Keys/everything that is not below a prefix of staging : are read
	//   run ACL SETUSER staging resetkeys ~staging:*
	// redis/writes-keys
	//   User/staging rules[1]: ~stag* matches keys of production, such as "stag"
	//   User/staging rules[4]: +@write allows set
	//   Keys/everything that is not below a prefix of staging : are changed or deleted
	//   run ACL SETUSER staging resetkeys ~staging:*
}

// The recipe is made for the server: what its version adds to a category and is not
// staging's alone is taken away again.
func ExampleSnapshot_Confine() {
	recipe := bulkhead.Must(server("off").Confine("shop", "shop-staging:", "from-a-generator-of-passwords"))
	for _, s := range recipe.Statements {
		fmt.Println(strings.ReplaceAll(s.String(), " -", "\n  -"))
		fmt.Println("to undo:", strings.Join(s.Undo, " "))
	}
	for _, open := range recipe.Open {
		fmt.Println("open:", open)
	}
	// Output:
	// ACL SETUSER shop reset #{secret} on ~shop-staging:* resetchannels &shop-staging:*
	//   -@all +@read +@write +@transaction +@connection +subscribe +unsubscribe +psubscribe +punsubscribe +publish +ssubscribe +sunsubscribe +spublish +eval +evalsha +eval_ro +evalsha_ro +script|load +script|exists
	//   -@dangerous
	//   -@admin
	//   -asking
	//   -client|caching
	//   -client|reply
	//   -client|tracking
	//   -dbsize
	//   -function|delete
	//   -function|flush
	//   -function|load
	//   -function|restore
	//   -move
	//   -randomkey
	//   -readonly
	//   -readwrite
	//   -scan
	//   -select
	// to undo: ACL DELUSER shop
	// open: the user is gone when the server starts again, unless ACL SAVE writes the users to aclfile, or redis.conf has the line of ACL LIST
	// open: memory, evictions and the one thread stay shared; see Lint
}

func ExampleSnapshot_Allows() {
	s := server("on", "~staging:*", "+@read", "(%R~shared:* +get)")
	fmt.Println(s.Allows("staging", 0, "GET", "shared:rates").Answer)
	fmt.Println(s.Allows("staging", 0, "MGET", "staging:a", "shared:rates").Answer)
	fmt.Println(s.Allows("staging", 0, "SET", "staging:a", "1").Answer)
	// Output:
	// yes
	// no
	// no
}
