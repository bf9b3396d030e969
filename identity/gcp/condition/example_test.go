// SPDX-License-Identifier: Apache-2.0

package condition_test

import (
	"fmt"
	"time"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
	"github.com/watertight-go/watertight/identity/gcp/condition"
)

// A prefix was meant for the instance of staging, and lets another one pass.
func ExampleEvaluator_Holds() {
	conditions := condition.New(time.Date(2026, time.November, 22, 0, 0, 0, 0, time.UTC))
	const prefix = `resource.name.startsWith("projects/my-project/instances/staging")`
	for _, name := range []string{"projects/my-project/instances/prod", "projects/my-project/instances/staging-legacy-prod"} {
		match := conditions.Holds(prefix, gcp.Request{ResourceName: name})
		fmt.Println(name, match.Answer)
	}

	expired := conditions.Holds(`request.time < timestamp("2020-01-01T00:00:00Z")`, gcp.Request{})
	fmt.Println(expired.Answer, expired.Why)

	tagged := conditions.Holds(`resource.matchTag("123/env", "staging")`, gcp.Request{})
	fmt.Println(tagged.Answer, tagged.Missing)
	// Output:
	// projects/my-project/instances/prod no
	// projects/my-project/instances/staging-legacy-prod yes
	// no the condition does not hold from 2026-11-22T00:00:00Z on
	// unknown [the value of resource.matchTag("123/env", "staging")]
}

// The grant was meant for one instance. It is dead, and nobody noticed, since another
// binding gives the role anyway.
func ExampleEvaluator_Lint() {
	staging := []identity.Member{identity.ParseMember("serviceAccount:staging-sa@my-project.iam.gserviceaccount.com")}
	policy := gcp.Policy{Version: 3, Bindings: []gcp.Binding{
		{Role: "roles/cloudsql.client", Members: staging, Condition: &gcp.Condition{Title: "staging", Expression: `resource.name == "my-project:europe-west1:staging"`}},
		{Role: "roles/cloudsql.client", Members: staging},
	}}
	of := bulkhead.Ref{Group: "cloudresourcemanager.googleapis.com", Kind: "Project", Name: "my-project"}
	for _, finding := range condition.New(time.Now()).Lint(of, policy) {
		fmt.Println(finding)
	}
	// Output:
	// warning: Project/my-project bindings[0].condition: serviceAccount:staging-sa@my-project.iam.gserviceaccount.com has roles/cloudsql.client without the condition, by bindings[1]; remove the member from bindings[1] (condition/decorative)
	// warning: Project/my-project bindings[0].condition.expression: no resource has the name my-project:europe-west1:staging, which is a connection name, so the comparison never holds; compare with projects/my-project/instances/staging (condition/never-matches)
}
