// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
	"github.com/watertight-go/watertight/identity/gcp/condition"
)

// Production's account is for all workloads of the namespace prod, and, by a slip, for
// one of staging.
func ExampleEvidence_NoAccess() {
	member := identity.ParseMember
	evidence := gcp.Evidence{Resources: []gcp.Resource{
		{Name: "//cloudresourcemanager.googleapis.com/projects/prod-data", Policy: &gcp.Policy{Bindings: []gcp.Binding{
			{Role: "roles/cloudsql.client", Members: []identity.Member{member("serviceAccount:app-prod@shared-p.iam.gserviceaccount.com")}},
		}}},
		{Name: "//iam.googleapis.com/projects/shared-p/serviceAccounts/app-prod@shared-p.iam.gserviceaccount.com", Policy: &gcp.Policy{Bindings: []gcp.Binding{
			{Role: "roles/iam.workloadIdentityUser", Members: []identity.Member{
				member("serviceAccount:shared-p.svc.id.goog[prod/app]"), member("serviceAccount:shared-p.svc.id.goog[staging/app]"),
			}},
		}}},
	}}
	staging := gcp.Subject{Workload: identity.Workload{Pool: identity.Pool{ProjectID: "shared-p", ProjectNumber: 111}, Namespace: "staging"}}
	proof := bulkhead.Must(evidence.NoAccess([]gcp.Subject{staging},
		[]string{"//cloudsql.googleapis.com/projects/prod-data/instances/orders"}, "cloudsql.instances.connect"))
	fmt.Println(proof.Verdict)
	for _, breach := range proof.Breaches {
		fmt.Println(breach.Rule)
		for _, hop := range breach.Path {
			fmt.Println("-", hop.Object, hop.Field)
		}
		fmt.Println(breach.Change.Text)
	}
	// Output:
	// Breached
	// gcp/acts-as
	// - ServiceAccount/shared-p/app-prod@shared-p.iam.gserviceaccount.com bindings[0].members[1]
	// - Project/prod-data bindings[0].members[0]
	// take roles/iam.workloadIdentityUser from serviceAccount:shared-p.svc.id.goog[staging/app]
}

// Nothing is open, and three things are not what they seem.
func ExampleEvidence_Lint() {
	member := identity.ParseMember
	evidence := gcp.Evidence{
		Conditions: condition.New(time.Now()),
		Resources: []gcp.Resource{
			{Name: "//cloudresourcemanager.googleapis.com/projects/prod-data", Top: true, Policy: &gcp.Policy{Version: 3, Bindings: []gcp.Binding{{
				Role: "roles/cloudsql.client", Members: []identity.Member{member("serviceAccount:app-stg@prod-data.iam.gserviceaccount.com")},
				Condition: &gcp.Condition{Title: "staging", Expression: `resource.name == "prod-data:europe-west1:staging"`},
			}}}},
			{Name: "//iam.googleapis.com/projects/prod-data/serviceAccounts/app-prod@prod-data.iam.gserviceaccount.com", Policy: &gcp.Policy{Bindings: []gcp.Binding{
				{Role: "roles/iam.workloadIdentityUser", Members: []identity.Member{member("serviceAccount:prod-data.svc.id.goog[prod/default]")}},
			}}},
		},
	}
	account := identity.Account("staging", "app")
	account.Annotations = map[string]string{identity.GoogleAccountAnnotation: "app-prod@prod-data.iam.gserviceaccount.com"}
	staging := gcp.Subject{Workload: identity.Workload{Pool: identity.Pool{ProjectID: "prod-data", ProjectNumber: 111}, Namespace: "staging"}}
	for _, finding := range bulkhead.Must(evidence.Lint([]gcp.Subject{staging}, account)) {
		fmt.Println(finding.Rule, finding.Object.Name, finding.Field)
	}
	// Output:
	// condition/never-matches prod-data bindings[0].condition.expression
	// gcp/any-pod app-prod@prod-data.iam.gserviceaccount.com bindings[0].members[0]
	// gcp/dangling-annotation app metadata.annotations[iam.gke.io/gcp-service-account]
}

// One object shuts staging out of a secret, whatever is granted.
func ExampleDenySubjects() {
	subjects := []gcp.Subject{
		{Workload: identity.Workload{Pool: identity.Pool{ProjectID: "shared-p", ProjectNumber: 111}, Namespace: "staging"}},
		{Email: "app-stg@shared-p.iam.gserviceaccount.com"},
	}
	policy := bulkhead.Must(gcp.DenySubjects("//cloudresourcemanager.googleapis.com/projects/prod-data", "staging", subjects, "secretmanager.versions.access"))
	fmt.Println(string(bulkhead.Must(json.MarshalIndent(policy, "", "  "))))
	// Output:
	// {
	//   "name": "policies/cloudresourcemanager.googleapis.com%2Fprojects%2Fprod-data/denypolicies/staging",
	//   "displayName": "Keeps staging out",
	//   "rules": [
	//     {
	//       "description": "Staging neither reaches what is here nor becomes somebody who does.",
	//       "denyRule": {
	//         "deniedPrincipals": [
	//           "principal://iam.googleapis.com/projects/-/serviceAccounts/app-stg@shared-p.iam.gserviceaccount.com",
	//           "principalSet://iam.googleapis.com/projects/111/locations/global/workloadIdentityPools/shared-p.svc.id.goog/namespace/staging"
	//         ],
	//         "deniedPermissions": [
	//           "cloudbuild.googleapis.com/builds.create",
	//           "cloudresourcemanager.googleapis.com/projects.setIamPolicy",
	//           "composer.googleapis.com/environments.executeAirflowCommand",
	//           "dataproc.googleapis.com/jobs.create",
	//           "deploymentmanager.googleapis.com/deployments.create",
	//           "iam.googleapis.com/roles.update",
	//           "iam.googleapis.com/serviceAccountKeys.create",
	//           "iam.googleapis.com/serviceAccounts.actAs",
	//           "iam.googleapis.com/serviceAccounts.getAccessToken",
	//           "iam.googleapis.com/serviceAccounts.getOpenIdToken",
	//           "iam.googleapis.com/serviceAccounts.implicitDelegation",
	//           "iam.googleapis.com/serviceAccounts.setIamPolicy",
	//           "iam.googleapis.com/serviceAccounts.signBlob",
	//           "iam.googleapis.com/serviceAccounts.signJwt",
	//           "iam.googleapis.com/workloadIdentityPoolProviders.create",
	//           "iam.googleapis.com/workloadIdentityPoolProviders.update",
	//           "run.googleapis.com/jobs.runWithOverrides",
	//           "secretmanager.googleapis.com/secrets.setIamPolicy",
	//           "secretmanager.googleapis.com/versions.access"
	//         ]
	//       }
	//     }
	//   ]
	// }
}
