// SPDX-License-Identifier: Apache-2.0

package bqclone_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cloud.google.com/go/bigquery"
	"google.golang.org/api/option"

	"github.com/watertight-go/watertight/dataclone"
	"github.com/watertight-go/watertight/dataclone/bqclone"
	"github.com/watertight-go/watertight/dataclone/bqsim"
)

// finish runs a plan in a new client, and then once more: the second run finds all.
func (w *world) finish(p *dataclone.Plan) {
	w.t.Helper()
	writes := len(w.sim.Writes())
	if _, err := w.run(w.client(bqclone.Options{}), p); err != nil {
		w.t.Fatal(err)
	}
	states, err := w.run(w.client(bqclone.Options{}), p)
	w.must(err)
	if states[bqclone.Found] != len(p.Steps) {
		w.t.Errorf("the second run came to %v, want %d found", states, len(p.Steps))
	}
	w.untouched(writes)
}

// metadata is what a user sees of a table.
func (w *world) metadata(t dataclone.TableRef) *bigquery.TableMetadata {
	w.t.Helper()
	meta, err := w.dataset(t.In()).Table(t.Table).Metadata(w.t.Context())
	w.must(err)
	return meta
}

// marked fails the test if labels lack the mark of the plan.
func (w *world) marked(what string, labels map[string]string, p *dataclone.Plan) {
	w.t.Helper()
	if mark, _ := dataclone.MarkOf(labels); mark != p.Mark() {
		w.t.Errorf("%s has the labels %v", what, labels)
	}
}

// A snapshot is of the plan's time, ends with the plan, and is verified.
func TestRunMakesSnapshots(t *testing.T) {
	w := newWorld(t, bqsim.Options{}, "orders")
	r := request()
	r.Select.Snapshots = true
	p := w.plan(r)
	w.finish(p)
	meta := w.metadata(staging.Table("orders"))
	if s := meta.SnapshotDefinition; s == nil || !s.SnapshotTime.Equal(p.AsOf) || !meta.ExpirationTime.Equal(p.Expires) {
		t.Errorf("snapshot %+v, until %v", s, meta.ExpirationTime)
	}
	w.marked("the snapshot", meta.Labels, p)
	results, err := w.client(bqclone.Options{}).Verify(t.Context(), p, bqclone.Fingerprints, 0)
	w.must(err)
	if len(results) != 1 || !results[0].Equal {
		t.Errorf("results %+v", results)
	}
}

// A snapshot of production becomes a table that can be written, with the rows of the
// snapshot's own time.
func TestRunRestoresASnapshot(t *testing.T) {
	w := newWorld(t, bqsim.Options{}, "orders")
	copier := w.dataset(sales).Table("kept").CopierFrom(w.dataset(sales).Table("orders"))
	copier.OperationType = bigquery.SnapshotOperation
	job, err := copier.Run(t.Context())
	w.must(err)
	w.must(job.LastStatus().Err())
	w.must(w.sim.Advance(time.Hour))
	w.load(sales.Table("orders"), 3)
	catalog, err := w.client(bqclone.Options{}).Read(t.Context(), sales, staging)
	w.must(err)
	p := dataclone.PlanSteps(catalog, request(), dataclone.Restore(sales.Table("kept"), staging.Table("orders")))
	w.finish(p)
	meta := w.metadata(staging.Table("orders"))
	if meta.Type != bigquery.RegularTable || meta.NumRows != 2 {
		t.Errorf("a %s with %d rows", meta.Type, meta.NumRows)
	}
	w.load(staging.Table("orders"), 9)
}

// A table that was deleted comes back as it was at the plan's time, marked and with an
// end.
func TestRunUndeletes(t *testing.T) {
	w, p := deleted(t)
	w.finish(p)
	meta := w.metadata(staging.Table("orders"))
	if meta.NumRows != 2 || !meta.ExpirationTime.Equal(p.Expires) {
		t.Errorf("%d rows, until %v", meta.NumRows, meta.ExpirationTime)
	}
	w.marked("the copy", meta.Labels, p)
}

// deleted is a world in which orders was deleted after the time of the plan.
func deleted(t *testing.T) (*world, *dataclone.Plan) {
	w := newWorld(t, bqsim.Options{}, "orders", "users")
	return w, w.withDeleted("orders")
}

// withDeleted deletes a table of production, and plans as of before.
func (w *world) withDeleted(name string) *dataclone.Plan {
	w.t.Helper()
	r := request()
	r.AsOf = w.sim.Now().Add(-time.Minute)
	r.Data.Mode = dataclone.KeepPersonalData // nobody knows the columns of what is gone
	r.Select.Deleted = []dataclone.TableRef{sales.Table(name)}
	w.must(w.dataset(sales).Table(name).Delete(w.t.Context()))
	w.must(w.sim.Advance(time.Minute))
	p := w.plan(r)
	if !slices.ContainsFunc(p.Steps, func(s dataclone.Step) bool { return s.Kind == dataclone.UndeleteTable }) {
		w.t.Fatalf("no step undeletes: %+v", p.Steps)
	}
	return p
}

// Foreign keys of clones name clones, and those to what is not cloned are gone.
func TestRunSetsForeignKeys(t *testing.T) {
	w := keyed(t)
	p := w.plan(request())
	w.finish(p)
	keys := w.metadata(staging.Table("orders")).TableConstraints
	if keys == nil || len(keys.ForeignKeys) != 1 {
		t.Fatalf("constraints %+v", keys)
	}
	if to := keys.ForeignKeys[0].ReferencedTable; to.ProjectID != "stg-one" || to.TableID != "users" {
		t.Errorf("the key names %s", to.FullyQualifiedName())
	}
}

// keyed is a world with a foreign key from orders to users.
func keyed(t *testing.T) *world {
	w := newWorld(t, bqsim.Options{}, "users")
	_, err := w.dataset(sales).Table("users").Update(t.Context(), bigquery.TableMetadataToUpdate{
		TableConstraints: &bigquery.TableConstraints{PrimaryKey: &bigquery.PrimaryKey{Columns: []string{"id"}}},
	}, "")
	w.must(err)
	w.table("orders", func(m *bigquery.TableMetadata) {
		m.TableConstraints = &bigquery.TableConstraints{ForeignKeys: []*bigquery.ForeignKey{{
			Name: "of_user", ReferencedTable: w.dataset(sales).Table("users"),
			ColumnReferences: []*bigquery.ColumnReference{{ReferencingColumn: "id", ReferencedColumn: "id"}},
		}}}
	})
	w.must(w.sim.Advance(time.Hour))
	return w
}

// A routine is made with its references rewritten, and its description begins with the
// mark and goes on with its own.
func TestRunMakesRoutines(t *testing.T) {
	w := newWorld(t, bqsim.Options{}, "orders")
	w.routine()
	p := w.plan(request())
	w.finish(p)
	meta, err := w.dataset(staging).Routine("total").Metadata(t.Context())
	w.must(err)
	mark, ok := dataclone.MarkIn(meta.Description)
	if !ok || mark != p.Mark() || !strings.HasSuffix(meta.Description, "\nCounts orders.") {
		t.Errorf("description %q", meta.Description)
	}
	if strings.Contains(meta.Body, "prod-1") || !strings.Contains(meta.Body, "stg-one") {
		t.Errorf("body %q", meta.Body)
	}
}

func (w *world) routine() {
	w.t.Helper()
	w.must(w.dataset(sales).Routine("total").Create(w.t.Context(), &bigquery.RoutineMetadata{
		Type: "SCALAR_FUNCTION", Language: "SQL", Description: "Counts orders.",
		Body: "(SELECT COUNT(*) FROM `prod-1.sales.orders`)",
	}))
}

// masked is a request for views that mask the column note.
func masked() dataclone.Request {
	r := request()
	r.Data = dataclone.PersonalData{
		Mode: dataclone.MaskedViews, Columns: []string{"note"},
		Private: dataclone.DatasetRef{Project: "stg-one", Dataset: "private"},
	}
	return r
}

// Only owners and the masking views have access to the private dataset. All views are
// authorized by one change of it, which BigQuery takes seldom.
func TestRunAuthorizesViewsOfAPrivateDataset(t *testing.T) {
	var names []string
	for i := range 8 {
		names = append(names, fmt.Sprintf("t%d", i))
	}
	w := newWorld(t, bqsim.Options{}, names...)
	p := w.plan(masked())
	states, err := w.run(w.client(bqclone.Options{}), p)
	w.must(err)
	if states[bqclone.Done] != len(p.Steps) {
		t.Errorf("the first run came to %v, want %d done", states, len(p.Steps))
	}
	if n := w.calls(0)["datasets.patch"]; n != 1 {
		t.Errorf("%d changes of the dataset, want one", n)
	}
	w.finish(p)
	meta, err := w.dataset(masked().Data.Private).Metadata(t.Context())
	w.must(err)
	views := 0
	for _, a := range meta.Access {
		switch {
		case a.EntityType == bigquery.ViewEntity && a.View.ProjectID == "stg-one" && a.View.DatasetID == "sales":
			views++
		case a.EntityType != bigquery.SpecialGroupEntity || a.Entity != "projectOwners":
			t.Errorf("access for %+v", a)
		}
	}
	if views != len(names) {
		t.Errorf("%d views are authorized, want %d", views, len(names))
	}
}

// A change of the access list that somebody else makes at the same time is not lost.
func TestRunAuthorizesBesideOthers(t *testing.T) {
	w := newWorld(t, bqsim.Options{}, "orders")
	p := w.plan(masked())
	private := w.dataset(masked().Data.Private)
	var once sync.Once
	transport := roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPatch {
			once.Do(func() {
				meta, err := private.Metadata(t.Context())
				w.must(err)
				entry := &bigquery.AccessEntry{Role: bigquery.OwnerRole, EntityType: bigquery.UserEmailEntity, Entity: "ann@example.com"}
				_, err = private.Update(t.Context(), bigquery.DatasetMetadataToUpdate{Access: append(meta.Access, entry)}, meta.ETag)
				w.must(err)
			})
		}
		return http.DefaultTransport.RoundTrip(r)
	})
	_, err := w.run(w.client(bqclone.Options{}, option.WithHTTPClient(&http.Client{Transport: transport})), p)
	w.must(err)
	meta, err := private.Metadata(t.Context())
	w.must(err)
	if len(meta.Access) != 3 {
		t.Errorf("access %+v, want that of the owners, of ann and of the view", meta.Access)
	}
}

// A private dataset that came to be with more readers is not used, whoever made it.
func TestRunRefusesAPrivateDatasetWithReaders(t *testing.T) {
	w := newWorld(t, bqsim.Options{}, "orders")
	p := w.plan(masked())
	w.must(w.dataset(masked().Data.Private).Create(t.Context(), &bigquery.DatasetMetadata{
		Location: "US", Labels: p.Mark().Labels(nil), // and BigQuery's own list of access
	}))
	_, err := w.run(w.client(bqclone.Options{}), p)
	if rule := ruleOf(err); rule != dataclone.DestinationExists {
		t.Errorf("error %v, want %s", err, dataclone.DestinationExists)
	}
	if w.calls(0)["jobs.insert"] > 0 {
		t.Error("something was cloned")
	}
}

// A materialized view keeps what it says of its refresh, and is marked.
func TestRunMakesMaterializedViews(t *testing.T) {
	w := newWorld(t, bqsim.Options{}, "orders")
	w.materialized("prod-1.sales.orders")
	r := request()
	r.Definitions.Materialize = true
	p := w.plan(r)
	w.finish(p)
	meta := w.metadata(staging.Table("totals"))
	v := meta.MaterializedView
	if v == nil || !v.EnableRefresh || v.RefreshInterval != time.Hour || strings.Contains(v.Query, "prod-1") {
		t.Errorf("materialized view %+v", v)
	}
	if meta.Description != "Totals." || meta.Clustering == nil || meta.MaxStaleness == nil || meta.MaxStaleness.Hours != 4 {
		t.Errorf("%q, %+v, %v", meta.Description, meta.Clustering, meta.MaxStaleness)
	}
	w.marked("the view", meta.Labels, p)
}

// materialized makes a materialized view of a table.
func (w *world) materialized(of string) {
	w.t.Helper()
	w.must(w.dataset(sales).Table("totals").Create(w.t.Context(), &bigquery.TableMetadata{
		Description:      "Totals.",
		MaterializedView: &bigquery.MaterializedViewDefinition{Query: "SELECT id, note FROM `" + of + "`", EnableRefresh: true, RefreshInterval: time.Hour},
		Clustering:       &bigquery.Clustering{Fields: []string{"id"}},
		MaxStaleness:     &bigquery.IntervalValue{Hours: 4},
	}))
}

// An external table reads staging's files, with the columns, options and description
// of production's.
func TestRunMakesExternalTables(t *testing.T) {
	w := newWorld(t, bqsim.Options{}, "orders")
	w.external()
	r := request()
	r.Definitions.URIs = map[string]string{"gs://prod/rates.csv": "gs://stg/rates.csv"}
	p := w.plan(r)
	w.finish(p)
	meta := w.metadata(staging.Table("rates"))
	e := meta.ExternalDataConfig
	if e == nil || !slices.Equal(e.SourceURIs, []string{"gs://stg/rates.csv"}) || e.MaxBadRecords != 3 {
		t.Errorf("configuration %+v", e)
	}
	if meta.Description != "Rates." || len(meta.Schema) != 1 || meta.Schema[0].Description != "Of the day." {
		t.Errorf("%q, %+v", meta.Description, meta.Schema)
	}
	w.marked("the table", meta.Labels, p)
}

func (w *world) external() {
	w.t.Helper()
	w.must(w.dataset(sales).Table("rates").Create(w.t.Context(), &bigquery.TableMetadata{
		Description:        "Rates.",
		Schema:             bigquery.Schema{{Name: "rate", Type: bigquery.NumericFieldType, Description: "Of the day."}},
		ExternalDataConfig: &bigquery.ExternalDataConfig{SourceFormat: bigquery.CSV, SourceURIs: []string{"gs://prod/rates.csv"}, MaxBadRecords: 3},
	}))
}

// A view keeps its description, and those of its columns, whichever run wrote them.
func TestRunDescribesViews(t *testing.T) {
	w := newWorld(t, bqsim.Options{}, "orders")
	w.described()
	p := w.plan(request())
	w.finish(p)
	meta := w.metadata(staging.Table("notes"))
	if meta.Description != "Notes." || len(meta.Schema) != 2 || meta.Schema[0].Description != "" || meta.Schema[1].Description != "What was said." {
		t.Errorf("%q, %+v", meta.Description, meta.Schema)
	}
}

// described makes a view with descriptions.
func (w *world) described() {
	w.t.Helper()
	view := w.dataset(sales).Table("notes")
	w.must(view.Create(w.t.Context(), &bigquery.TableMetadata{ViewQuery: "SELECT id, note FROM `prod-1.sales.orders`", Description: "Notes."}))
	_, err := view.Update(w.t.Context(), bigquery.TableMetadataToUpdate{Schema: bigquery.Schema{
		{Name: "id", Type: bigquery.IntegerFieldType}, {Name: "note", Type: bigquery.StringFieldType, Description: "What was said."},
	}}, "")
	w.must(err)
}

// ruleOf is the rule that a run found broken first.
func ruleOf(err error) string {
	var step *bqclone.StepError
	var refused *bqclone.RefusedError
	switch {
	case errors.As(err, &step):
		return step.Rule
	case errors.As(err, &refused) && len(refused.Findings) > 0:
		return refused.Findings[0].Rule
	default:
		return ""
	}
}
