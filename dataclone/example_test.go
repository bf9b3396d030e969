// SPDX-License-Identifier: Apache-2.0

package dataclone_test

import (
	"fmt"
	"os"
	"time"

	"github.com/watertight-go/watertight/dataclone"
)

// catalogOfSales is what package bqclone would have read.
func catalogOfSales() (dataclone.Catalog, dataclone.Mapping) {
	sales := dataclone.DatasetRef{Project: "prod-1", Dataset: "sales"}
	staging := dataclone.DatasetRef{Project: "stg-one", Dataset: "sales"}
	orders := dataclone.Table{
		Ref: sales.Table("orders"), Type: dataclone.StandardTable, Bytes: 5 << 30,
		Created:  time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		Buffer:   &dataclone.StreamingBuffer{Rows: 120, Oldest: time.Date(2026, 11, 22, 11, 50, 0, 0, time.UTC)},
		Policies: &dataclone.RowPolicies{}, Options: &dataclone.TableOptions{},
	}
	revenue := dataclone.Table{
		Ref: sales.Table("revenue"), Type: dataclone.LogicalView,
		View: &dataclone.View{Query: "SELECT SUM(amount) AS revenue FROM sales.orders -- all of them"},
	}
	return dataclone.Catalog{Now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), Datasets: []dataclone.Dataset{
		{Ref: sales, Location: "US", Organization: "1", Tables: []dataclone.Table{orders, revenue}, Routines: []dataclone.Routine{}, Models: []string{"churn"}},
		{Ref: staging, Absent: true, Organization: "1"},
	}}, dataclone.Mapping{From: sales, To: staging}
}

// A plan is read before it is run.
func ExamplePlanDataset() {
	catalog, mapping := catalogOfSales()
	plan := dataclone.PlanDataset(catalog, dataclone.Request{
		Environment: "staging",
		TTL:         24 * time.Hour,
		Protect:     dataclone.Protection{Patterns: []string{"prod-*"}},
	}, mapping)
	if err := plan.WriteSummary(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// clone of prod-1.sales in stg-one.sales
	// all tables as of 2026-11-22T11:59:00Z
	// expires 2026-11-23T12:00:00Z; can be run until 2026-11-29T11:59:00Z
	// create-dataset, 1: stg-one.sales
	// clone, 1: stg-one.sales.orders
	// create-view, 1: stg-one.sales.revenue
	// left out: prod-1.sales.churn: it is a model, and models are not cloned
	// cost: no storage at first, whatever the size (5.0 GiB); then that of what is changed or deleted on either side, up to all of it, until 2026-11-23T12:00:00Z
	// warning: Table/prod-1/sales.orders streamingBuffer: about 120 rows are in the streaming buffer, and a clone has none of those; plan again when they have left the buffer, if they matter (dataclone/streaming-buffer-excluded)
	// hash 92b29435ee423d0b98dda6a66a2576a455021c3f234ec330d8d90d0573692f4a
}

// Whoever would rather run it by hand gets a script.
func ExamplePlan_WriteScript() {
	catalog, mapping := catalogOfSales()
	plan := dataclone.PlanDataset(catalog, dataclone.Request{Environment: "staging", TTL: 24 * time.Hour}, mapping)
	if err := plan.WriteScript(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// -- plan b3640fe9b5b3cb6ec6602d9d2af507867ad6173b3d81597388244f19d108afb1, for staging
	//
	// -- step 00001, create-dataset
	// CREATE SCHEMA `stg-one.sales` OPTIONS(location="US", labels=[("managed-by", "watertight"), ("watertight-environment", "staging"), ("watertight-plan", "b3640fe9b5b3cb6ec6602d9d2af50786")]);
	//
	// -- step 00002, clone
	// CREATE TABLE `stg-one.sales.orders` CLONE `prod-1.sales.orders` FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(1795348740000) OPTIONS(expiration_timestamp=TIMESTAMP_MILLIS(1795435200000), labels=[("managed-by", "watertight"), ("watertight-environment", "staging"), ("watertight-plan", "b3640fe9b5b3cb6ec6602d9d2af50786")]);
	//
	// -- step 00003, create-view
	// CREATE VIEW `stg-one.sales.revenue` OPTIONS(expiration_timestamp=TIMESTAMP_MILLIS(1795435200000), labels=[("managed-by", "watertight"), ("watertight-environment", "staging"), ("watertight-plan", "b3640fe9b5b3cb6ec6602d9d2af50786")]) AS
	// SELECT SUM(amount) AS revenue FROM `stg-one`.`sales`.orders -- all of them
	// ;
}
