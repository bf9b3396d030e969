// SPDX-License-Identifier: Apache-2.0

package dataclone_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/dataclone"
)

// aShopOfPeople is a shop with a table of people whose email has a policy tag, and a
// private dataset that is not there yet.
func aShopOfPeople() *shop {
	s := aShop()
	s.table("people",
		dataclone.Column{Name: "id", Type: "INTEGER", Mode: "REQUIRED"},
		dataclone.Column{Name: "email", Type: "STRING", PolicyTags: []string{"projects/p/taxonomies/1/policyTags/2"}},
		dataclone.Column{Name: "address", Type: "RECORD", Fields: []dataclone.Column{
			{Name: "street", Type: "STRING"}, {Name: "lines", Type: "STRING", Mode: "REPEATED"},
		}},
		dataclone.Column{Name: "phones", Type: "STRING", Mode: "REPEATED"},
		dataclone.Column{Name: "name", Type: "STRING"},
	)
	private := dataclone.DatasetRef{Project: "stg-one", Dataset: "hidden"}
	s.request.Data.Private = private
	s.more = append(s.more, dataclone.Dataset{Ref: private, Absent: true, Organization: "1"})
	return s
}

func TestPersonalData(t *testing.T) {
	for name, tt := range map[string]struct {
		data dataclone.PersonalData
		want []string
	}{
		"is refused by default (56)": {dataclone.PersonalData{}, []string{"dataclone/pii-columns sales.people schema.fields.email"}},
		"is what the request names, too": {
			dataclone.PersonalData{Columns: []string{"address.STREET"}},
			[]string{"dataclone/pii-columns sales.people schema.fields.address.street", "dataclone/pii-columns sales.people schema.fields.email"},
		},
		"is what has a mask": {
			dataclone.PersonalData{Masks: map[string]dataclone.Mask{"na*": dataclone.HashMask}},
			[]string{"dataclone/pii-columns sales.people schema.fields.email", "dataclone/pii-columns sales.people schema.fields.name"},
		},
		"is kept with its tag (56)":     {dataclone.PersonalData{Mode: dataclone.KeepPersonalData}, nil},
		"without a tag is kept for all": {dataclone.PersonalData{Mode: dataclone.KeepPersonalData, Columns: []string{"name"}}, []string{"dataclone/pii-untagged sales.people schema.fields.name"}},
		"is not overwritten in the clone (56)": {
			dataclone.PersonalData{Mode: dataclone.UpdateInPlace},
			[]string{"dataclone/time-travel-leak staging data.mode", "dataclone/pii-columns sales.people schema.fields.email"},
		},
		"is refused in a mode that is none": {dataclone.PersonalData{Mode: "drop"}, []string{"dataclone/invalid-request staging data.mode", "dataclone/pii-columns sales.people schema.fields.email"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := aShopOfPeople()
			s.request.Data = tt.data
			plan := s.plan()
			less := func(a, b string) int { return strings.Compare(a, b) }
			if diff := cmp.Diff(sortedBy(tt.want, less), sortedBy(findingsOf(plan), less)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// The clone is private, the view in its place has the name that everybody knows and
// reads no column that is hidden, and the private dataset is opened to the view (56).
func TestMaskedViewsTakeThePlaceOfClones(t *testing.T) {
	s := aShopOfPeople()
	s.request.Data.Mode = dataclone.MaskedViews
	s.request.Data.Columns = []string{"address.street", "phones"}
	s.request.Data.Masks = map[string]dataclone.Mask{"name": dataclone.HashMask}
	s.view("v", "SELECT id FROM sales.people")
	plan := s.plan()
	if got := findingsOf(plan); len(got) > 0 {
		t.Fatal(plan.Findings)
	}
	if err := plan.Validate(); err != nil {
		t.Error(err)
	}
	clone := stepOf(t, plan, "stg__people", dataclone.CloneTable)
	view := stepOf(t, plan, "people", dataclone.CreateView)
	open := stepOf(t, plan, "people", dataclone.AuthorizeView)
	over := stepOf(t, plan, "v", dataclone.CreateView)
	private := s.request.Data.Private
	if clone.Destination.In() != private || open.Dataset != private || view.Destination.In() != s.staging.Ref {
		t.Errorf("clone %v, authorized for %v, view %v", clone.Destination, open.Dataset, view.Destination)
	}
	want := "SELECT `id`, CAST(NULL AS STRING) AS `email`, CAST(NULL AS STRUCT<`street` STRING, `lines` ARRAY<STRING>>) AS `address`, " +
		"ARRAY<STRING>[] AS `phones`, TO_HEX(SHA256(`name`)) AS `name` FROM `stg-one.hidden.stg__people`"
	if diff := cmp.Diff(want, view.View.Query); diff != "" {
		t.Errorf("query (-want +got):\n%s", diff)
	}
	if clone.Stage >= view.Stage || view.Stage >= open.Stage || view.Stage >= over.Stage {
		t.Errorf("stages: clone %d, view %d, authorized %d, view over it %d", clone.Stage, view.Stage, open.Stage, over.Stage)
	}
	if want := "SELECT id FROM `stg-one`.`stg`.people"; over.View.Query != want {
		t.Errorf("got %s, want %s", over.View.Query, want)
	}
	if other := stepOf(t, plan, "orders"); other.Destination.In() != s.staging.Ref {
		t.Errorf("what is not personal goes to %s", other.Destination)
	}
	for _, step := range plan.Steps {
		if step.Kind == dataclone.CreateDataset && step.Private != (step.Dataset == private) {
			t.Errorf("dataset %s: private %v", step.Dataset, step.Private)
		}
	}
}

// A composed plan treats personal data as a planned one does.
func TestComposedStepsAreMaskedToo(t *testing.T) {
	s := aShopOfPeople()
	step := dataclone.Snapshot(s.sales.Ref.Table("people"), s.staging.Ref.Table("p"))
	plan := dataclone.PlanSteps(s.catalog(), s.request, step)
	if diff := cmp.Diff([]string{"dataclone/pii-columns sales.people schema.fields.email"}, findingsOf(plan)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	s.request.Data.Mode = dataclone.MaskedViews
	plan = dataclone.PlanSteps(s.catalog(), s.request, step)
	if got := stepOf(t, plan, "p", dataclone.CreateView).View.Query; len(findingsOf(plan)) > 0 || !strings.HasSuffix(got, "FROM `stg-one.hidden.stg__p`") {
		t.Errorf("query %s, findings %v", got, plan.Findings)
	}
	if step.Destination.Table != "p" {
		t.Error("the caller's step was changed")
	}
}

func TestMaskIsRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		edit func(*shop)
		want []string
	}{
		"a hash of a tagged column asks its readers for more": {func(s *shop) { s.request.Data.Masks["email"] = dataclone.HashMask }, []string{"dataclone/mask-tagged sales.people schema.fields.email"}},
		"a hash of a number":               {func(s *shop) { s.request.Data.Masks["id"] = dataclone.HashMask }, []string{"dataclone/mask-type sales.people schema.fields.id"}},
		"a hash of an array":               {func(s *shop) { s.request.Data.Masks["phones"] = dataclone.HashMask }, []string{"dataclone/mask-type sales.people schema.fields.phones"}},
		"a hash of a field":                {func(s *shop) { s.request.Data.Masks["address.street"] = dataclone.HashMask }, []string{"dataclone/mask-type sales.people schema.fields.address.street"}},
		"a mask that is none":              {func(s *shop) { s.request.Data.Masks["name"] = "rot13" }, []string{`dataclone/mask-type staging data.masks["name"]`}},
		"NULL of a type that is not known": {func(s *shop) { s.sales.Tables[1].Columns[0].Type = "RANGE"; s.request.Data.Columns = []string{"id"} }, []string{"dataclone/mask-type sales.people schema.fields.id"}},
		"a view that needs a filter on what it hides": {func(s *shop) {
			s.sales.Tables[1].Partitioning = dataclone.Partitioning{Type: "DAY", Column: "email", RequireFilter: true}
		}, []string{"dataclone/masked-partition sales.people requirePartitionFilter"}},
		"a view that needs a filter on the time of ingestion": {func(s *shop) {
			s.sales.Tables[1].Partitioning = dataclone.Partitioning{Type: "DAY", RequireFilter: true}
		}, []string{"dataclone/masked-partition sales.people requirePartitionFilter"}},
		"views through too many levels, of which the masking one is one": {func(s *shop) {
			s.view("v01", "SELECT 1 FROM sales.people")
			for i := 2; i <= 16; i++ {
				s.view(fmt.Sprintf("v%02d", i), fmt.Sprintf("SELECT 1 FROM sales.v%02d", i-1))
			}
		}, []string{"dataclone/view-depth sales.v16 view.query"}},
		"no private dataset":                      {func(s *shop) { s.request.Data.Private = dataclone.DatasetRef{} }, []string{"dataclone/private-dataset staging data.private"}},
		"a private dataset that is a destination": {func(s *shop) { s.request.Data.Private = s.staging.Ref }, []string{"dataclone/private-dataset stg"}},
		"a private dataset that is a source":      {func(s *shop) { s.request.Data.Private = s.sales.Ref }, []string{"dataclone/private-dataset sales"}},
		"a private dataset in production": {func(s *shop) {
			s.request.Data.Private = dataclone.DatasetRef{Project: "prod-1", Dataset: "hidden"}
			s.more[0].Ref = s.request.Data.Private
		}, []string{"dataclone/destination-protected hidden datasetReference"}},
		"a private dataset that staging reads": {func(s *shop) {
			s.more[0].Absent, s.more[0].Location = false, "US"
			s.more[0].Access = []dataclone.Access{{Role: "OWNER", Member: "projectOwners"}, {Role: "READER", Member: "projectReaders"}, {Role: "READER", Member: "group:a@example.com"}, {Role: "OWNER", Member: "user:o@example.com"}}
			s.staging.Absent, s.staging.Location, s.staging.Access = false, "US", []dataclone.Access{{Role: "READER", Member: "group:a@example.com"}, {Role: "OWNER", Member: "projectOwners"}}
		}, []string{"dataclone/private-readers hidden access", "dataclone/private-readers hidden access"}},
		"a private dataset of which nobody read the access list": {func(s *shop) { s.more[0].Absent, s.more[0].Location = false, "US" }, []string{"dataclone/evidence-missing hidden access"}},
		"more views than an access list holds": {func(s *shop) {
			s.more[0].Absent, s.more[0].Location = false, "US"
			for range 2500 {
				s.more[0].Access = append(s.more[0].Access, dataclone.Access{View: s.staging.Ref.Table("x")})
			}
		}, []string{"dataclone/too-many-authorized hidden access"}},
		"a wildcard over what becomes a view": {func(s *shop) { s.view("v", "SELECT 1 FROM `prod-1.sales.peo*`") }, []string{"dataclone/masked-wildcard sales.v view.query"}},
		"a table that was deleted, whose columns nobody knows": {func(s *shop) {
			s.request.Select.Deleted = []dataclone.TableRef{s.sales.Ref.Table("gone")}
		}, []string{"dataclone/evidence-missing sales.gone schema"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := aShopOfPeople()
			s.request.Data.Mode = dataclone.MaskedViews
			s.request.Data.Masks = map[string]dataclone.Mask{}
			tt.edit(s)
			plan := s.plan()
			got := findingsOf(plan)
			var mine []string
			for _, f := range got {
				if !strings.Contains(f, "partitioning-lost") && !strings.Contains(f, "dataset-default") {
					mine = append(mine, f)
				}
			}
			if diff := cmp.Diff(tt.want, mine); diff != "" {
				t.Errorf("findings (-want +got):\n%s%v", diff, plan.Findings)
			}
		})
	}
}

// Two destinations may have tables that would get one name in the private dataset.
func TestPrivateNamesDoNotClash(t *testing.T) {
	s := aShopOfPeople()
	s.request.Data.Mode = dataclone.MaskedViews
	other := s.sales
	other.Ref.Dataset = "more"
	other.Tables = []dataclone.Table{s.sales.Tables[1]}
	other.Tables[0].Ref = other.Ref.Table("people")
	target := s.staging
	target.Ref.Project = "stg-two"
	s.more = append(s.more, other, target)
	s.mappings = append(s.mappings, dataclone.Mapping{From: other.Ref, To: target.Ref})
	plan := s.plan()
	if got := findingsOf(plan); len(got) > 0 {
		t.Fatal(plan.Findings)
	}
	names := map[string]bool{}
	for _, step := range plan.Steps {
		if step.Destination.In() == s.request.Data.Private {
			names[step.Destination.Table] = true
			if !strings.HasPrefix(step.Destination.Table, "stg__people__") {
				t.Errorf("name %s", step.Destination.Table)
			}
		}
	}
	if len(names) != 2 {
		t.Errorf("names %v", names)
	}
}

// A data policy protects a column as a policy tag does.
func TestDataPoliciesArePersonalData(t *testing.T) {
	s := aShop()
	s.table("pay", dataclone.Column{Name: "salary", Type: "NUMERIC", DataPolicies: []string{"projects/p/locations/us/dataPolicies/d"}})
	if diff := cmp.Diff([]string{"dataclone/pii-columns sales.pay schema.fields.salary"}, findingsOf(s.plan())); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// The project of the destination pays, wherever the private dataset is.
func TestPrivateDatasetInAnotherProject(t *testing.T) {
	s := aShopOfPeople()
	s.request.Data.Mode = dataclone.MaskedViews
	s.request.Data.Private.Project, s.more[0].Ref.Project = "hidden-one", "hidden-one"
	if plan := s.plan(); plan.Project != "stg-one" || len(findingsOf(plan)) > 0 {
		t.Errorf("project %s, findings %v", plan.Project, plan.Findings)
	}
}

// The clone may have columns of its time which today's catalog does not know.
func TestMaskingViewNamesItsColumns(t *testing.T) {
	s := aShopOfPeople()
	s.request.Data.Mode = dataclone.MaskedViews
	s.request.AsOf = shopTime().Add(-time.Hour)
	if got := stepOf(t, s.plan(), "people", dataclone.CreateView).View.Query; strings.Contains(got, "*") {
		t.Errorf("query %s", got)
	}
}
