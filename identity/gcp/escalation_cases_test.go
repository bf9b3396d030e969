// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"slices"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
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
		"staging rewrites custom roles, and holds none": {
			before: bulkhead.Sealed, edit: grant(prodData, "roles/iam.roleAdmin", stg), after: bulkhead.Sealed,
		},
		"staging runs commands in all pods of the cluster": {
			before: bulkhead.Sealed, edit: grant(shared, "roles/container.developer", stg), after: bulkhead.Breached, rule: gcp.ActsAs,
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

// Deny policies, boundaries, and members and policies that are not what they look like:
// the cases 33 to 36.
func TestGuardrails(t *testing.T) {
	const direct = "principal://" + poolPath + "/subject/ns/staging/sa/app"
	const denyName = "policies/cloudresourcemanager.googleapis.com%2Fprojects%2F222/denypolicies/guard"
	const saPrincipal = "principal://iam.googleapis.com/projects/-/serviceAccounts/" + stgSA
	sqlPermissions := []string{"cloudsql.googleapis.com/instances.connect"}
	deny := func(rule gcp.DenyRule) func(*world) {
		return func(w *world) {
			w.Deny = append(w.Deny, gcp.DenyPolicy{Name: denyName, Rules: []gcp.DenyPolicyRule{{DenyRule: &rule}}})
		}
	}
	both := func(w *world) {
		w.permissions = []string{connect}
		w.bind(prodData, sqlClient, stg)
		w.bind(prodData, sqlClient, direct)
	}
	bound := func(w *world) {
		w.permissions = []string{connect}
		w.bind(prodData, sqlClient, stg)
		w.Boundaries = []gcp.BoundaryPolicy{{Name: "organizations/1/locations/global/principalAccessBoundaryPolicies/b", Details: gcp.BoundaryDetails{
			EnforcementVersion: "4", Rules: []gcp.BoundaryRule{{Effect: "ALLOW", Resources: []string{shared}}},
		}}}
		w.BoundaryBindings = []gcp.BoundaryBinding{{
			Name: "b", Policy: w.Boundaries[0].Name, Target: gcp.BoundaryTarget{PrincipalSet: "//cloudresourcemanager.googleapis.com/projects/111"},
		}}
		w.BoundaryPermissions = map[string][]string{"1": {"cloudsql.googleapis.com/instances.connect"}}
	}
	run(t, map[string]edited{
		"only the service account is denied": {
			given: both, before: bulkhead.Breached,
			edit:  deny(gcp.DenyRule{DeniedPrincipals: []string{saPrincipal}, DeniedPermissions: sqlPermissions}),
			after: bulkhead.Breached, rule: gcp.Granted,
		},
		"only the workload is denied": {
			given: both, before: bulkhead.Breached,
			edit:  deny(gcp.DenyRule{DeniedPrincipals: []string{direct}, DeniedPermissions: sqlPermissions}),
			after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"both are denied": {
			given: both, before: bulkhead.Breached,
			edit:  deny(gcp.DenyRule{DeniedPrincipals: []string{saPrincipal, direct}, DeniedPermissions: sqlPermissions}),
			after: bulkhead.Sealed,
		},
		"one account of the namespace is denied, and the namespace has the role": {
			given: func(w *world) {
				w.permissions = []string{connect}
				w.bind(prodData, sqlClient, "principalSet://"+poolPath+"/namespace/staging")
			},
			before: bulkhead.Breached,
			edit:   deny(gcp.DenyRule{DeniedPrincipals: []string{direct}, DeniedPermissions: sqlPermissions}),
			after:  bulkhead.Breached, rule: gcp.Granted,
		},
		"an exception spares the service account": {
			given: func(w *world) {
				both(w)
				deny(gcp.DenyRule{DeniedPrincipals: []string{"principalSet://goog/public:all"}, DeniedPermissions: sqlPermissions})(w)
			},
			before: bulkhead.Sealed,
			edit:   func(w *world) { w.Deny[0].Rules[0].DenyRule.ExceptionPrincipals = []string{saPrincipal} },
			after:  bulkhead.Breached, rule: gcp.ActsAs,
		},
		"a deny rule has a condition on a tag": {
			given: func(w *world) {
				both(w)
				w.Conditions = decides{}
				deny(gcp.DenyRule{DeniedPrincipals: []string{"principalSet://goog/public:all"}, DeniedPermissions: sqlPermissions})(w)
			},
			before: bulkhead.Sealed,
			edit: func(w *world) {
				w.Deny[0].Rules[0].DenyRule.DenialCondition = &gcp.Condition{Expression: `resource.matchTag("1/env", "prod")`}
			},
			after: bulkhead.Undetermined, lacks: "whether the condition of a deny rule always holds",
		},
		"a deny rule has a star, and may not take the permission": {
			given: both, before: bulkhead.Breached,
			edit:  deny(gcp.DenyRule{DeniedPrincipals: []string{"principalSet://goog/public:all"}, DeniedPermissions: []string{"cloudsql.googleapis.com/instances.*"}}),
			after: bulkhead.Undetermined, lacks: "whether deny policies take the permission cloudsql.googleapis.com/instances.connect",
		},
		"a deny rule is about another permission": {
			given: both, before: bulkhead.Breached,
			edit:  deny(gcp.DenyRule{DeniedPrincipals: []string{"principalSet://goog/public:all"}, DeniedPermissions: []string{"cloudsql.googleapis.com/instances.delete"}}),
			after: bulkhead.Breached,
		},
		"a deny rule is for a group that nobody lists": {
			given: both, before: bulkhead.Breached,
			edit:  deny(gcp.DenyRule{DeniedPrincipals: []string{"principalSet://goog/group/x@example.com"}, DeniedPermissions: sqlPermissions}),
			after: bulkhead.Undetermined, lacks: "who is in the group x@example.com",
		},
		"the policy of the project is not there, and only the workloads are denied": {
			given: func(w *world) {
				w.permissions = []string{connect}
				w.subjects = append(w.subjects, gcp.Subject{Email: stgSA})
				policy, _ := gcp.DenySubjects(prodData, "guard", w.subjects, connect)
				w.Deny = append(w.Deny, policy)
				w.at(prodData).Policy = nil
			},
			before: bulkhead.Sealed,
			edit: func(w *world) {
				rule := w.Deny[0].Rules[0].DenyRule
				rule.DeniedPrincipals = slices.DeleteFunc(rule.DeniedPrincipals, func(p string) bool { return p == saPrincipal })
			},
			after: bulkhead.Undetermined, lacks: "the allow policy of " + prodData,
		},
		"staging may take the deny policy away": {
			given: func(w *world) {
				both(w)
				deny(gcp.DenyRule{DeniedPrincipals: []string{"principalSet://goog/public:all"}, DeniedPermissions: sqlPermissions})(w)
			},
			before: bulkhead.Sealed, edit: grant(org, "roles/iam.denyAdmin", stg), after: bulkhead.Breached,
		},
		"who may take the deny policy away is not known": {
			given: func(w *world) {
				both(w)
				deny(gcp.DenyRule{DeniedPrincipals: []string{"principalSet://goog/public:all"}, DeniedPermissions: sqlPermissions})(w)
			},
			before: bulkhead.Sealed, edit: func(w *world) { w.at(org).Policy = nil }, after: bulkhead.Undetermined, lacks: "the allow policy of " + org,
		},
		"a boundary keeps the accounts of the project to it": {
			given: func(w *world) { bound(w); w.BoundaryBindings[0].Target.PrincipalSet = prodData }, before: bulkhead.Breached,
			edit:  func(w *world) { w.BoundaryBindings[0].Target.PrincipalSet = shared },
			after: bulkhead.Sealed,
		},
		"the version of a boundary is not known to block the permission": {
			given: bound, before: bulkhead.Sealed,
			edit: func(w *world) {
				w.BoundaryPermissions = map[string][]string{"5": {"cloudsql.googleapis.com/instances.connect"}}
			},
			after: bulkhead.Undetermined, lacks: "whether boundaries of version 4 block the permission " + connect,
		},
		"another boundary lists the data": {
			given: bound, before: bulkhead.Sealed,
			edit: func(w *world) {
				w.Boundaries[0].Details.Rules = append(w.Boundaries[0].Details.Rules, gcp.BoundaryRule{Resources: []string{folder}})
			},
			after: bulkhead.Breached,
		},
		"a boundary is bound on a condition": {
			given: bound, before: bulkhead.Sealed,
			edit:  func(w *world) { w.BoundaryBindings[0].Condition = &gcp.Condition{Expression: "principal.type == 'x'"} },
			after: bulkhead.Undetermined, lacks: "whether the condition of boundary b holds",
		},
		"a member is deleted": {
			before: bulkhead.Sealed, edit: grant(prodData, sqlClient, "deleted:serviceAccount:"+stgSA+"?uid=1"), after: bulkhead.Sealed,
		},
		"a policy was read without its conditions": {
			before: bulkhead.Sealed,
			edit: func(w *world) {
				w.bind(prodData, "roles/cloudsql.client_withcond_2b17cc25d2cd9e2c54d8", "user:ann@example.com")
				w.at(prodData).Policy.Version = 1
			},
			after: bulkhead.Undetermined, lacks: "bindings[1].role",
		},
		"a policy of version 1 without conditions is a policy": {
			before: bulkhead.Sealed, edit: func(w *world) { w.at(prodData).Policy.Version = 1 }, after: bulkhead.Sealed,
		},
	})
}

// A deny policy shuts staging out whatever is granted, and is proved to.
func TestDenySubjects(t *testing.T) {
	w := sealed()
	w.subjects = append(w.subjects, gcp.Subject{Email: stgSA})
	w.bind(prodData, "roles/owner", stg)
	w.bind(prodData, "roles/editor", "principalSet://"+poolPath+"/*")
	w.bind(folder, sqlClient, "allAuthenticatedUsers")
	if got := w.prove(t); got.Verdict != bulkhead.Breached {
		t.Fatalf("without: %v", got.Verdict)
	}
	policy, err := gcp.DenySubjects(prodData, "staging", w.subjects, gcp.DataPermissions()...)
	if err != nil {
		t.Fatal(err)
	}
	w.Deny = []gcp.DenyPolicy{policy}
	if got := w.prove(t); got.Verdict != bulkhead.Sealed {
		t.Fatalf("with: %v\n%s", got.Verdict, show(got))
	}
	w.at(prodData).Policy = nil
	if got := w.prove(t); got.Verdict != bulkhead.Sealed {
		t.Errorf("whatever the project's policy says: %v\n%s", got.Verdict, show(got))
	}
	w.subjects = append(w.subjects, gcp.Subject{Email: "ci-stg@shared-p.iam.gserviceaccount.com"})
	if got := w.prove(t); got.Verdict != bulkhead.Breached {
		t.Errorf("a subject that the policy does not name: %v\n%s", got.Verdict, show(got))
	}
}

func TestDenySubjectsRefuses(t *testing.T) {
	subjects := []gcp.Subject{staging()}
	for name, tt := range map[string]struct {
		at, id      string
		subjects    []gcp.Subject
		permissions []string
	}{
		"an instance, which has no deny policies": {prodDB, "x", subjects, []string{connect}},
		"no subject":                 {prodData, "x", nil, []string{connect}},
		"no permission":              {prodData, "x", subjects, nil},
		"no ID":                      {prodData, "", subjects, []string{connect}},
		"an ID that leads elsewhere": {prodData, "x/../y", subjects, []string{connect}},
		"a permission of IAM v2":     {prodData, "x", subjects, []string{"cloudsql.googleapis.com/instances.connect"}},
		"half a pool":                {prodData, "x", []gcp.Subject{{Workload: identity.Workload{Namespace: "staging"}}}, []string{connect}},
	} {
		t.Run(name, func(t *testing.T) {
			if policy, err := gcp.DenySubjects(tt.at, tt.id, tt.subjects, tt.permissions...); err == nil {
				t.Errorf("made %+v", policy)
			}
		})
	}
}
