// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/postgres"
	"github.com/watertight-go/watertight/identity/postgres/live"
)

func ExampleSnapshot() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	config := bulkhead.Must(pgx.ParseConfig("host=10.0.0.5 user=auditor dbname=postgres"))
	snapshot, err := live.Snapshot(ctx, config)
	if err != nil {
		fmt.Println(err)
		return
	}
	proof, err := snapshot.NoAccess(postgres.Boundary{
		From: []string{"stg_app"},
		Away: postgres.Production{Roles: []string{"prod_app"}, Databases: []string{"app_prod"}},
	})
	fmt.Println(proof.Verdict, err)
}

func ExampleApply() {
	ctx := context.Background()
	config := bulkhead.Must(pgx.ParseConfig("host=10.0.0.5 user=postgres dbname=postgres"))
	snapshot := bulkhead.Must(live.Snapshot(ctx, config))
	recipe := bulkhead.Must(snapshot.SeparateDatabase(postgres.Plan{
		Owner: "stg_owner", Users: []postgres.User{{Name: "stg_app", Connections: 5}},
		Database: "app_stg", Connections: 10, Schema: "app",
		Away: postgres.Production{Roles: []string{"prod_app"}, Databases: []string{"app_prod"}},
	}))
	steps, err := live.Apply(ctx, config, recipe.Statements)
	for _, step := range steps {
		fmt.Println(step.Outcome, step.Statement)
	}
	fmt.Println(err)
}
