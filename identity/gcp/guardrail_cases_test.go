// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"slices"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

// Deny policies, boundaries, and members and policies that are not what they look like:
// the cases 33 to 36.
func TestGuardrails(t *testing.T) {
	const direct = "principal://" + poolPath + "/subject/ns/staging/sa/app"
	const denyName = "policies/cloudresourcemanager.googleapis.com%2Fprojects%2F222/denypolicies/guard"
	const saPrincipal = "principal://iam.googleapis.com/projects/-/serviceAccounts/" + stgSA
	const otherFolder = "//cloudresourcemanager.googleapis.com/folders/3"
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
		"an exception spares the permission": {
			given: func(w *world) {
				both(w)
				deny(gcp.DenyRule{DeniedPrincipals: []string{"principalSet://goog/public:all"}, DeniedPermissions: sqlPermissions})(w)
			},
			before: bulkhead.Sealed,
			edit:   func(w *world) { w.Deny[0].Rules[0].DenyRule.ExceptionPermissions = sqlPermissions },
			after:  bulkhead.Breached,
		},
		"an exception spares another permission": {
			given: func(w *world) {
				both(w)
				deny(gcp.DenyRule{DeniedPrincipals: []string{"principalSet://goog/public:all"}, DeniedPermissions: sqlPermissions})(w)
			},
			before: bulkhead.Sealed,
			edit: func(w *world) {
				w.Deny[0].Rules[0].DenyRule.ExceptionPermissions = []string{"cloudsql.googleapis.com/instances.get"}
			},
			after: bulkhead.Sealed,
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
		"production's account may be attached by grants that nobody has seen, and its tokens are denied": {
			given: func(w *world) {
				w.at(prodName).Policy = nil
				w.Deny = []gcp.DenyPolicy{{Name: "policies/cloudresourcemanager.googleapis.com%2Fprojects%2F111/denypolicies/d", Rules: []gcp.DenyPolicyRule{{DenyRule: &gcp.DenyRule{
					DeniedPrincipals: []string{"principalSet://goog/public:all"},
					DeniedPermissions: []string{
						"iam.googleapis.com/serviceAccounts.getAccessToken", "iam.googleapis.com/serviceAccounts.getOpenIdToken", "iam.googleapis.com/serviceAccounts.implicitDelegation",
						"iam.googleapis.com/serviceAccounts.signBlob", "iam.googleapis.com/serviceAccounts.signJwt", "iam.googleapis.com/serviceAccounts.setIamPolicy",
						"iam.googleapis.com/serviceAccountKeys.create",
					},
				}}}}}
				w.subjects = append(w.subjects, gcp.Subject{Email: stgSA})
			},
			before: bulkhead.Sealed, edit: grant(shared, "roles/run.developer", stg), after: bulkhead.Undetermined, lacks: "the allow policy of " + prodName,
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
		"another boundary lists the data, and is bound on a condition": {
			given: bound, before: bulkhead.Sealed,
			edit: func(w *world) {
				more := w.Boundaries[0]
				more.Name += "-2"
				more.Details.Rules = []gcp.BoundaryRule{{Resources: []string{folder}}}
				w.Boundaries = append(w.Boundaries, more)
				w.BoundaryBindings = append(w.BoundaryBindings, gcp.BoundaryBinding{
					Name: "b2", Policy: more.Name, Target: w.BoundaryBindings[0].Target, Condition: &gcp.Condition{Expression: "principal.type == 'x'"},
				})
			},
			after: bulkhead.Undetermined, lacks: "whether the condition of boundary b2 holds",
		},
		"a boundary lists a folder, and nobody says whether the data is below it": {
			given: func(w *world) {
				bound(w)
				w.at(otherFolder).Ancestors, w.at(otherFolder).Policy = []string{org}, &gcp.Policy{}
				w.Boundaries[0].Details.Rules[0].Resources = append(w.Boundaries[0].Details.Rules[0].Resources, otherFolder)
			},
			before: bulkhead.Sealed,
			edit:   func(w *world) { w.at(prodData).Ancestors = nil },
			after:  bulkhead.Undetermined, lacks: "is below " + otherFolder,
		},
		"a group that nobody lists may take the deny policy away, and so may staging": {
			given: func(w *world) {
				both(w)
				deny(gcp.DenyRule{DeniedPrincipals: []string{"principalSet://goog/public:all"}, DeniedPermissions: sqlPermissions})(w)
				w.bind(org, "roles/iam.denyAdmin", "group:devs@example.com")
			},
			before: bulkhead.Undetermined, edit: grant(org, "roles/iam.denyAdmin", stg), after: bulkhead.Breached,
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

// A path through a deny policy that is taken away says so.
func TestPathsNameTheDenyPolicy(t *testing.T) {
	w := sealed()
	w.permissions = []string{connect}
	w.bind(prodData, sqlClient, stg)
	w.bind(org, "roles/iam.denyAdmin", stg)
	w.Deny = []gcp.DenyPolicy{{Name: "policies/cloudresourcemanager.googleapis.com%2Fprojects%2F222/denypolicies/guard", Rules: []gcp.DenyPolicyRule{{DenyRule: &gcp.DenyRule{
		DeniedPrincipals: []string{"principalSet://goog/public:all"}, DeniedPermissions: []string{"cloudsql.googleapis.com/instances.connect"},
	}}}}}
	got := w.prove(t)
	if len(got.Breaches) != 1 || !slices.ContainsFunc(got.Breaches[0].Path, func(h bulkhead.Hop) bool { return h.Object.Kind == "DenyPolicy" && h.Object.Name == "guard" }) {
		t.Errorf("the path does not name it\n%s", show(got))
	}
}

// What a policy that nobody has seen may give, the deny policy has to forbid.
func TestDenySubjectsForbidsEveryWay(t *testing.T) {
	for _, spared := range []string{
		"deploymentmanager.googleapis.com/deployments.create", "iam.googleapis.com/workloadIdentityPoolProviders.create",
		"iam.googleapis.com/serviceAccounts.getAccessToken", "cloudresourcemanager.googleapis.com/projects.setIamPolicy", "run.googleapis.com/jobs.runWithOverrides",
	} {
		t.Run(spared, func(t *testing.T) {
			w := sealed()
			w.subjects = append(w.subjects, gcp.Subject{Email: stgSA})
			w.at(prodData).Policy = nil
			w.at(prodData).Whole = true // no clusters
			w.at("//iam.googleapis.com/projects/prod-data/serviceAccounts/job-sa@prod-data.iam.gserviceaccount.com").Policy = &gcp.Policy{}
			policy, err := gcp.DenySubjects(prodData, "staging", w.subjects, gcp.DataPermissions()...)
			if err != nil {
				t.Fatal(err)
			}
			w.Deny = []gcp.DenyPolicy{policy}
			if got := w.prove(t); got.Verdict != bulkhead.Sealed {
				t.Fatalf("with all of it: %v\n%s", got.Verdict, show(got))
			}
			rule := policy.Rules[0].DenyRule
			rule.DeniedPermissions = slices.DeleteFunc(rule.DeniedPermissions, func(p string) bool { return p == spared })
			if got := w.prove(t); got.Verdict != bulkhead.Undetermined {
				t.Errorf("without %s: %v\n%s", spared, got.Verdict, show(got))
			}
		})
	}
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
