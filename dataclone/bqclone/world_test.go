// SPDX-License-Identifier: Apache-2.0

package bqclone_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/bigquery"
	"google.golang.org/api/option"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/dataclone"
	"github.com/watertight-go/watertight/dataclone/bqclone"
	"github.com/watertight-go/watertight/dataclone/bqsim"
)

var (
	start   = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	sales   = dataclone.DatasetRef{Project: "prod-1", Dataset: "sales"}
	staging = dataclone.DatasetRef{Project: "stg-one", Dataset: "sales"}
)

// A world is a simulated BigQuery, and a client of it.
type world struct {
	t    testing.TB
	sim  *bqsim.Server
	url  string
	user *bigquery.Client // what a user of BigQuery sees, through another client
}

// newWorld makes prod-1.sales with tables of two rows, of which the second came an hour
// after the first, two hours ago.
func newWorld(t testing.TB, o bqsim.Options, tables ...string) *world {
	t.Helper()
	o.Start = start
	w := &world{t: t, sim: bqsim.New(o)}
	url, stop, err := w.sim.Listen()
	w.must(err)
	w.url = url
	t.Cleanup(func() { w.must(stop()) })
	w.user, err = bigquery.NewClient(t.Context(), "prod-1", option.WithEndpoint(url), option.WithoutAuthentication())
	w.must(err)
	w.must(w.dataset(sales).Create(t.Context(), &bigquery.DatasetMetadata{Location: "US"}))
	for _, name := range tables {
		w.table(name, nil)
	}
	w.must(w.sim.Advance(time.Hour))
	for _, name := range tables {
		w.load(sales.Table(name), 2)
	}
	w.must(w.sim.Advance(2 * time.Hour))
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) dataset(d dataclone.DatasetRef) *bigquery.Dataset {
	return w.user.DatasetInProject(d.Project, d.Dataset)
}

// table makes a table of production with one row.
func (w *world) table(name string, edit func(*bigquery.TableMetadata)) {
	w.t.Helper()
	meta := &bigquery.TableMetadata{Schema: bigquery.Schema{
		{Name: "id", Type: bigquery.IntegerFieldType, Required: true},
		{Name: "note", Type: bigquery.StringFieldType},
	}}
	if edit != nil {
		edit(meta)
	}
	w.must(w.dataset(sales).Table(name).Create(w.t.Context(), meta))
	w.load(sales.Table(name), 1)
}

func (w *world) load(t dataclone.TableRef, id int) {
	w.t.Helper()
	w.must(w.sim.Load(bqsim.TableRef(t), map[string]any{"id": id, "note": fmt.Sprint("note ", id)}))
}

// client returns a new client that calls the world.
func (w *world) client(o bqclone.Options, opts ...option.ClientOption) *bqclone.Client {
	w.t.Helper()
	if o.RequestsPerSecond == 0 {
		o.RequestsPerSecond = 1_000_000
	}
	if len(opts) == 0 {
		opts = []option.ClientOption{option.WithoutAuthentication()}
	}
	c, err := bqclone.New(w.t.Context(), "stg-one", o, append(opts, option.WithEndpoint(w.url))...)
	w.must(err)
	c.Hurry()
	return c
}

func request() dataclone.Request {
	return dataclone.Request{Environment: "staging", TTL: 24 * time.Hour}
}

// plan reads both sides and plans the clone of prod-1.sales.
func (w *world) plan(r dataclone.Request) *dataclone.Plan {
	w.t.Helper()
	read := []dataclone.DatasetRef{sales, staging}
	if private := r.Data.Private; private != (dataclone.DatasetRef{}) {
		read = append(read, private)
	}
	catalog, err := w.client(bqclone.Options{}).Read(w.t.Context(), read...)
	w.must(err)
	p := dataclone.PlanDataset(catalog, r, dataclone.Mapping{From: sales, To: staging})
	for _, f := range p.Findings {
		if f.Severity == bulkhead.Error {
			w.t.Fatal(f)
		}
	}
	return p
}

// run runs a plan to its end, and returns how many steps came to which state, and the
// first error.
func (w *world) run(c *bqclone.Client, p *dataclone.Plan) (map[bqclone.State]int, error) {
	states := make(map[bqclone.State]int)
	var failure error
	for e, err := range c.Run(w.t.Context(), p, p.Hash()) {
		states[e.State]++
		if failure == nil {
			failure = err
		}
	}
	return states, failure
}

// untouched fails the test if anything of production was written since there were so
// many writes.
func (w *world) untouched(since int) {
	w.t.Helper()
	for _, write := range w.sim.Writes()[since:] {
		if strings.HasPrefix(write.Target, "prod-1") {
			w.t.Errorf("%s of %s", write.Method, write.Target)
		}
	}
}

// calls counts calls by method since there were so many.
func (w *world) calls(since int) map[string]int {
	counts := map[string]int{}
	for _, c := range w.sim.Calls()[since:] {
		counts[c.Method]++
	}
	return counts
}
