// SPDX-License-Identifier: Apache-2.0

package bqclone_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"cloud.google.com/go/bigquery"
	"google.golang.org/api/option"

	"github.com/watertight-go/watertight/dataclone"
	"github.com/watertight-go/watertight/dataclone/bqclone"
	"github.com/watertight-go/watertight/dataclone/bqsim"
)

// A dataset of production is planned, cloned, verified and dropped again, on a BigQuery
// in memory. With a real one, New takes no endpoint.
func Example() {
	ctx := context.Background()
	simulated, endpoint, stop := production(ctx)
	defer stop()

	client, err := bqclone.New(ctx, "stg-shop", bqclone.Options{Protect: dataclone.Protection{Patterns: []string{"prod-*"}}}, endpoint...)
	check(err)
	from := dataclone.DatasetRef{Project: "prod-shop", Dataset: "sales"}
	to := dataclone.DatasetRef{Project: "stg-shop", Dataset: "sales"}
	catalog, err := client.Read(ctx, from, to)
	check(err)
	request := dataclone.Request{Environment: "staging", TTL: 24 * time.Hour}
	plan := dataclone.PlanDataset(catalog, request, dataclone.Mapping{From: from, To: to})
	approved := plan.Hash() // what somebody who read the plan says

	before := simulated.StoredBytes()
	for event, err := range client.Run(ctx, plan, approved) {
		check(err)
		fmt.Printf("%s of stage %d: %s\n", event.Step.Kind, event.Step.Stage, event.State)
	}
	fmt.Println("stored for it:", simulated.StoredBytes()-before, "bytes")

	results, err := client.Verify(ctx, plan, bqclone.Fingerprints, 1<<30)
	check(err)
	for _, r := range results {
		fmt.Println(r.Destination, "is like its source:", r.Equal)
	}
	for removal, err := range client.Drop(ctx, "staging", to) {
		check(err)
		fmt.Println(removal)
	}
	// Output:
	// create-dataset of stage 0: done
	// clone of stage 1: done
	// create-view of stage 2: done
	// stored for it: 0 bytes
	// stg-shop.sales.orders is like its source: true
	// table stg-shop.sales.newest: deleted
	// table stg-shop.sales.orders: deleted
	// dataset stg-shop.sales: deleted
}

// production is a BigQuery in memory with one dataset, and what a client needs to
// call it.
func production(ctx context.Context) (simulated *bqsim.Server, endpoint []option.ClientOption, stop func()) {
	simulated = bqsim.New(bqsim.Options{Start: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)})
	url, closeServer, err := simulated.Listen()
	check(err)
	endpoint = []option.ClientOption{option.WithEndpoint(url), option.WithoutAuthentication()}
	user, err := bigquery.NewClient(ctx, "prod-shop", endpoint...)
	check(err)
	sales := user.Dataset("sales")
	check(sales.Create(ctx, &bigquery.DatasetMetadata{Location: "EU"}))
	check(sales.Table("orders").Create(ctx, &bigquery.TableMetadata{Schema: bigquery.Schema{{Name: "id", Type: bigquery.IntegerFieldType}}}))
	check(sales.Table("newest").Create(ctx, &bigquery.TableMetadata{ViewQuery: "SELECT MAX(id) AS id FROM `prod-shop.sales.orders`"}))
	check(simulated.Load(bqsim.TableRef{Project: "prod-shop", Dataset: "sales", Table: "orders"}, map[string]any{"id": 1}))
	check(simulated.Advance(time.Hour))
	return simulated, endpoint, func() { check(closeServer()) }
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
