// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/identity/gcp"
)

// The output of gcloud projects get-iam-policy --format=json, with fields that are
// not of the policy.
const printed = `{
  "auditConfigs": [{"auditLogConfigs": [{"exemptedMembers": ["user:alice@example.com"], "logType": "DATA_READ"}, {"logType": "ADMIN_READ"}], "service": "allServices"}],
  "bindings": [
    {"bindingId": "abc", "members": ["serviceAccount:my-project.svc.id.goog[prod/app]", "user:alice@example.com"], "role": "roles/cloudsql.client"},
    {"condition": {"expression": "request.time < timestamp('2030-01-01T00:00:00Z')", "title": "until 2030"}, "members": ["allUsers"], "role": "roles/a"}
  ],
  "etag": "BwWWja0YfJA=",
  "version": 3
}`

func TestPolicyInJSON(t *testing.T) {
	var policy gcp.Policy
	if err := json.Unmarshal([]byte(printed), &policy); err != nil {
		t.Fatal(err)
	}
	if policy.Bindings[0].Members[0].Namespace != "prod" || policy.Bindings[1].Condition == nil || policy.AuditConfigs[0].AuditLogConfigs[1].LogType != "ADMIN_READ" {
		t.Errorf("read as %+v", policy)
	}
	out, err := json.Marshal(policy)
	if err != nil {
		t.Fatal(err)
	}
	var want, got any
	if err := errors.Join(json.Unmarshal([]byte(printed), &want), json.Unmarshal(out, &got)); err != nil {
		t.Fatal(err)
	}
	delete(want.(map[string]any)["bindings"].([]any)[0].(map[string]any), "bindingId")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("written (-read +written):\n%s", diff)
	}
}
