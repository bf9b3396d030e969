// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"slices"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/gcp"
)

const (
	tokenCreator = "roles/iam.serviceAccountTokenCreator"
	stg          = "serviceAccount:" + stgSA
)

func otherAccount(id string) (email, name string) {
	email = id + "@shared-p.iam.gserviceaccount.com"
	return email, "//iam.googleapis.com/projects/shared-p/serviceAccounts/" + email
}

// What rights lead to: the cases 28 to 32.
func TestEscalation(t *testing.T) {
	stg2, stg2Name := otherAccount("other-stg")
	mid1, mid1Name := otherAccount("middle-1")
	mid2, mid2Name := otherAccount("middle-2")
	accounts := func(w *world) {
		for _, name := range []string{stg2Name, mid1Name, mid2Name} {
			w.at(name).Policy = &gcp.Policy{}
		}
	}
	dataAccount := func(w *world) {
		const email = "data@prod-data.iam.gserviceaccount.com"
		w.at("//iam.googleapis.com/projects/prod-data/serviceAccounts/" + email).Policy = &gcp.Policy{}
		w.bind(prodData, sqlClient, "serviceAccount:"+email)
	}
	run(t, map[string]edited{
		"staging makes tokens of all accounts of the project": {
			before: bulkhead.Sealed, edit: grant(shared, tokenCreator, stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"staging makes tokens of another account of staging": {
			given: accounts, before: bulkhead.Sealed, edit: grant(stg2Name, tokenCreator, stg), after: bulkhead.Sealed,
		},
		"three accounts delegate to each other": {
			given: func(w *world) {
				accounts(w)
				w.bind(mid1Name, "projects/prod-data/roles/runner", stg)
				w.bind(mid2Name, "projects/prod-data/roles/runner", "serviceAccount:"+mid1)
			},
			before: bulkhead.Sealed,
			edit:   grant(prodName, "roles/iam.serviceAccountTokenCreator", "serviceAccount:"+mid2),
			after:  bulkhead.Breached, rule: gcp.ActsAs,
		},
		"who delegates does not have what the delegate has": {
			given: func(w *world) { accounts(w); w.bind(mid1Name, "projects/prod-data/roles/runner", stg) }, before: bulkhead.Sealed,
			edit:  grant(prodData, sqlClient, "serviceAccount:"+mid1),
			after: bulkhead.Sealed,
		},
		"staging may attach production's account to nothing": {
			before: bulkhead.Sealed, edit: grant(prodName, "roles/iam.serviceAccountUser", stg), after: bulkhead.Sealed,
		},
		"staging may attach production's account to what it runs": {
			given: grant(prodName, "roles/iam.serviceAccountUser", stg), before: bulkhead.Sealed,
			edit:  grant(shared, "roles/run.developer", stg),
			after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"viewers of a project may attach production's account, and staging, who is one, may run": {
			given: func(w *world) {
				w.bind(prodName, "roles/iam.serviceAccountUser", "projectViewer:shared-p")
				w.bind(shared, "roles/run.developer", stg)
			},
			before: bulkhead.Sealed, edit: grant(shared, "roles/viewer", stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"staging may attach production's account, and rewrites a role so that it runs elsewhere": {
			given: func(w *world) {
				w.Roles = append(w.Roles, gcp.Role{Name: "organizations/1/roles/r", IncludedPermissions: []string{"x.y.z"}})
				w.bind("//cloudresourcemanager.googleapis.com/projects/else-where", "organizations/1/roles/r", stg)
				w.at("//cloudresourcemanager.googleapis.com/projects/else-where").Ancestors = []string{org}
				w.bind(prodName, "roles/iam.serviceAccountUser", stg)
				accounts(w)
				w.bind(stg2Name, tokenCreator, stg)
			},
			before: bulkhead.Sealed, edit: grant(org, "roles/iam.roleAdmin", "serviceAccount:"+stg2), after: bulkhead.Undetermined, lacks: "iam.disableCrossProjectServiceAccountUsage",
		},
		"a role of which only a part is known gives the right to run": {
			given: func(w *world) {
				w.Roles = slices.DeleteFunc(w.Roles, func(r gcp.Role) bool { return r.Name == "roles/run.developer" })
				w.bind(prodName, "roles/iam.serviceAccountUser", stg)
			},
			before: bulkhead.Sealed, edit: grant(shared, "roles/run.developer", stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"staging may perhaps run something by a role on the folder, and certainly by one on the project": {
			given: func(w *world) {
				w.bind(prodName, "roles/iam.serviceAccountUser", stg)
				w.bind(folder, "roles/nobody.knows", stg)
			},
			before: bulkhead.Undetermined, edit: grant(shared, "roles/run.developer", stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"who delegates makes no keys": {
			given: func(w *world) { accounts(w); w.bind(mid1Name, "projects/prod-data/roles/runner", stg) }, before: bulkhead.Sealed,
			edit:  grant(prodName, "roles/iam.serviceAccountKeyAdmin", "serviceAccount:"+mid1),
			after: bulkhead.Sealed,
		},
		"another account may run, and not attach": {
			given: func(w *world) { accounts(w); w.bind(prodName, "roles/iam.serviceAccountUser", stg) }, before: bulkhead.Sealed,
			edit:  grant(shared, "roles/run.developer", "serviceAccount:"+stg2),
			after: bulkhead.Sealed,
		},
		"staging runs in another project than production's account is of": {
			given: grant(prodName, "roles/iam.serviceAccountUser", stg), before: bulkhead.Sealed,
			edit:  grant(prodData, "roles/run.developer", stg),
			after: bulkhead.Undetermined, lacks: "iam.disableCrossProjectServiceAccountUsage",
		},
		"staging makes keys of all accounts of the project": {
			before: bulkhead.Sealed, edit: grant(shared, "roles/iam.serviceAccountKeyAdmin", stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"staging owns the project": {
			before: bulkhead.Sealed, edit: grant(prodData, "roles/owner", stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"staging writes the policy of the project": {
			before: bulkhead.Sealed,
			edit: func(w *world) {
				w.Roles = append(w.Roles, gcp.Role{Name: "roles/x", IncludedPermissions: []string{"resourcemanager.projects.setIamPolicy"}})
				w.bind(prodData, "roles/x", stg)
				w.subjects = append(w.subjects, gcp.Subject{Email: stgSA})
			},
			after: bulkhead.Breached, rule: gcp.TakesOver,
		},
		"staging writes the policy of the project that production's account is of": {
			before: bulkhead.Sealed,
			edit: func(w *world) {
				w.Roles = append(w.Roles, gcp.Role{Name: "roles/x", IncludedPermissions: []string{"resourcemanager.projects.setIamPolicy"}})
				w.bind(shared, "roles/x", stg)
			},
			after: bulkhead.Breached,
		},
		"staging rewrites a custom role that it holds": {
			given: grant(prodData, "projects/prod-data/roles/reader", stg), before: bulkhead.Sealed,
			edit:  grant(prodData, "roles/iam.roleAdmin", stg),
			after: bulkhead.Breached,
		},
		"staging rewrites custom roles of another project than that of the one it holds": {
			given: grant(prodData, "projects/prod-data/roles/reader", stg), before: bulkhead.Sealed,
			edit: grant(shared, "roles/iam.roleAdmin", stg), after: bulkhead.Sealed,
		},
		"a group that nobody lists makes tokens of production's account, and so does staging": {
			given: grant(prodName, tokenCreator, "group:devs@example.com"), before: bulkhead.Undetermined,
			edit: grant(prodName, tokenCreator, stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"a group that nobody lists owns the project, and so does staging": {
			given: func(w *world) {
				w.Roles = append(w.Roles, gcp.Role{Name: "roles/x", IncludedPermissions: []string{"resourcemanager.projects.setIamPolicy"}})
				w.bind(prodData, "roles/x", "group:devs@example.com")
			},
			before: bulkhead.Undetermined, edit: grant(prodData, "roles/x", stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"staging rewrites a custom role that a group holds which nobody lists": {
			given: grant(prodData, "projects/prod-data/roles/reader", "group:devs@example.com"), before: bulkhead.Sealed,
			edit: grant(prodData, "roles/iam.roleAdmin", stg), after: bulkhead.Undetermined, lacks: "who is in the group devs@example.com",
		},
		"staging rewrites custom roles, and holds none": {
			before: bulkhead.Sealed, edit: grant(prodData, "roles/iam.roleAdmin", stg), after: bulkhead.Sealed,
		},
		"staging runs commands in all pods of the cluster": {
			before: bulkhead.Sealed, edit: grant(shared, "roles/container.developer", stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"staging is a developer of clusters that nobody lists": {
			given: dataAccount, before: bulkhead.Sealed,
			edit: grant(prodData, "roles/container.developer", stg), after: bulkhead.Undetermined, lacks: "the clusters of " + prodData,
		},
		"staging is a developer of a project that has no clusters": {
			given: func(w *world) { dataAccount(w); w.bind(prodData, "roles/container.developer", stg) }, before: bulkhead.Undetermined,
			edit: func(w *world) { w.at(prodData).Whole = true }, after: bulkhead.Sealed,
		},
		"staging takes ID tokens of production's account": {
			before: bulkhead.Sealed,
			edit: func(w *world) {
				w.Roles = append(w.Roles, gcp.Role{Name: "roles/x", IncludedPermissions: []string{"iam.serviceAccounts.getOpenIdToken"}})
				w.bind(prodName, "roles/x", stg)
			},
			after: bulkhead.Undetermined, lacks: "which services take ID tokens of " + prodSA,
		},
		"keys for Cloud Storage open no database": {
			before: bulkhead.Sealed, edit: grant(shared, "roles/storage.hmacKeyAdmin", stg), after: bulkhead.Sealed,
		},
		"keys for Cloud Storage open buckets": {
			given: func(w *world) {
				protectBucket(w)
				w.bind(bucket, "roles/storage.objectViewer", "serviceAccount:"+prodSA)
			},
			before: bulkhead.Sealed, edit: grant(shared, "roles/storage.hmacKeyAdmin", stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"a policy of a service account names it by its unique ID": {
			given: func(w *world) {
				w.Resources = append(w.Resources[:5:5], w.Resources[6:]...) // without that of production's account
				w.at(shared).Whole = true
			},
			before: bulkhead.Sealed,
			edit: func(w *world) {
				w.at("//iam.googleapis.com/projects/shared-p/serviceAccounts/1234").Policy = &gcp.Policy{}
			},
			after: bulkhead.Undetermined, lacks: "the address of the service account",
		},
	})
}
