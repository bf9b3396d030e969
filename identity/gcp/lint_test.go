// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

// annotated is an account of Kubernetes that names a Google service account.
func annotated(namespace, name, email string) bulkhead.Object {
	account := identity.Account(namespace, name)
	account.Annotations = map[string]string{identity.GoogleAccountAnnotation: email}
	return account
}

// places returns rule, object and field of findings.
func places(findings bulkhead.Findings) []string {
	var out []string
	for _, f := range findings {
		out = append(out, f.Rule+" "+f.Object.Name+" "+f.Field)
	}
	return out
}

// Each case has a neighbour, with and without nothing, that differs in one thing.
func TestLint(t *testing.T) {
	const annotation = "metadata.annotations[" + identity.GoogleAccountAnnotation + "]"
	const otherNumber = "principal://iam.googleapis.com/projects/333/locations/global/workloadIdentityPools/" + pool + "/subject/ns/prod/sa/app"
	runs := func(w *world) { w.bind(shared, "roles/run.developer", stg) }
	attach := func(w *world) { w.bind(prodName, "roles/iam.serviceAccountUser", stg) }
	tests := map[string]struct {
		edit    func(*world)
		objects []bulkhead.Object
		want    []string
	}{
		"nothing is wrong": {},
		"an annotation names production's account, which does not let staging": {
			objects: []bulkhead.Object{annotated("staging", "app", prodSA)},
			want:    []string{"gcp/dangling-annotation app " + annotation},
		},
		"an annotation names an account that lets it": {objects: []bulkhead.Object{annotated("staging", "app", stgSA)}},
		"an annotation names an account that lets another one of the namespace": {
			objects: []bulkhead.Object{annotated("staging", "web", stgSA)},
			want:    []string{"gcp/dangling-annotation web " + annotation},
		},
		"an annotation names an account that lets the namespace": {
			edit:    func(w *world) { w.bind(stgName, wiUser, "principalSet://"+poolPath+"/namespace/staging") },
			objects: []bulkhead.Object{annotated("staging", "web", stgSA)},
			want:    []string{"gcp/any-pod " + stgSA + " bindings[1].members[0]"},
		},
		"an annotation names an account that lets it while a condition holds which nobody decides": {
			edit:    func(w *world) { w.bind(prodName, wiUser, "serviceAccount:"+pool+"[staging/app]", "x") },
			objects: []bulkhead.Object{annotated("staging", "app", prodSA)},
		},
		"an annotation names an account whose policy is not there": {
			edit:    func(w *world) { w.at(prodName).Policy = nil },
			objects: []bulkhead.Object{annotated("staging", "app", prodSA)},
		},
		"an annotation names an account of which nothing is there": {
			objects: []bulkhead.Object{annotated("staging", "app", "x-sa@else-where.iam.gserviceaccount.com")},
		},
		"an annotation of another namespace": {objects: []bulkhead.Object{annotated("prod", "web", stgSA)}},

		"a grant is for the default account of a namespace": {
			edit: func(w *world) { w.bind(prodName, wiUser, "serviceAccount:"+pool+"[prod/default]") },
			want: []string{"gcp/any-pod " + prodSA + " bindings[1].members[0]"},
		},
		"a grant is for the default account itself": {
			edit: func(w *world) {
				w.bind(prodData, sqlClient, "principal://"+poolPath+"/subject/ns/prod/sa/default")
			},
			want: []string{"gcp/any-pod prod-data bindings[1].members[0]"},
		},
		"a grant is for an account of another name": {
			edit: func(w *world) { w.bind(prodName, wiUser, "serviceAccount:"+pool+"[prod/defaults]") },
		},
		"a grant is for all of a cluster": {
			edit: func(w *world) {
				w.bind(prodData, sqlClient, "principalSet://"+poolPath+"/kubernetes.cluster/https://container.googleapis.com/v1/projects/shared-p/locations/l/clusters/c")
			},
			want: []string{"gcp/any-pod prod-data bindings[1].members[0]"},
		},
		"a grant is for all of a pool": {
			edit: func(w *world) { w.bind(prodData, sqlClient, "principalSet://"+poolPath+"/*") },
			want: []string{"gcp/any-pod prod-data bindings[1].members[0]"},
		},

		"a member is deleted": {
			edit: func(w *world) { w.bind(prodData, sqlClient, "deleted:serviceAccount:"+stgSA+"?uid=1") },
			want: []string{"gcp/deleted-member prod-data bindings[1].members[0]"},
		},
		"a member of the access list of a dataset is deleted": {
			edit: func(w *world) {
				w.at(prodSet).Dataset = &gcp.Dataset{Access: []gcp.DatasetAccess{{Role: "READER", IAMMember: "deleted:serviceAccount:" + stgSA + "?uid=1"}}}
			},
			want: []string{"gcp/deleted-member orders access[0]"},
		},
		"a principal has the number of another project": {
			edit: func(w *world) { w.bind(prodData, sqlClient, otherNumber) },
			want: []string{"gcp/wrong-number prod-data bindings[1].members[0]"},
		},
		"a principal has the number of its project": {
			edit: func(w *world) { w.bind(prodData, sqlClient, prodPrincipal) },
		},
		"a principal has a number, and nobody says which is right": {
			edit: func(w *world) {
				w.at(shared).Number, w.subjects = 0, nil
				w.bind(prodData, sqlClient, otherNumber)
			},
		},

		"staging may attach production's account, and start nothing": {
			edit: attach,
			want: []string{"gcp/attaches-alone " + prodSA + " bindings[1].members[0]"},
		},
		"staging may attach all accounts of the project, and start nothing": {
			edit: func(w *world) { w.bind(shared, "roles/iam.serviceAccountUser", stg) },
			want: []string{"gcp/attaches-alone shared-p bindings[0].members[0]"},
		},
		"staging may attach production's account, and start something": {edit: func(w *world) { attach(w); runs(w) }},
		"staging may start something, and attach nothing":              {edit: runs},
		"staging may attach its own account": {
			edit: func(w *world) { w.bind(stgName, "roles/iam.serviceAccountUser", stg) },
		},
		"production may attach its accounts, and staging is nobody of them": {
			edit: func(w *world) { w.bind(nodeName, "roles/iam.serviceAccountUser", "serviceAccount:"+prodSA) },
		},
		"staging may attach production's account, and what it may start is not known": {
			edit: func(w *world) { attach(w); w.at(shared).Policy = nil },
		},

		"pods get the tokens of their nodes": {
			edit: func(w *world) { w.at(cluster).Cluster.NodePools[0].Metadata = "GCE_METADATA" },
			want: []string{"gcp/node-tokens locations/l/clusters/c nodePools[0].config.workloadMetadataConfig.mode"},
		},
		"a cluster has no pool": {
			edit: func(w *world) { w.at(cluster).Cluster.Pool = "" },
			want: []string{"gcp/node-tokens locations/l/clusters/c nodePools[0].config.workloadMetadataConfig.mode"},
		},
		"nodes are the default account of Compute Engine": {
			edit: func(w *world) { w.at(cluster).Cluster.NodePools[0].ServiceAccount = "default" },
			want: []string{"gcp/default-node-account locations/l/clusters/c nodePools[0].config.serviceAccount"},
		},
		"nodes are the default account, by its address": {
			edit: func(w *world) {
				w.at(cluster).Cluster.NodePools[0].ServiceAccount = "111-compute@developer.gserviceaccount.com"
			},
			want: []string{"gcp/default-node-account locations/l/clusters/c nodePools[0].config.serviceAccount"},
		},
		"an Autopilot cluster gives no pod the tokens of its node": {
			edit: func(w *world) { c := w.at(cluster).Cluster; c.Autopilot, c.NodePools[0].Metadata = true, "" },
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := sealed()
			if tt.edit != nil {
				tt.edit(w)
			}
			findings, err := w.Lint(w.subjects, tt.objects...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, places(findings)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			for _, f := range findings {
				if f.Message == "" || f.Fix == "" || f.Severity != bulkhead.Warning {
					t.Errorf("the finding %+v says too little", f)
				}
			}
		})
	}
}

// What decides conditions may judge them too.
type judging struct{ decides }

func (judging) Lint(of bulkhead.Ref, policy gcp.Policy) bulkhead.Findings {
	var out bulkhead.Findings
	for _, b := range policy.Bindings {
		if b.Condition != nil {
			out = append(out, bulkhead.Finding{Rule: "condition/x", Object: of, Field: b.Condition.Expression})
		}
	}
	return out
}

func TestLintAsksAboutConditions(t *testing.T) {
	w := sealed()
	w.bind(prodData, sqlClient, "user:ann@example.com", "dead")
	for name, tt := range map[string]struct {
		conditions gcp.Conditions
		want       []string
	}{
		"by what judges them": {judging{}, []string{"condition/x prod-data dead"}},
		"by what does not":    {decides{}, nil},
		"by nothing":          {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w.Conditions = tt.conditions
			got, err := w.Lint(w.subjects)
			if diff := cmp.Diff(tt.want, places(got)); diff != "" || err != nil {
				t.Errorf("error %v, findings (-want +got):\n%s", err, diff)
			}
		})
	}
}

// A project names staging's account among others in one finding.
func TestLintCountsWhatMayBeAttached(t *testing.T) {
	w := sealed()
	w.bind(shared, "roles/iam.serviceAccountUser", stg)
	got, err := w.Lint(w.subjects)
	if err != nil || len(got) != 1 || !strings.Contains(got[0].Message, prodSA) || !strings.Contains(got[0].Message, "1 more") {
		t.Errorf("error %v, findings %+v, want one that names %s and counts the other account that staging is not", err, got, prodSA)
	}
}

func TestLintRefuses(t *testing.T) {
	for name, edit := range map[string]func(*world){
		"a resource without a name": func(w *world) { w.Resources[0].Name = "" },
		"an empty subject":          func(w *world) { w.subjects = []gcp.Subject{{}} },
	} {
		t.Run(name, func(t *testing.T) {
			w := sealed()
			edit(w)
			if _, err := w.Lint(w.subjects); !errors.As(err, new(*bulkhead.InvalidError)) {
				t.Errorf("got %v, want an InvalidError", err)
			}
		})
	}
	w := sealed()
	w.subjects = nil
	if _, err := w.Lint(nil); err != nil {
		t.Errorf("policies are judged without subjects too: %v", err)
	}
}
