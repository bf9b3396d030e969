// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

// holds gives somebody a role of one permission.
func holds(name, permission, member string) func(*world) {
	return func(w *world) {
		role := "roles/only." + permission
		w.Roles = append(w.Roles, gcp.Role{Name: role, IncludedPermissions: []string{permission}})
		w.bind(name, role, member)
	}
}

// What runs as somebody else than its caller, and who says whom a pool admits.
func TestRunning(t *testing.T) {
	const (
		github  = "projects/111/locations/global/workloadIdentityPools/github"
		deploys = "principalSet://iam.googleapis.com/" + github + "/attribute.repository/shop"
		other   = "principalSet://iam.googleapis.com/projects/222/locations/global/workloadIdentityPools/github/attribute.repository/shop"
		agent   = "serviceAccount:111@cloudservices.gserviceaccount.com"
		builder = "serviceAccount:111@cloudbuild.gserviceaccount.com"
	)
	foreign := func(member string) func(*world) {
		return func(w *world) {
			w.bind(prodData, sqlClient, member)
			w.ForeignPools = []string{github, "projects/222/locations/global/workloadIdentityPools/github"}
		}
	}
	run(t, map[string]edited{
		"staging makes a provider of the pool that deploys production": {
			given: foreign(deploys), before: bulkhead.Sealed,
			edit:  holds(shared, "iam.workloadIdentityPoolProviders.create", stg),
			after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"staging changes a provider of it, by the name that roles have for that": {
			given: foreign(deploys), before: bulkhead.Sealed,
			edit:  holds(shared, "iam.googleapis.com/workloadIdentityPoolProviders.update", stg),
			after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"staging sees its providers": {
			given: foreign(deploys), before: bulkhead.Sealed,
			edit: holds(shared, "iam.workloadIdentityPoolProviders.get", stg), after: bulkhead.Sealed,
		},
		"staging makes providers of pools of another project": {
			given: foreign(other), before: bulkhead.Sealed,
			edit: holds(shared, "iam.workloadIdentityPoolProviders.create", stg), after: bulkhead.Sealed,
		},
		"a provider acts as an account of production": {
			given: func(w *world) { foreign("user:ann@example.com")(w); w.bind(prodName, wiUser, deploys) }, before: bulkhead.Sealed,
			edit:  holds(shared, "iam.workloadIdentityPoolProviders.create", stg),
			after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"staging writes the policy of the project of the pool": {
			given: foreign(deploys), before: bulkhead.Sealed,
			edit: func(w *world) {
				w.bind(prodData, "roles/browser", "serviceAccount:"+prodSA)
				w.Resources[3].Policy.Bindings = w.Resources[3].Policy.Bindings[1:] // without production's account
				holds(shared, "resourcemanager.projects.setIamPolicy", stg)(w)
			},
			after: bulkhead.Breached,
		},
		"the number of the project of the pool is not known": {
			given: func(w *world) { foreign(deploys)(w); w.at(shared).Number = 0 }, before: bulkhead.Sealed,
			edit:  holds(shared, "iam.workloadIdentityPoolProviders.create", stg),
			after: bulkhead.Undetermined, lacks: "the number of " + shared,
		},
		"a deny policy names one pool, and staging may make providers in all": {
			given: func(w *world) {
				w.permissions = []string{connect}
				foreign(deploys)(w)
				w.Deny = []gcp.DenyPolicy{{Name: "policies/cloudresourcemanager.googleapis.com%2Fprojects%2F222/denypolicies/d", Rules: []gcp.DenyPolicyRule{{DenyRule: &gcp.DenyRule{
					DeniedPrincipals: []string{"principalSet://iam.googleapis.com/" + github + "/*"}, DeniedPermissions: []string{"cloudsql.googleapis.com/instances.connect"},
				}}}}}
			},
			before: bulkhead.Sealed,
			edit:   holds(shared, "iam.workloadIdentityPoolProviders.create", stg),
			after:  bulkhead.Undetermined, lacks: "is the principal",
		},
		"a deny policy names everybody": {
			given: func(w *world) {
				w.permissions = []string{connect}
				foreign(deploys)(w)
				w.Deny = []gcp.DenyPolicy{{Name: "policies/cloudresourcemanager.googleapis.com%2Fprojects%2F222/denypolicies/d", Rules: []gcp.DenyPolicyRule{{DenyRule: &gcp.DenyRule{
					DeniedPrincipals: []string{"principalSet://goog/public:all"}, DeniedPermissions: []string{"cloudsql.googleapis.com/instances.connect"},
				}}}}}
			},
			before: bulkhead.Sealed,
			edit:   holds(shared, "iam.workloadIdentityPoolProviders.create", stg),
			after:  bulkhead.Sealed,
		},

		"staging deploys as the agent of deployments, an editor of the data": {
			given: func(w *world) { w.bind(prodData, "roles/editor", agent) }, before: bulkhead.Sealed,
			edit:  holds(shared, "deploymentmanager.deployments.create", stg),
			after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"staging writes the policy of the project of the agent of deployments": {
			given: func(w *world) {
				w.Resources[3].Policy.Bindings = nil // production's account has nothing
				w.bind(prodData, "roles/editor", agent)
			},
			before: bulkhead.Sealed, edit: holds(shared, "resourcemanager.projects.setIamPolicy", stg), after: bulkhead.Breached,
		},
		"staging writes the policy of the project of the account of builds": {
			given: func(w *world) {
				w.Resources[3].Policy.Bindings = nil
				w.bind(prodData, "roles/editor", builder)
				w.at(shared).Whole = true
			},
			before: bulkhead.Sealed, edit: holds(shared, "resourcemanager.projects.setIamPolicy", stg), after: bulkhead.Undetermined, lacks: "whether builds of " + shared,
		},
		"staging deploys in another project": {
			given: func(w *world) { w.bind(prodData, "roles/editor", agent) }, before: bulkhead.Sealed,
			edit: holds(prodData, "deploymentmanager.deployments.create", stg), after: bulkhead.Sealed,
		},
		"staging builds, and what builds run as is an editor of the data": {
			given: func(w *world) { w.bind(prodData, "roles/editor", builder) }, before: bulkhead.Sealed,
			edit:  holds(shared, "cloudbuild.builds.create", stg),
			after: bulkhead.Undetermined, lacks: "whether builds of " + shared + " run as 111@cloudbuild.gserviceaccount.com",
		},
		"staging builds, and what builds run as has nothing": {
			before: bulkhead.Sealed, edit: holds(shared, "cloudbuild.builds.create", stg), after: bulkhead.Sealed,
		},
		"staging tells jobs what to run, which run as nobody knows whom": {
			before: bulkhead.Sealed, edit: holds(shared, "run.jobs.runWithOverrides", stg),
			after: bulkhead.Undetermined, lacks: "which service accounts run in " + shared,
		},
		"staging runs jobs as they are": {
			before: bulkhead.Sealed, edit: holds(shared, "run.jobs.run", stg), after: bulkhead.Sealed,
		},
		"staging attaches production's account to machines, by metadata of the project": {
			given: func(w *world) { w.bind(prodName, "roles/iam.serviceAccountUser", stg) }, before: bulkhead.Sealed,
			edit:  holds(shared, "compute.projects.setCommonInstanceMetadata", stg),
			after: bulkhead.Breached, rule: gcp.ActsAs,
		},

		"staging reads the Secrets of the cluster": {
			given: func(w *world) { w.at(shared).Whole = true }, before: bulkhead.Sealed, edit: holds(shared, "container.secrets.list", stg),
			after: bulkhead.Undetermined, lacks: "whether Secrets of " + cluster + " hold tokens",
		},
		"staging binds roles of the cluster": {
			given: func(w *world) { w.at(shared).Whole = true }, before: bulkhead.Sealed, edit: holds(shared, "container.clusterRoleBindings.create", stg),
			after: bulkhead.Undetermined, lacks: "whether who may use container.clusterRoleBindings.create in " + cluster,
		},
		"staging makes tokens of accounts of the cluster": {
			before: bulkhead.Sealed, edit: holds(shared, "container.serviceAccounts.createToken", stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"staging runs commands through nodes": {
			before: bulkhead.Sealed, edit: holds(shared, "container.nodes.proxy", stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"staging sees pods": {
			before: bulkhead.Sealed, edit: holds(shared, "container.pods.get", stg), after: bulkhead.Sealed,
		},
	})
}

// Tags and organization policies are no evidence, so that who may set them changes
// nothing.
func TestNothingRestsOnTags(t *testing.T) {
	const tagged = `resource.matchTag("1/env", "staging")`
	conditional := func(w *world) {
		w.Conditions = decides{}
		w.bind(prodData, sqlClient, stg, tagged)
	}
	run(t, map[string]edited{
		"staging is a client of what has a tag, and may set tags": {
			given: conditional, before: bulkhead.Undetermined,
			edit: holds(org, "resourcemanager.tagValueBindings.create", stg), after: bulkhead.Undetermined, lacks: "a tag",
		},
		"a deny policy spares what has a tag, and staging may set none": {
			given: func(w *world) {
				w.Conditions = decides{}
				w.bind(prodData, sqlClient, stg)
			},
			before: bulkhead.Breached,
			edit: func(w *world) {
				w.permissions = []string{connect}
				w.Deny = []gcp.DenyPolicy{{Name: "policies/cloudresourcemanager.googleapis.com%2Fprojects%2F222/denypolicies/d", Rules: []gcp.DenyPolicyRule{{DenyRule: &gcp.DenyRule{
					DeniedPrincipals: []string{"principalSet://goog/public:all"}, DeniedPermissions: []string{"cloudsql.googleapis.com/instances.connect"},
					DenialCondition: &gcp.Condition{Expression: `!resource.matchTag("1/env", "open")`},
				}}}}}
			},
			after: bulkhead.Undetermined, lacks: "whether the condition of a deny rule always holds",
		},
		"staging may attach production's account in another project, and set organization policies": {
			given: func(w *world) {
				w.bind(prodName, "roles/iam.serviceAccountUser", stg)
				w.bind(prodData, "roles/run.developer", stg)
			},
			before: bulkhead.Undetermined,
			edit:   holds(org, "orgpolicy.policy.set", stg), after: bulkhead.Undetermined, lacks: "iam.disableCrossProjectServiceAccountUsage",
		},
	})
}

// Copies of disks, logs that are sent away, and messages that are pushed elsewhere.
func TestCopies(t *testing.T) {
	const disk = "//compute.googleapis.com/projects/prod-data/zones/z/disks/d"
	const queue = "//pubsub.googleapis.com/projects/prod-data/subscriptions/s"
	on := func(name string) func(*world) {
		return func(w *world) { w.at(name).Policy, w.protected = &gcp.Policy{}, []string{name} }
	}
	project := func(w *world) { w.at(prodData).Whole, w.protected = true, []string{prodData} }
	run(t, map[string]edited{
		"staging makes a snapshot of a disk": {given: on(disk), before: bulkhead.Sealed, edit: holds(prodData, "compute.disks.createSnapshot", stg), after: bulkhead.Breached},
		"staging attaches a disk":            {given: on(disk), before: bulkhead.Sealed, edit: holds(disk, "compute.disks.use", stg), after: bulkhead.Breached},
		"staging sees that there is a disk":  {given: on(disk), before: bulkhead.Sealed, edit: holds(prodData, "compute.disks.get", stg), after: bulkhead.Sealed},
		"staging gives itself the disk":      {given: on(disk), before: bulkhead.Sealed, edit: holds(prodData, "compute.disks.setIamPolicy", stg), after: bulkhead.Breached, rule: gcp.ActsAs},
		"staging sends logs away":            {given: project, before: bulkhead.Sealed, edit: holds(prodData, "logging.sinks.create", stg), after: bulkhead.Breached},
		"staging sees where logs go":         {given: project, before: bulkhead.Sealed, edit: holds(prodData, "logging.sinks.get", stg), after: bulkhead.Sealed},
		"staging reads logs":                 {given: project, before: bulkhead.Sealed, edit: holds(prodData, "logging.logEntries.list", stg), after: bulkhead.Breached},
		"staging pushes messages elsewhere":  {given: on(queue), before: bulkhead.Sealed, edit: holds(queue, "pubsub.subscriptions.update", stg), after: bulkhead.Breached},
		"staging sees that there is a queue": {given: on(queue), before: bulkhead.Sealed, edit: holds(queue, "pubsub.subscriptions.get", stg), after: bulkhead.Sealed},
	})
}

// Who staging is given with has the number that the evidence has.
func TestNoAccessRefusesAWrongNumber(t *testing.T) {
	for name, tt := range map[string]struct {
		number  uint64
		refused bool
	}{"another": {222, true}, "the same": {111, false}, "none": {0, false}} {
		t.Run(name, func(t *testing.T) {
			w := sealed()
			w.at(shared).Number = tt.number
			if tt.number == 222 {
				w.at(prodData).Number = 333
			}
			_, err := w.NoAccess([]gcp.Subject{{Workload: identity.Workload{Pool: identity.Pool{ProjectID: "shared-p", ProjectNumber: 111}, Namespace: "staging"}}}, w.protected, w.permissions...)
			if (err != nil) != tt.refused {
				t.Errorf("got %v", err)
			}
		})
	}
}
