// SPDX-License-Identifier: Apache-2.0

package export_test

import (
	"fmt"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
	"github.com/watertight-go/watertight/identity/gcp/export"
)

// From what gcloud printed to a path and what closes it.
func Example() {
	const policies = `[{
	  "assetType": "cloudresourcemanager.googleapis.com/Project",
	  "project": "projects/222", "organization": "organizations/1",
	  "resource": "//cloudresourcemanager.googleapis.com/projects/prod-data",
	  "policy": {"bindings": [{"role": "roles/secretmanager.secretAccessor",
	    "members": ["principalSet://iam.googleapis.com/projects/111/locations/global/workloadIdentityPools/shared-p.svc.id.goog/*"]}]}
	}]`
	resources, err := export.Policies("policies.json", strings.NewReader(policies))
	if err != nil {
		fmt.Println(err)
		return
	}
	staging := gcp.Subject{Workload: identity.Workload{
		Pool: identity.Pool{ProjectID: "shared-p", ProjectNumber: 111}, Namespace: "staging",
	}}
	proof := bulkhead.Must(gcp.Evidence{Resources: resources}.NoAccess([]gcp.Subject{staging},
		[]string{"//secretmanager.googleapis.com/projects/prod-data/secrets/card-key"}, "secretmanager.versions.access"))
	fmt.Println(proof.Verdict)
	fmt.Println(proof.Breaches[0].Rule, proof.Breaches[0].Change.Object, proof.Breaches[0].Change.Field)
	fmt.Println(proof.Missing[0])
	// Output:
	// Breached
	// gcp/cluster-wide Project/prod-data bindings[0].members[0]
	// the allow policy of //cloudresourcemanager.googleapis.com/organizations/1
}
