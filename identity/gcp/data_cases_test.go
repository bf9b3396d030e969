// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/gcp"
)

const (
	bucket     = "//storage.googleapis.com/prod"
	prodSet    = "//bigquery.googleapis.com/projects/prod-data/datasets/orders"
	stgSet     = "//bigquery.googleapis.com/projects/shared-p/datasets/stg"
	thirdSet   = "//bigquery.googleapis.com/projects/shared-p/datasets/third"
	byNumber   = "//secretmanager.googleapis.com/projects/222/secrets/s"
	prodSecret = "//secretmanager.googleapis.com/projects/prod-data/secrets/s"
)

func protectBucket(w *world) {
	r := w.at(bucket)
	r.Ancestors, r.Policy, r.Whole, r.Bucket = []string{prodData}, &gcp.Policy{}, true, &gcp.Bucket{UniformAccess: true}
	w.protected = []string{bucket}
}

func protectDataset(w *world) {
	r := w.at(prodSet)
	r.Whole, r.Dataset = true, &gcp.Dataset{Access: []gcp.DatasetAccess{{Role: "OWNER", UserByEmail: prodSA}}}
	w.at(stgSet).Dataset = &gcp.Dataset{}
	w.protected = []string{prodSet}
}

// Grants that no policy of IAM has, and what holds data: the cases 37 to 40.
func TestDataServices(t *testing.T) {
	access := func(a gcp.DatasetAccess) func(*world) {
		return func(w *world) { w.at(prodSet).Dataset.Access = append(w.at(prodSet).Dataset.Access, a) }
	}
	view := gcp.DatasetAccess{View: &gcp.TableReference{ProjectID: "shared-p", DatasetID: "stg", TableID: "v"}}
	stgView := stgSet + "/tables/v"
	run(t, map[string]edited{
		"readers of the project read the dataset, and staging is one": {
			given: func(w *world) {
				protectDataset(w)
				access(gcp.DatasetAccess{Role: "READER", SpecialGroup: "projectReaders"})(w)
			},
			before: bulkhead.Sealed, edit: grant(prodData, "roles/viewer", stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"staging is a reader of the folder": {
			given: func(w *world) {
				protectDataset(w)
				access(gcp.DatasetAccess{Role: "READER", SpecialGroup: "projectReaders"})(w)
			},
			before: bulkhead.Sealed, edit: grant(folder, "roles/viewer", stg), after: bulkhead.Undetermined, lacks: "count those that hold roles/viewer on " + folder,
		},
		"staging views the project, and its readers are not among those of the dataset": {
			given: protectDataset, before: bulkhead.Sealed, edit: grant(prodData, "roles/viewer", stg), after: bulkhead.Sealed,
		},
		"staging's account reads the dataset": {
			given: protectDataset, before: bulkhead.Sealed, edit: access(gcp.DatasetAccess{Role: "READER", UserByEmail: stgSA}), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"everybody reads the dataset": {
			given: protectDataset, before: bulkhead.Sealed, edit: access(gcp.DatasetAccess{Role: "READER", SpecialGroup: "allAuthenticatedUsers"}), after: bulkhead.Breached, rule: gcp.Everyone,
		},
		"a special group that is not known reads the dataset": {
			given: protectDataset, before: bulkhead.Sealed, edit: access(gcp.DatasetAccess{Role: "READER", SpecialGroup: "projectFriends"}), after: bulkhead.Undetermined, lacks: "specialGroup projectFriends",
		},
		"an entry of the access list has no member": {
			given: protectDataset, before: bulkhead.Sealed, edit: access(gcp.DatasetAccess{Role: "READER"}), after: bulkhead.Undetermined, lacks: "an entry without a member",
		},
		"the access list is not there": {
			given: protectDataset, before: bulkhead.Sealed, edit: func(w *world) { w.at(prodSet).Dataset = nil }, after: bulkhead.Undetermined, lacks: "the access list of " + prodSet,
		},
		"the tables of the dataset may have policies of their own": {
			given: protectDataset, before: bulkhead.Sealed, edit: func(w *world) { w.at(prodSet).Whole = false }, after: bulkhead.Undetermined, lacks: "the resources below " + prodSet,
		},
		"a table of the dataset is staging's to read": {
			given: protectDataset, before: bulkhead.Sealed, edit: grant(prodSet+"/tables/t", "roles/bigquery.dataViewer", stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"a table is protected, and staging writes the access list of its dataset": {
			given: func(w *world) {
				protectDataset(w)
				w.protected = []string{prodSet + "/tables/t"}
				w.Roles = append(w.Roles, gcp.Role{Name: "roles/x", IncludedPermissions: []string{"bigquery.datasets.update"}})
			},
			before: bulkhead.Sealed, edit: grant(prodSet, "roles/x", stg), after: bulkhead.Breached,
		},
		"a view over a view is authorized": {
			given: func(w *world) {
				protectDataset(w)
				w.at(stgSet).Whole, w.at(thirdSet).Whole = true, true
				w.at(stgSet).Dataset.Access = []gcp.DatasetAccess{{View: &gcp.TableReference{ProjectID: "shared-p", DatasetID: "third", TableID: "w"}}}
				w.at(thirdSet).Dataset = &gcp.Dataset{Access: []gcp.DatasetAccess{{View: view.View}}} // a circle
				w.bind(thirdSet, "roles/bigquery.dataViewer", stg)
			},
			before: bulkhead.Sealed, edit: access(view), after: bulkhead.Breached,
		},
		"a view that staging reads is authorized": {
			given: func(w *world) {
				protectDataset(w)
				w.at(stgView).Policy = &gcp.Policy{}
				w.bind(stgSet, "roles/bigquery.dataEditor", stg)
			},
			before: bulkhead.Sealed, edit: access(view), after: bulkhead.Breached,
		},
		"a view that staging does not read is authorized": {
			given: func(w *world) {
				protectDataset(w)
				w.at(stgSet).Policy, w.at(stgView).Policy = &gcp.Policy{}, &gcp.Policy{}
			},
			before: bulkhead.Sealed, edit: access(view), after: bulkhead.Sealed,
		},
		"nobody says who reads an authorized view": {
			given: protectDataset, before: bulkhead.Sealed, edit: access(view), after: bulkhead.Undetermined, lacks: "the allow policy of " + stgView,
		},
		"a dataset in which staging makes views is authorized": {
			given: func(w *world) { protectDataset(w); w.bind(stgSet, "roles/bigquery.dataEditor", stg) }, before: bulkhead.Sealed,
			edit: access(gcp.DatasetAccess{Dataset: &gcp.AuthorizedDataset{
				Dataset: gcp.DatasetReference{ProjectID: "shared-p", DatasetID: "stg"}, TargetTypes: []string{"VIEWS"},
			}}),
			after: bulkhead.Breached,
		},
		"viewers of the project read the bucket, and staging is one": {
			given: func(w *world) {
				protectBucket(w)
				w.bind(bucket, "roles/storage.legacyObjectReader", "projectViewer:prod-data")
			}, before: bulkhead.Sealed,
			edit:  grant(prodData, "roles/viewer", stg),
			after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"access control lists count": {
			given: protectBucket, before: bulkhead.Sealed, edit: func(w *world) { w.at(bucket).Bucket.UniformAccess = false }, after: bulkhead.Undetermined, lacks: "the access control lists of " + bucket,
		},
		"nobody says whether access control lists count": {
			given: protectBucket, before: bulkhead.Sealed, edit: func(w *world) { w.at(bucket).Bucket = nil }, after: bulkhead.Undetermined, lacks: "the access control lists of " + bucket,
		},
		"the CI of staging is a developer of clusters": {
			given: func(w *world) {
				w.subjects = []gcp.Subject{{Email: stgSA}}
				w.protected, w.permissions = []string{cluster}, []string{"container.secrets.get"}
			},
			before: bulkhead.Sealed, edit: grant(shared, "roles/container.developer", stg), after: bulkhead.Breached, rule: gcp.Granted,
		},
		"staging reads a secret that is known by the number of the project": {
			given: func(w *world) {
				w.at(byNumber).Policy = &gcp.Policy{}
				w.protected = []string{byNumber}
			},
			before: bulkhead.Sealed, edit: grant(prodData, "roles/secretmanager.secretAccessor", stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"staging reads secrets of the project": {
			given:  func(w *world) { w.at(prodSecret).Policy = &gcp.Policy{}; w.protected = []string{prodSecret} },
			before: bulkhead.Sealed, edit: grant(prodData, "roles/secretmanager.secretAccessor", stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"the whole project is protected, and one bucket of it is open": {
			given: func(w *world) { protectBucket(w); w.at(prodData).Whole = true; w.protected = []string{prodData} }, before: bulkhead.Sealed,
			edit:  grant(bucket, "roles/storage.objectViewer", stg),
			after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"the whole project is protected, and nobody lists what is in it": {
			given: func(w *world) { protectBucket(w); w.at(prodData).Whole = true; w.protected = []string{prodData} }, before: bulkhead.Sealed,
			edit:  func(w *world) { w.at(prodData).Whole = false },
			after: bulkhead.Undetermined, lacks: "the resources below " + prodData,
		},
	})
}
