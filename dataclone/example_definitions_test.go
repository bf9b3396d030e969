// SPDX-License-Identifier: Apache-2.0

package dataclone_test

import (
	"fmt"
	"time"

	"github.com/watertight-go/watertight/dataclone"
)

// A table with personal data is cloned to where nobody looks, and a view takes its
// place. The view of production is made again over that view.
func ExamplePlanDataset_maskedViews() {
	sales := dataclone.DatasetRef{Project: "prod-1", Dataset: "sales"}
	staging := dataclone.DatasetRef{Project: "stg-one", Dataset: "sales"}
	private := dataclone.DatasetRef{Project: "stg-one", Dataset: "private"}
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	catalog := dataclone.Catalog{Now: now, Datasets: []dataclone.Dataset{
		{Ref: sales, Location: "US", Tables: []dataclone.Table{
			{Ref: sales.Table("people"), Type: dataclone.StandardTable, Columns: []dataclone.Column{
				{Name: "id", Type: "INTEGER"},
				{Name: "email", Type: "STRING", PolicyTags: []string{"projects/prod-1/locations/us/taxonomies/1/policyTags/2"}},
			}},
			{Ref: sales.Table("count"), Type: dataclone.LogicalView, View: &dataclone.View{Query: "SELECT COUNT(*) AS n FROM sales.people"}},
		}},
		{Ref: staging, Absent: true},
		{Ref: private, Absent: true},
	}}
	plan := dataclone.PlanDataset(catalog, dataclone.Request{
		Environment: "staging", TTL: 24 * time.Hour,
		Data: dataclone.PersonalData{Mode: dataclone.MaskedViews, Private: private},
	}, dataclone.Mapping{From: sales, To: staging})
	for _, s := range plan.Steps {
		switch s.Kind {
		case dataclone.CreateDataset:
			fmt.Println(s.Stage, s.Kind, s.Dataset)
		case dataclone.CreateView:
			fmt.Println(s.Stage, s.Kind, s.Destination, "AS", s.View.Query)
		default:
			fmt.Println(s.Stage, s.Kind, s.Destination)
		}
	}
	// Output:
	// 0 create-dataset stg-one.sales
	// 0 create-dataset stg-one.private
	// 1 clone stg-one.private.sales__people
	// 2 create-view stg-one.sales.people AS SELECT `id`, CAST(NULL AS STRING) AS `email` FROM `stg-one.private.sales__people`
	// 3 authorize-view stg-one.sales.people
	// 3 create-view stg-one.sales.count AS SELECT COUNT(*) AS n FROM `stg-one`.`sales`.people
}
