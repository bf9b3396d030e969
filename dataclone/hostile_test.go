// SPDX-License-Identifier: Apache-2.0

package dataclone_test

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/dataclone"
)

// What a catalog says that cannot be is a finding, whatever order it is in, and ends
// in a plan that can be hashed and printed.
func TestCatalogsThatCannotBe(t *testing.T) {
	long := strings.Repeat("n", 1_000_000)
	orders := func(s *shop) *dataclone.Table { return &s.sales.Tables[0] }
	for sentence, tt := range map[string]struct {
		edit func(*shop)
		want string
	}{
		"a dataset that is there twice": {func(s *shop) { s.more = append(s.more, s.staging) }, "error catalog-inconsistent"},
		"a table of another dataset":    {func(s *shop) { s.table("x").Ref.Dataset = "other" }, "error catalog-inconsistent"},
		"a routine that is there twice": {func(s *shop) {
			s.routine("SCALAR_FUNCTION", "f", "1")
			s.sales.Routines = append(s.sales.Routines, s.sales.Routines[0])
		}, "error catalog-inconsistent"},
		"names that are one where case does not count": {func(s *shop) { s.sales.CaseInsensitive = true; s.table("Orders") }, "error catalog-inconsistent"},
		"a project of two organizations": {func(s *shop) {
			s.more = append(s.more, dataclone.Dataset{Ref: dataclone.DatasetRef{Project: "prod-1", Dataset: "x"}, Organization: "2"})
		}, "error catalog-inconsistent"},
		"a name of a million characters": {func(s *shop) { s.table(long) }, "error names"},
		"a chain that is a circle": {func(s *shop) {
			orders(s).Bases = slices.Repeat([]dataclone.Base{{Table: orders(s).Ref}}, 1000)
		}, "error chain-too-deep"},
		"a chain whose end nobody read": {func(s *shop) {
			orders(s).Bases = []dataclone.Base{{Table: s.sales.Ref.Table("b")}}
			orders(s).Cut = true
		}, "warning evidence-missing"},
		"a chain that is too deep as far as read": {func(s *shop) { orders(s).Bases = make([]dataclone.Base, 2); orders(s).Cut = true }, "error chain-too-deep"},
		"a table without a time of creation":      {func(s *shop) { orders(s).Created = time.Time{} }, "warning evidence-missing"},
		"a dataset without a location":            {func(s *shop) { s.sales.Location = "" }, "error evidence-missing"},
		"a time beyond all calendars":             {func(s *shop) { s.request.AsOf = time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC) }, "error future-as-of"},
		"a life beyond all calendars":             {func(s *shop) { s.request.TTL = 1<<63 - 1 }, "error expiration-past"},
		"a hidden dataset": {func(s *shop) {
			s.sales.Ref.Dataset = "_x"
			s.sales.Tables[0].Ref.Dataset = "_x"
			s.mappings[0].From = s.sales.Ref
		}, "error unsupported-source"},
		"a destination of another kind": {func(s *shop) { s.staging.Kind = dataclone.ReplicaDataset }, "error destination-protected"},
		"a routine of nobody under the name": {func(s *shop) {
			s.routine("SCALAR_FUNCTION", "f", "1")
			s.staging = dataclone.Dataset{Ref: s.staging.Ref, Location: "US", Organization: "1", Access: []dataclone.Access{}}
			s.staging.Routines = []dataclone.Routine{{Ref: s.staging.Ref.Table("f"), Description: "ours"}}
		}, "error destination-exists"},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := aShop()
			tt.edit(s)
			p := s.plan()
			if !slices.Contains(rulesOf(p), tt.want) {
				t.Errorf("got %v, want %s", rulesOf(p), tt.want)
			}
			if err := p.WriteSummary(io.Discard); err != nil {
				t.Error(err)
			}
			slices.Reverse(s.sales.Tables)
			slices.Reverse(s.sales.Routines)
			catalog := s.catalog()
			slices.Reverse(catalog.Datasets)
			if diff := cmp.Diff(p.Hash(), dataclone.PlanDataset(catalog, s.request, s.mappings...).Hash()); diff != "" {
				t.Errorf("the hash depends on the order of the catalog:\n%s", diff)
			}
		})
	}
}

// A catalog without a time gives no plan that runs.
func TestCatalogsNeedATime(t *testing.T) {
	s := aShop()
	catalog := s.catalog()
	catalog.Now = time.Time{}
	p := dataclone.PlanDataset(catalog, s.request, s.mappings...)
	if !slices.Contains(rulesOf(p), "error evidence-missing") || p.Hash() == "" || p.Validate() == nil {
		t.Errorf("got %v", p.Findings)
	}
}
