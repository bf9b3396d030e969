// SPDX-License-Identifier: Apache-2.0

package bqsim_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"cloud.google.com/go/bigquery"
	"google.golang.org/api/option"

	"github.com/watertight-go/watertight/dataclone/bqsim"
)

// The real client clones a table as it was an hour ago.
func Example() {
	ctx := context.Background()
	server := bqsim.New(bqsim.Options{Start: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)})
	url, stop, err := server.Listen()
	check(err)
	defer func() { check(stop()) }()
	client, err := bigquery.NewClient(ctx, "prod-1", option.WithEndpoint(url), option.WithoutAuthentication())
	check(err)

	sales, staging := client.Dataset("sales"), client.DatasetInProject("stg-1", "stg")
	check(sales.Create(ctx, &bigquery.DatasetMetadata{Location: "EU"}))
	check(staging.Create(ctx, &bigquery.DatasetMetadata{Location: "EU"}))
	check(sales.Table("orders").Create(ctx, &bigquery.TableMetadata{Schema: bigquery.Schema{{Name: "id", Type: bigquery.IntegerFieldType}}}))
	orders := bqsim.TableRef{Project: "prod-1", Dataset: "sales", Table: "orders"}
	check(server.Load(orders, map[string]any{"id": 1}))
	check(server.Advance(2 * time.Hour))
	check(server.Load(orders, map[string]any{"id": 2}))

	before := server.StoredBytes()
	asOf := server.Now().Add(-time.Hour)
	copier := staging.Table("orders").CopierFrom(sales.Table(fmt.Sprintf("orders@%d", asOf.UnixMilli())))
	copier.OperationType = bigquery.CloneOperation
	job, err := copier.Run(ctx)
	check(err)
	check(job.LastStatus().Err())

	clone, err := staging.Table("orders").Metadata(ctx)
	check(err)
	fmt.Println("rows:", clone.NumRows)
	fmt.Println("as of:", clone.CloneDefinition.CloneTime.Format(time.RFC3339))
	fmt.Println("stored for it:", server.StoredBytes()-before, "bytes")
	writes := server.Writes()
	fmt.Println("written last:", writes[len(writes)-1].Target)
	// Output:
	// rows: 1
	// as of: 2026-11-22T13:00:00Z
	// stored for it: 0 bytes
	// written last: stg-1.stg.orders
}

// The second call of datasets.list fails, and the client has to try again.
func ExampleServer_Inject() {
	server := bqsim.New(bqsim.Options{})
	url, stop, err := server.Listen()
	check(err)
	defer func() { check(stop()) }()
	server.Inject(bqsim.Fault{Kind: bqsim.Unavailable, Method: "datasets.list", Skip: 1})
	for range 3 {
		answer, err := http.Get(url + "/projects/prod-1/datasets")
		check(err)
		check(answer.Body.Close())
		fmt.Println(answer.Status)
	}
	// Output:
	// 200 OK
	// 503 Service Unavailable
	// 200 OK
}

// Nobody may read the rows of production but its own account.
func ExampleServer_Deny() {
	server := bqsim.New(bqsim.Options{})
	rows := bqsim.Access{Permission: "bigquery.tables.getData", Resource: "projects/prod-1"}
	server.Deny(rows)
	rows.Principal = "batch@prod-1.iam.gserviceaccount.com"
	server.Grant(rows)

	for _, principal := range []string{"ci@stg-1.iam.gserviceaccount.com", rows.Principal} {
		request := httptest.NewRequest("POST", "/projects/prod-1/datasets/sales/tables/orders:testIamPermissions",
			strings.NewReader(`{"permissions":["bigquery.tables.get","bigquery.tables.getData"]}`))
		request.Header.Set("Authorization", "Bearer "+principal)
		answer := httptest.NewRecorder()
		server.ServeHTTP(answer, request)
		fmt.Println(answer.Body)
	}
	// Output:
	// {"permissions":["bigquery.tables.get"]}
	// {"permissions":["bigquery.tables.get","bigquery.tables.getData"]}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
