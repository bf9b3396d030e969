// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"context"
	"fmt"
	"log"
	"os"

	goredis "github.com/redis/go-redis/v9"

	"github.com/watertight-go/watertight/identity/redis"
	"github.com/watertight-go/watertight/identity/redis/live"
)

// Confine staging, then prove it from what the server says afterwards.
func Example() {
	ctx := context.Background()
	client := goredis.NewClient(&goredis.Options{Addr: "10.0.0.3:6379", Username: "admin", Password: os.Getenv("ADMIN_PASSWORD")})
	before, err := live.Snapshot(ctx, client)
	if err != nil {
		log.Fatal(err)
	}
	recipe, err := before.Confine("staging", "staging:", os.Getenv("STAGING_PASSWORD"))
	if err != nil {
		log.Fatal(err)
	}
	for _, statement := range recipe.Statements {
		fmt.Println(statement, "--", statement.Changes) // for somebody to review
	}
	if _, err := live.Apply(ctx, client, recipe); err != nil {
		log.Fatal(err)
	}
	after, err := live.Snapshot(ctx, client)
	if err != nil {
		log.Fatal(err)
	}
	proof, err := after.NoAccess(redis.Boundary{
		From: redis.Side{Users: []string{"staging"}, Prefixes: []string{"staging:"}},
		Rest: true, // everything else is production's
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(proof.Verdict, proof.Breaches, proof.Missing)
}
