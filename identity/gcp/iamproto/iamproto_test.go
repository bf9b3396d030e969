// SPDX-License-Identifier: Apache-2.0

package iamproto_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"cloud.google.com/go/iam/apiv1/iampb"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/type/expr"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
	"github.com/watertight-go/watertight/identity/gcp/iamproto"
)

// A program that has a client reads a policy with conditions, merges, and writes.
func Example() {
	policy := &iampb.Policy{Version: 1, Etag: []byte("etag"), Bindings: []*iampb.Binding{
		{Role: "roles/iam.serviceAccountAdmin", Members: []string{"group:admins@example.com"}},
	}}
	acting := bulkhead.Must(identity.ActAs(identity.Account("staging", "backend-service"),
		"staging-sa@my-project.iam.gserviceaccount.com", identity.Pool{ProjectID: "my-project", ProjectNumber: 111122223333}))

	merged := bulkhead.Must(iamproto.Merge(policy, gcp.Bind(acting.Grant)))
	for _, binding := range merged.GetBindings() {
		fmt.Println(binding.GetRole(), binding.GetMembers())
	}
	fmt.Printf("%s\n", merged.GetEtag())
	// Output:
	// roles/iam.serviceAccountAdmin [group:admins@example.com]
	// roles/iam.workloadIdentityUser [serviceAccount:my-project.svc.id.goog[staging/backend-service]]
	// etag
}

func ExampleMerge() {
	_, err := iamproto.Merge(&iampb.Policy{}, gcp.Binding{Role: "roles/viewer", Members: []identity.Member{identity.ParseMember("group:devs@example.com")}})
	fmt.Println(err)
	// Output:
	// Policy: etag: Required value: the policy was not read; writing it would overwrite the one that is there
}

func ExampleFrom() {
	policy := iamproto.From(&iampb.Policy{Version: 3, Bindings: []*iampb.Binding{{Role: "roles/viewer", Members: []string{"allUsers"}}}})
	fmt.Println(policy.Version, policy.Bindings[0].Members[0].Kind == identity.AllUsersMember)
	// Output:
	// 3 true
}

func ExampleTo() {
	policy, err := iamproto.To(gcp.Policy{Version: 3, Etag: "ZXRhZw=="})
	fmt.Printf("%d %s %v\n", policy.GetVersion(), policy.GetEtag(), err)
	// Output:
	// 3 etag <nil>
}

// The output of gcloud projects get-iam-policy --format=json, with a field that is
// not of the policy.
const printed = `{
  "auditConfigs": [{"auditLogConfigs": [{"exemptedMembers": ["user:alice@example.com"], "logType": "DATA_READ"}, {"logType": "ADMIN_READ"}], "service": "allServices"}],
  "bindings": [
    {"bindingId": "abc", "members": ["serviceAccount:my-project.svc.id.goog[prod/app]", "user:alice@example.com"], "role": "roles/cloudsql.client"},
    {"condition": {"description": "d", "expression": "true", "location": "l", "title": "t"}, "members": ["group:devs@example.com", "what is this"], "role": "roles/a"}
  ],
  "etag": "BwWWja0YfJA=",
  "version": 3
}`

// asRead is the policy as Google's own types read it.
func asRead(t *testing.T) *iampb.Policy {
	t.Helper()
	out := &iampb.Policy{}
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal([]byte(printed), out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestBothJSONReadersAgree(t *testing.T) {
	var own gcp.Policy
	if err := json.Unmarshal([]byte(printed), &own); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(own, iamproto.From(asRead(t))); diff != "" {
		t.Errorf("From (-JSON +iampb):\n%s", diff)
	}
	back, err := iamproto.To(own)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(asRead(t), back, protocmp.Transform()); diff != "" {
		t.Errorf("To (-iampb +JSON):\n%s", diff)
	}
}

func TestMergeKeepsWhatItDoesNotKnow(t *testing.T) {
	policy := asRead(t)
	unknown := protowire.AppendString(protowire.AppendTag(nil, 999, protowire.BytesType), "of a later version")
	for _, m := range []proto.Message{policy, policy.Bindings[0], policy.Bindings[1].Condition, policy.AuditConfigs[0], policy.AuditConfigs[0].AuditLogConfigs[0]} {
		m.ProtoReflect().SetUnknown(unknown)
	}
	policy.AuditConfigs[0].AuditLogConfigs[1].LogType = 77
	policy.Bindings = append(policy.Bindings, nil)
	before := proto.CloneOf(policy)
	before.Bindings[2] = nil // a clone has an empty message there

	merged, err := iamproto.Merge(policy,
		gcp.Binding{Role: "roles/cloudsql.client", Members: []identity.Member{identity.ParseMember("group:devs@example.com")}},
		gcp.Binding{Role: "roles/new", Members: []identity.Member{identity.ParseMember("allUsers")}})
	if err != nil {
		t.Fatal(err)
	}
	want := proto.CloneOf(policy)
	want.Bindings[0].Members = append(want.Bindings[0].Members, "group:devs@example.com")
	want.Bindings = append(want.Bindings, &iampb.Binding{Role: "roles/new", Members: []string{"allUsers"}})
	if diff := cmp.Diff(want, merged, protocmp.Transform()); diff != "" {
		t.Errorf("merged (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, policy, protocmp.Transform()); diff != "" {
		t.Errorf("the argument was changed:\n%s", diff)
	}
}

func TestMergeRefusesAsTheOtherDoes(t *testing.T) {
	binding := gcp.Binding{Role: "roles/a", Members: []identity.Member{identity.ParseMember("allUsers")}}
	for name, policy := range map[string]*iampb.Policy{
		"nil":               nil,
		"no etag":           {},
		"hidden conditions": {Version: 1, Etag: []byte("x"), Bindings: []*iampb.Binding{{Role: "roles/a_withcond_0123456789abcdef0123"}}},
	} {
		if got, err := iamproto.Merge(policy, binding); err == nil || got != nil {
			t.Errorf("%s: %v, error %v", name, got, err)
		} else if _, ok := errors.AsType[*bulkhead.InvalidError](err); !ok {
			t.Errorf("%s: %T", name, err)
		}
	}
}

func TestToRefuses(t *testing.T) {
	_, err := iamproto.To(gcp.Policy{Etag: "*", AuditConfigs: []gcp.AuditConfig{{AuditLogConfigs: []gcp.AuditLogConfig{{LogType: "DATA_READ"}, {LogType: "EVERYTHING"}, {}}}}})
	invalid, ok := errors.AsType[*bulkhead.InvalidError](err)
	if !ok || len(invalid.Errs) != 2 || invalid.Errs[0].Field != "etag" || invalid.Errs[1].Field != "auditConfigs[0].auditLogConfigs[1].logType" {
		t.Errorf("error %v", err)
	}
}

// A policy of Google's types is the same after it was carried there and back.
func TestThereAndBack(t *testing.T) {
	texts := rapid.SliceOfN(rapid.SampledFrom([]string{"allUsers", "user:a@example.com", "x", "deleted:user:a@example.com?uid=1"}), 1, 3)
	rapid.Check(t, func(t *rapid.T) {
		policy := &iampb.Policy{Version: rapid.Int32().Draw(t, "version"), Etag: rapid.SliceOf(rapid.Byte()).Draw(t, "etag")}
		for range rapid.IntRange(0, 4).Draw(t, "bindings") {
			binding := &iampb.Binding{Role: rapid.StringMatching(`[a-z/]{0,9}`).Draw(t, "role"), Members: texts.Draw(t, "members")}
			if rapid.Bool().Draw(t, "conditional") {
				binding.Condition = &expr.Expr{Expression: rapid.StringMatching(`[a-z]{0,3}`).Draw(t, "expression"), Title: "t"}
			}
			policy.Bindings = append(policy.Bindings, binding)
		}
		for range rapid.IntRange(0, 2).Draw(t, "audit configs") {
			policy.AuditConfigs = append(policy.AuditConfigs, &iampb.AuditConfig{Service: "s", AuditLogConfigs: []*iampb.AuditLogConfig{
				{LogType: iampb.AuditLogConfig_LogType(rapid.Int32Range(0, 9).Draw(t, "log")), ExemptedMembers: texts.Draw(t, "exempted")},
			}})
		}
		back, err := iamproto.To(iamproto.From(policy))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(policy, back, protocmp.Transform()); diff != "" {
			t.Fatalf("(-there +back):\n%s", diff)
		}
	})
}
