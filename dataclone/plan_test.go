// SPDX-License-Identifier: Apache-2.0

package dataclone_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/watertight-go/watertight/dataclone"
)

// A plan that was written and read again is the same plan, under the same hash.
func TestPlanSurvivesJSON(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	sales := dataclone.DatasetRef{Project: "prod-1", Dataset: "sales"}
	staging := dataclone.DatasetRef{Project: "stg-one", Dataset: "sales"}
	catalog := dataclone.Catalog{Now: now, Datasets: []dataclone.Dataset{
		{Ref: sales, Location: "US", Tables: []dataclone.Table{{Ref: sales.Table("orders"), Type: dataclone.StandardTable, ETag: "a"}}},
		{Ref: staging, Absent: true},
	}}
	plan := dataclone.PlanDataset(catalog, dataclone.Request{Environment: "staging", TTL: time.Hour}, dataclone.Mapping{From: sales, To: staging})
	plan.ReadUntil = now
	var text bytes.Buffer
	if err := plan.WriteJSON(&text); err != nil {
		t.Fatal(err)
	}
	t.Log(text.String())
	again, err := dataclone.ReadPlan(&text)
	if err != nil {
		t.Fatal(err)
	}
	if again.Hash() != plan.Hash() {
		t.Errorf("hash %s, want %s", again.Hash(), plan.Hash())
	}
	for _, s := range plan.Steps {
		t.Log(plan.SQL(s, plan.Mark()))
	}
}
