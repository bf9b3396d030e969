// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"encoding/json"
	"fmt"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

// The grant that ActAs asks for is added to what gcloud printed.
func Example() {
	const printed = `{
	  "bindings": [{"members": ["group:admins@example.com"], "role": "roles/iam.serviceAccountAdmin"}],
	  "etag": "BwWWja0YfJA=",
	  "version": 1
	}`
	var policy gcp.Policy
	if err := json.Unmarshal([]byte(printed), &policy); err != nil {
		fmt.Println(err)
		return
	}
	pool := identity.Pool{ProjectID: "my-project", ProjectNumber: 111122223333}
	acting := bulkhead.Must(identity.ActAs(identity.Account("staging", "backend-service"), "staging-sa@my-project.iam.gserviceaccount.com", pool))
	merged := bulkhead.Must(gcp.Merge(policy, gcp.Bind(acting.Grant)))
	fmt.Println(string(bulkhead.Must(json.MarshalIndent(merged, "", "  "))))
	// Output:
	// {
	//   "version": 1,
	//   "bindings": [
	//     {
	//       "role": "roles/iam.serviceAccountAdmin",
	//       "members": [
	//         "group:admins@example.com"
	//       ]
	//     },
	//     {
	//       "role": "roles/iam.workloadIdentityUser",
	//       "members": [
	//         "serviceAccount:my-project.svc.id.goog[staging/backend-service]"
	//       ]
	//     }
	//   ],
	//   "etag": "BwWWja0YfJA="
	// }
}

// A policy that was read without its conditions is not written back.
func ExampleMerge_hiddenCondition() {
	policy := gcp.Policy{Version: 1, Etag: "BwWWja0YfJA=", Bindings: []gcp.Binding{{
		Role:    "roles/cloudsql.client_withcond_2b17cc25d2cd9e2c54d8",
		Members: []identity.Member{identity.ParseMember("group:developers@example.com")},
	}}}
	_, err := gcp.Merge(policy, gcp.Binding{Role: "roles/cloudsql.client", Members: []identity.Member{identity.ParseMember("group:operators@example.com")}})
	fmt.Println(err)
	// Output:
	// Policy: bindings[0].role: Invalid value: "roles/cloudsql.client_withcond_2b17cc25d2cd9e2c54d8": the policy was read without its conditions, and writing it would remove them; read it with requestedPolicyVersion 3
}

// A grant on a condition never joins one without.
func ExampleMerge_condition() {
	developers := []identity.Member{identity.ParseMember("group:developers@example.com")}
	policy := gcp.Policy{Version: 1, Etag: "BwWWja0YfJA=", Bindings: []gcp.Binding{{Role: "roles/cloudsql.client", Members: developers}}}
	merged := bulkhead.Must(gcp.Merge(policy, gcp.Binding{
		Role: "roles/cloudsql.client", Members: developers,
		Condition: &gcp.Condition{Title: "staging", Expression: `resource.name == "projects/my-project/instances/staging"`},
	}))
	fmt.Println(merged.Version, len(merged.Bindings))
	// Output:
	// 3 2
}

func ExampleBind() {
	acting := bulkhead.Must(identity.ActAs(identity.Account("staging", "backend-service"),
		"staging-sa@my-project.iam.gserviceaccount.com", identity.Pool{ProjectID: "my-project", ProjectNumber: 111122223333}))
	binding := gcp.Bind(acting.Grant)
	fmt.Println(binding.Role, binding.Members)
	// Output:
	// roles/iam.workloadIdentityUser [serviceAccount:my-project.svc.id.goog[staging/backend-service]]
}
