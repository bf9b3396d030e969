// SPDX-License-Identifier: Apache-2.0

package bqsim_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"cloud.google.com/go/bigquery"
	raw "google.golang.org/api/bigquery/v2"
	"google.golang.org/api/iterator"

	"github.com/watertight-go/watertight/dataclone/bqsim"
)

func TestUpdateWithAnOldEtagIsRefused(t *testing.T) {
	s, client, _ := serve(t, bqsim.Options{})
	seed(t, s, client)
	table := client.DatasetInProject("prod-1", "sales").Table("orders")
	meta, err := table.Metadata(t.Context())
	must(t, err)
	update := bigquery.TableMetadataToUpdate{Description: "first"}
	update.SetLabel("a", "b")
	changed, err := table.Update(t.Context(), update, meta.ETag)
	must(t, err)
	if changed.ETag == meta.ETag || changed.Description != "first" || changed.Labels["a"] != "b" {
		t.Errorf("after the update: %+v", changed)
	}
	if _, err := table.Update(t.Context(), update, meta.ETag); reason(err) != "conditionNotMet" {
		t.Errorf("with the old etag: %v", err)
	}
	update = bigquery.TableMetadataToUpdate{}
	update.DeleteLabel("a")
	changed, err = table.Update(t.Context(), update, "")
	must(t, err)
	if len(changed.Labels) != 0 || changed.Description != "first" || len(changed.Schema) != 2 {
		t.Errorf("after the label went: %+v", changed)
	}
	must(t, s.Load(orders(), map[string]any{"id": 5}))
	if later, err := table.Metadata(t.Context()); err != nil || later.ETag == changed.ETag {
		t.Errorf("rows came, and the etag stayed: %v", err)
	}
}

func TestSchemaOfThePastIsThatOfTheClone(t *testing.T) {
	s, client, _ := serve(t, bqsim.Options{})
	seed(t, s, client)
	table := client.DatasetInProject("prod-1", "sales").Table("orders")
	_, err := table.Update(t.Context(), bigquery.TableMetadataToUpdate{Schema: bigquery.Schema{
		{Name: "id", Type: bigquery.IntegerFieldType}, {Name: "note", Type: bigquery.StringFieldType}, {Name: "more", Type: bigquery.JSONFieldType},
	}}, "")
	must(t, err)
	must(t, s.Advance(hour))
	must(t, run(t, client, "old", "CREATE TABLE `stg-1.stg.old` CLONE `prod-1.sales.orders`"+clause(hour)).Err())
	must(t, run(t, client, "new", "CREATE TABLE `stg-1.stg.new` CLONE `prod-1.sales.orders`"+clause(2*hour)).Err())
	for name, want := range map[string]int{"old": 2, "new": 3} {
		meta, err := client.Dataset("stg").Table(name).Metadata(t.Context())
		must(t, err)
		if len(meta.Schema) != want {
			t.Errorf("%s has %d columns, want %d", name, len(meta.Schema), want)
		}
	}
}

func TestTablesAreListedInPagesWithWhatAPlanNeeds(t *testing.T) {
	s, client, service := serve(t, bqsim.Options{})
	seed(t, s, client)
	for i := range 120 {
		ok(t, s, "POST", "/projects/stg-1/datasets/stg/tables", fmt.Sprintf(`{"tableReference":{"tableId":"t%03d"},"labels":{"n":"%d"},
			"clustering":{"fields":["a"]},"schema":{"fields":[{"name":"a","type":"STRING"}]}}`, 119-i, 119-i))
	}
	must(t, client.Dataset("stg").Table("v").Create(t.Context(), &bigquery.TableMetadata{ViewQuery: "SELECT 1 FROM stg.t001"}))
	var ids []string
	err := service.Tables.List("stg-1", "stg").Pages(t.Context(), func(list *raw.TableList) error {
		if len(list.Tables) > 50 || list.TotalItems != 121 {
			t.Errorf("a page of %d tables of %d", len(list.Tables), list.TotalItems)
		}
		for _, item := range list.Tables {
			ids = append(ids, item.TableReference.TableId)
			if item.Type == "VIEW" && item.View == nil || item.Type == "TABLE" && (item.Clustering == nil || item.Labels["n"] == "" || item.CreationTime == 0) {
				t.Errorf("item: %+v", item)
			}
		}
		return nil
	})
	must(t, err)
	if len(ids) != 121 || !slices.IsSorted(ids) {
		t.Errorf("%d tables: %v", len(ids), ids)
	}
}

func TestAccessEntriesTakeAPermissionOfTheirOwn(t *testing.T) {
	s, client, _ := serve(t, bqsim.Options{})
	seed(t, s, client)
	s.Deny(bqsim.Access{Permission: "bigquery.datasets.getIamPolicy", Resource: "projects/prod-1/datasets/sales"})
	sales := client.DatasetInProject("prod-1", "sales")
	if _, err := sales.Metadata(t.Context()); reason(err) != "accessDenied" {
		t.Errorf("all of the dataset: %v", err)
	}
	meta, err := sales.MetadataWithOptions(t.Context(), bigquery.WithDatasetView(bigquery.DatasetMetadataView))
	must(t, err)
	if len(meta.Access) != 0 || meta.Location != "US" {
		t.Errorf("metadata: %+v", meta)
	}
	meta, err = client.Dataset("stg").Metadata(t.Context())
	must(t, err)
	if len(meta.Access) != 3 {
		t.Errorf("access entries of another dataset: %v", meta.Access)
	}
}

func TestPermissionsAreThoseOfThePrincipal(t *testing.T) {
	s := world(t, bqsim.Options{})
	s.Deny(bqsim.Access{Principal: "ci", Permission: "bigquery.tables.getData", Resource: "projects/prod-1"})
	s.Grant(bqsim.Access{Principal: "ci", Permission: "bigquery.tables.getData", Resource: "projects/prod-1/datasets/sales/tables/orders"})
	const path = "/projects/prod-1/datasets/sales/tables/"
	ask := func(table string, header ...string) int {
		_, out := call(t, s, "POST", path+table+":testIamPermissions", `{"permissions":["bigquery.tables.getData","bigquery.tables.get"]}`, header...)
		held, _ := out["permissions"].([]any)
		return len(held)
	}
	if got := ask("orders", "Authorization", "Bearer ci"); got != 2 {
		t.Errorf("ci has %d permissions on orders", got)
	}
	if got := ask("other", "Authorization", "Bearer ci"); got != 1 {
		t.Errorf("ci has %d permissions on other", got)
	}
	if got := ask("other"); got != 2 {
		t.Errorf("anybody else has %d permissions on other", got)
	}
}

func TestNamesOfACaseInsensitiveDataset(t *testing.T) {
	s := world(t, bqsim.Options{})
	ok(t, s, "POST", "/projects/stg-1/datasets", `{"datasetReference":{"datasetId":"ci"},"isCaseInsensitive":true}`)
	ok(t, s, "POST", "/projects/stg-1/datasets/ci/tables", `{"tableReference":{"tableId":"Orders"}}`)
	if got := ok(t, s, "GET", "/projects/stg-1/datasets/ci/tables/oRDERS", "")["id"]; got != "stg-1:ci.Orders" {
		t.Errorf("found %v", got)
	}
	if got := querying(t, s, "CREATE TABLE `stg-1.ci.ORDERS` CLONE `"+source+"`"); got != "duplicate: Already Exists: Table stg-1:ci.Orders" {
		t.Errorf("clone over it: %q", got)
	}
	if code, _ := call(t, s, "GET", "/projects/prod-1/datasets/sales/tables/Orders", ""); code != 404 {
		t.Errorf("another case in a dataset that minds it: %d", code)
	}
}

func TestRoutinesAndModelsAreKeptAsTheyAre(t *testing.T) {
	s, client, service := serve(t, bqsim.Options{})
	seed(t, s, client)
	sales := bqsim.DatasetRef{Project: "prod-1", Dataset: "sales"}
	must(t, s.AddModel(sales, "m", "LINEAR_REG"))
	if err := s.AddModel(sales, "m", "LINEAR_REG"); err == nil {
		t.Error("a model took the name of another")
	}
	_, err := service.Routines.Insert("prod-1", "sales", &raw.Routine{
		RoutineReference: &raw.RoutineReference{ProjectId: "prod-1", DatasetId: "sales", RoutineId: "p"}, RoutineType: "PROCEDURE",
		Language: "SQL", DefinitionBody: "BEGIN SELECT 1; END", StrictMode: false, ForceSendFields: []string{"StrictMode"}, SecurityMode: "INVOKER",
	}).Do()
	must(t, err)
	routine, err := service.Routines.Get("prod-1", "sales", "p").Do()
	must(t, err)
	if routine.DefinitionBody != "BEGIN SELECT 1; END" || routine.StrictMode || routine.SecurityMode != "INVOKER" {
		t.Errorf("routine: %+v", routine)
	}
	routine.Description = "changed"
	updated, err := service.Routines.Update("prod-1", "sales", "p", routine).Do()
	must(t, err)
	if updated.Description != "changed" || updated.Etag == routine.Etag || updated.CreationTime != routine.CreationTime {
		t.Errorf("updated: %+v", updated)
	}
	models, err := service.Models.List("prod-1", "sales").Do()
	must(t, err)
	model, err := service.Models.Get("prod-1", "sales", "m").Do()
	must(t, err)
	if len(models.Models) != 1 || model.ModelType != "LINEAR_REG" {
		t.Errorf("models: %v, %+v", models.Models, model)
	}
	must(t, service.Routines.Delete("prod-1", "sales", "p").Do())
	if _, err := service.Routines.Get("prod-1", "sales", "p").Do(); reason(err) != "notFound" {
		t.Errorf("deleted routine: %v", err)
	}
}

func TestValuesOfEveryTypeComeBack(t *testing.T) {
	s, client, _ := serve(t, bqsim.Options{})
	must(t, client.Dataset("stg").Create(t.Context(), nil))
	schema := bigquery.Schema{
		{Name: "text", Type: bigquery.StringFieldType},
		{Name: "bytes", Type: bigquery.BytesFieldType},
		{Name: "int", Type: bigquery.IntegerFieldType},
		{Name: "float", Type: bigquery.FloatFieldType},
		{Name: "bool", Type: bigquery.BooleanFieldType},
		{Name: "at", Type: bigquery.TimestampFieldType},
		{Name: "day", Type: bigquery.DateFieldType},
		{Name: "clock", Type: bigquery.TimeFieldType},
		{Name: "local", Type: bigquery.DateTimeFieldType},
		{Name: "amount", Type: bigquery.NumericFieldType},
		{Name: "json", Type: bigquery.JSONFieldType},
		{Name: "many", Type: bigquery.RecordFieldType, Repeated: true, Schema: bigquery.Schema{
			{Name: "a", Type: bigquery.IntegerFieldType}, {Name: "b", Type: bigquery.StringFieldType, Repeated: true},
		}},
		{Name: "null", Type: bigquery.IntegerFieldType},
	}
	table := client.Dataset("stg").Table("t")
	must(t, table.Create(t.Context(), &bigquery.TableMetadata{Schema: schema}))
	ok(t, s, "POST", "/projects/stg-1/datasets/stg/tables/t/insertAll", `{"rows":[{"json":{"text":"\"quoted\" <&> ü","bytes":"AP8=",
		"int":"-9223372036854775808","float":1.5e-7,"bool":"TRUE","at":"2026-11-22 13:00:01.234567+01:00","day":"2026-11-22",
		"clock":"01:00:00.000001","local":"0001-02-03 04:00:00","amount":"-0.1250","json":"{\"b\": [1, null]}",
		"many":[{"a":2},{"a":3,"b":["x",""]}],"null":null}}]}`)
	it := table.Read(t.Context())
	var out []bigquery.Value
	must(t, it.Next(&out))
	want := `["\"quoted\" <&> ü" [0 255] -9223372036854775808 1.5e-07 true 2026-11-22 12:00:01.234567 +0000 UTC ` +
		`2026-11-22 01:00:00.000001000 0001-02-03T04:00:00 -1/8 {"b":[1,null]} [[2 []] [3 [x ]]] <nil>]`
	out[0] = fmt.Sprintf("%q", out[0])
	if got := fmt.Sprint(out); got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
	if err := it.Next(&out); !errors.Is(err, iterator.Done) {
		t.Errorf("after the row: %v", err)
	}
}

func TestRowsAreReadInPages(t *testing.T) {
	s, client, _ := serve(t, bqsim.Options{})
	seed(t, s, client)
	for i := range 25 {
		must(t, s.Load(orders(), map[string]any{"id": 10 + i}))
	}
	it := client.DatasetInProject("prod-1", "sales").Table("orders").Read(t.Context())
	it.PageInfo().MaxSize = 4
	var ids []int64
	for {
		var row []bigquery.Value
		err := it.Next(&row)
		if errors.Is(err, iterator.Done) {
			break
		}
		must(t, err)
		ids = append(ids, row[0].(int64))
	}
	if len(ids) != 27 || ids[2] != 10 || ids[26] != 34 {
		t.Errorf("ids: %v", ids)
	}
}
