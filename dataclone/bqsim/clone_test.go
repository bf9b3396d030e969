// SPDX-License-Identifier: Apache-2.0

package bqsim_test

import (
	"fmt"
	"testing"
	"time"

	"cloud.google.com/go/bigquery"

	"github.com/watertight-go/watertight/dataclone/bqsim"
)

func TestStatementClonesAsOfATimeWithoutStoringAByte(t *testing.T) {
	s, client, _ := serve(t, bqsim.Options{})
	seed(t, s, client)
	before := s.StoredBytes()
	asOf, expires := start.Add(30*time.Minute), start.Add(48*time.Hour)
	status := run(t, client, "j1", fmt.Sprintf("CREATE TABLE `stg-1.stg.orders` CLONE `prod-1.sales.orders` "+
		"FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(%d) OPTIONS(expiration_timestamp=TIMESTAMP_MILLIS(%d), labels=[(\"managed-by\",\"watertight\")])",
		asOf.UnixMilli(), expires.UnixMilli()))
	must(t, status.Err())

	meta, err := client.Dataset("stg").Table("orders").Metadata(t.Context())
	must(t, err)
	if meta.NumRows != 1 || !meta.CloneDefinition.CloneTime.Equal(asOf) || meta.CloneDefinition.BaseTableReference.ProjectID != "prod-1" {
		t.Errorf("clone has %d rows, definition %+v", meta.NumRows, meta.CloneDefinition)
	}
	if !meta.ExpirationTime.Equal(expires) || meta.Labels["managed-by"] != "watertight" || meta.Type != bigquery.RegularTable {
		t.Errorf("clone expires %v, has labels %v, type %v", meta.ExpirationTime, meta.Labels, meta.Type)
	}
	if after := s.StoredBytes(); after != before {
		t.Errorf("stored bytes: %d before the clone, %d after it", before, after)
	}
	var row []bigquery.Value
	must(t, client.Dataset("stg").Table("orders").Read(t.Context()).Next(&row))
	if row[0] != int64(1) || row[1] != "one" {
		t.Errorf("first row of the clone: %v", row)
	}
	// What is written to the clone stays there.
	must(t, s.Load(bqsim.TableRef{Project: "stg-1", Dataset: "stg", Table: "orders"}, map[string]any{"id": 3}))
	source, err := client.DatasetInProject("prod-1", "sales").Table("orders").Metadata(t.Context())
	must(t, err)
	if source.NumRows != 2 {
		t.Errorf("source has %d rows after a write to the clone", source.NumRows)
	}
	must(t, s.Advance(48*time.Hour))
	if _, err := client.Dataset("stg").Table("orders").Metadata(t.Context()); reason(err) != "notFound" {
		t.Errorf("expired clone: %v", err)
	}
}

func TestSecondCloneAndSecondJobAreDuplicates(t *testing.T) {
	s, client, _ := serve(t, bqsim.Options{})
	seed(t, s, client)
	clone := func(id string) (*bigquery.Job, error) {
		c := client.Dataset("stg").Table("orders").CopierFrom(client.DatasetInProject("prod-1", "sales").Table("orders"))
		c.OperationType, c.JobID = bigquery.CloneOperation, id
		return c.Run(t.Context())
	}
	job, err := clone("a")
	must(t, err)
	must(t, job.LastStatus().Err())
	if _, err := clone("a"); reason(err) != "duplicate" {
		t.Errorf("same job ID: %v", err)
	}
	job, err = clone("b")
	must(t, err)
	if status := job.LastStatus(); status.Err() == nil || status.Errors[0].Reason != "duplicate" {
		t.Errorf("same destination: %+v", status)
	}
}
