// SPDX-License-Identifier: Apache-2.0

package bqsim_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"cloud.google.com/go/bigquery"
	raw "google.golang.org/api/bigquery/v2"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/option"

	"github.com/watertight-go/watertight/dataclone/bqsim"
)

const hour = time.Hour

var start = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// serve listens with a new server and returns real clients that talk to it.
func serve(t testing.TB, options bqsim.Options) (*bqsim.Server, *bigquery.Client, *raw.Service) {
	t.Helper()
	if options.Start.IsZero() {
		options.Start = start
	}
	s := bqsim.New(options)
	url, stop, err := s.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	client, err := bigquery.NewClient(t.Context(), "stg-1", option.WithEndpoint(url), option.WithoutAuthentication())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	service, err := raw.NewService(t.Context(), option.WithEndpoint(url+"/bigquery/v2/"), option.WithoutAuthentication())
	if err != nil {
		t.Fatal(err)
	}
	return s, client, service
}

func orders() bqsim.TableRef {
	return bqsim.TableRef{Project: "prod-1", Dataset: "sales", Table: "orders"}
}

// seed makes prod-1.sales.orders with two rows, an hour apart, and an empty stg-1.stg.
func seed(t testing.TB, s *bqsim.Server, client *bigquery.Client) {
	t.Helper()
	ctx := t.Context()
	must(t, client.DatasetInProject("prod-1", "sales").Create(ctx, &bigquery.DatasetMetadata{Location: "US"}))
	must(t, client.Dataset("stg").Create(ctx, &bigquery.DatasetMetadata{Location: "US"}))
	must(t, client.DatasetInProject("prod-1", "sales").Table("orders").Create(ctx, &bigquery.TableMetadata{Schema: bigquery.Schema{
		{Name: "id", Type: bigquery.IntegerFieldType, Required: true},
		{Name: "note", Type: bigquery.StringFieldType},
	}}))
	must(t, s.Load(orders(), map[string]any{"id": 1, "note": "one"}))
	must(t, s.Advance(time.Hour))
	must(t, s.Load(orders(), map[string]any{"id": 2}))
	must(t, s.Advance(time.Hour))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// run runs a statement under a job ID and returns its status.
func run(t testing.TB, client *bigquery.Client, id, sql string) *bigquery.JobStatus {
	t.Helper()
	q := client.Query(sql)
	q.JobID = id
	job, err := q.Run(t.Context())
	must(t, err)
	status, err := job.Status(t.Context())
	must(t, err)
	return status
}

// reason is the first reason of an error of the API.
func reason(err error) string {
	var e *googleapi.Error
	if !errors.As(err, &e) || len(e.Errors) == 0 {
		return fmt.Sprintf("no API error: %v", err)
	}
	return e.Errors[0].Reason
}
