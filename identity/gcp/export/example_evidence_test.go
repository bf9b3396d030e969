// SPDX-License-Identifier: Apache-2.0

package export_test

import (
	"fmt"
	"os"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
	"github.com/watertight-go/watertight/identity/gcp/export"
)

// Evidence from files, as docs/google-cloud.md shows it.
func Example_files() {
	open := func(name string) *os.File { return bulkhead.Must(os.Open("testdata/" + name)) }

	resources := bulkhead.Must(export.Policies("policies.json", open("policies.json")))
	for i := range resources { // the search was over the whole organization
		resources[i].Whole = resources[i].Name == "//cloudresourcemanager.googleapis.com/organizations/1"
	}
	instances := bulkhead.Must(export.Instances("instances.json", open("instances.json")))
	users := bulkhead.Must(export.Users("users.json", open("users.json")))
	for _, resource := range instances {
		resource.Instance.Users = users[resource.Name]
	}
	resources = append(resources, instances...)
	resources = append(resources, bulkhead.Must(export.Datasets("datasets.json", open("datasets.json")))...)
	resources = append(resources, bulkhead.Must(export.Clusters("clusters.json", open("clusters.json")))...)
	evidence := gcp.Evidence{
		Resources: resources,
		Roles:     bulkhead.Must(export.Roles("roles.json", open("roles.json"))),
		Pools:     []string{"shared-p.svc.id.goog"},
	}

	staging := gcp.Subject{
		Workload: identity.Workload{
			Pool:      identity.Pool{ProjectID: "shared-p", ProjectNumber: 111},
			Namespace: "staging",
			Cluster:   "https://container.googleapis.com/v1/projects/shared-p/locations/europe-west1/clusters/main",
		},
		HostNetwork: identity.No,
	}
	protected := []string{
		"//cloudsql.googleapis.com/projects/prod-data/instances/orders",
		"//bigquery.googleapis.com/projects/prod-data/datasets/sales",
	}
	fmt.Println(bulkhead.Must(evidence.NoAccess([]gcp.Subject{staging}, protected, gcp.DataPermissions()...)))
	// Output:
	// Sealed
	// because: Instance/prod-data/orders settings.connectorEnforcement: direct connections are refused, and IAM gives the subjects no cloudsql.instances.connect
}
