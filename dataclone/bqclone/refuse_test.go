// SPDX-License-Identifier: Apache-2.0

package bqclone_test

import (
	"errors"
	"testing"
	"time"

	"cloud.google.com/go/bigquery"

	"github.com/watertight-go/watertight/dataclone"
	"github.com/watertight-go/watertight/dataclone/bqclone"
	"github.com/watertight-go/watertight/dataclone/bqsim"
)

// What changed between the plan and its run is found before anything is written there,
// and named by its rule.
func TestRunRefuses(t *testing.T) {
	tests := map[string]struct {
		options bqclone.Options
		edit    func(*world, *dataclone.Plan)
		hash    string
		want    string // the rule
	}{
		"another hash than the approved":       {hash: "0000", want: bqclone.PlanChanged},
		"a destination that is the operator's": {options: bqclone.Options{Protect: dataclone.Protection{Patterns: []string{"stg-*"}}}, want: dataclone.DestinationProtected},
		"a time that can no longer be read": {
			edit: func(w *world, p *dataclone.Plan) {
				p.Expires = p.Expires.Add(30 * 24 * time.Hour)
				w.must(w.sim.Advance(8 * 24 * time.Hour))
			},
			want: dataclone.OutsideWindow,
		},
		"a plan that has expired": {
			edit: func(w *world, _ *dataclone.Plan) { w.must(w.sim.Advance(25 * time.Hour)) },
			want: dataclone.ExpirationPast,
		},
		"a dataset that was labelled as production": {
			edit: func(w *world, _ *dataclone.Plan) {
				w.must(w.dataset(staging).Create(w.t.Context(), &bigquery.DatasetMetadata{Location: "US", Labels: map[string]string{"env": "production"}}))
			},
			want: dataclone.DestinationExists,
		},
		"a source with a new column": {
			edit: func(w *world, _ *dataclone.Plan) {
				table := w.dataset(sales).Table("orders")
				meta, err := table.Metadata(w.t.Context())
				w.must(err)
				_, err = table.Update(w.t.Context(), bigquery.TableMetadataToUpdate{
					Schema: append(meta.Schema, &bigquery.FieldSchema{Name: "more", Type: bigquery.StringFieldType}),
				}, "")
				w.must(err)
			},
			want: bqclone.SourceChanged,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, bqsim.Options{}, "orders")
			p := w.plan(request())
			if test.edit != nil {
				test.edit(w, p)
			}
			if test.hash == "" {
				test.hash = p.Hash()
			}
			var failure error
			for _, err := range w.client(test.options).Run(t.Context(), p, test.hash) {
				failure = errors.Join(failure, err)
			}
			var refused *bqclone.RefusedError
			rule := ""
			if errors.As(failure, &refused) && len(refused.Findings) > 0 {
				rule = refused.Findings[0].Rule
			} else if step, ok := errors.AsType[*bqclone.StepError](failure); ok {
				rule = step.Rule
			}
			if rule != test.want {
				t.Errorf("rule %q of %v, want %q", rule, failure, test.want)
			}
			if w.calls(0)["jobs.insert"] > 0 {
				t.Error("a job was inserted")
			}
		})
	}
}

// A table that is there is never taken for a clone of the plan, unless it is one.
func TestRunLeavesWhatIsThere(t *testing.T) {
	for name, test := range map[string]struct {
		meta *bigquery.TableMetadata
		want string
	}{
		"an empty table without labels": {meta: &bigquery.TableMetadata{}, want: dataclone.DestinationExists},
		"a table with the labels of a clone": {meta: &bigquery.TableMetadata{Labels: map[string]string{
			"managed-by": "watertight", "watertight-environment": "staging", "watertight-plan": "0123456789abcdef0123456789abcdef",
		}}, want: dataclone.NotOwned},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, bqsim.Options{}, "orders")
			w.must(w.dataset(staging).Create(t.Context(), &bigquery.DatasetMetadata{Location: "US"}))
			p := w.plan(request())
			w.must(w.dataset(staging).Table("orders").Create(t.Context(), test.meta))
			_, err := w.run(w.client(bqclone.Options{}), p)
			var step *bqclone.StepError
			if !errors.As(err, &step) || step.Rule != test.want {
				t.Errorf("error %v, want %s", err, test.want)
			}
		})
	}
}

// A view whose rewritten query still reads production is not made, whoever rewrote it.
func TestRunMakesNoViewOfProduction(t *testing.T) {
	w := newWorld(t, bqsim.Options{}, "orders")
	p := w.plan(request())
	for i, source := range []dataclone.DatasetRef{staging, sales} {
		name := []string{"good", "leak"}[i]
		p.Steps = append(p.Steps, dataclone.Step{
			ID: "view-" + name, Kind: dataclone.CreateView, Stage: 8 + i, Source: sales.Table(name), Destination: staging.Table(name),
			View: &dataclone.View{Query: "SELECT id FROM `" + source.String() + ".orders`"},
		})
	}
	_, err := w.run(w.client(bqclone.Options{Workers: 2}), p)
	var step *bqclone.StepError
	if !errors.As(err, &step) || step.Rule != dataclone.ReferencesProd || step.Step != "view-leak" {
		t.Errorf("error %v, want %s", err, dataclone.ReferencesProd)
	}
	if _, err := w.dataset(staging).Table("leak").Metadata(t.Context()); err == nil {
		t.Error("the view is there")
	}
	if _, err := w.dataset(staging).Table("good").Metadata(t.Context()); err != nil {
		t.Errorf("the view of the clone: %v", err)
	}
}
