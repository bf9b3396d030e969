// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/reach"
)

// Objects of a dynamic client are read as those of a typed one.
func TestUnstructuredObjects(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objs := append(drawPlaces(t), drawPolicies(t, true)...)
		loose := make([]bulkhead.Object, len(objs))
		for i, obj := range objs {
			content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(obj)
			if err != nil {
				t.Fatal(err)
			}
			u := &unstructured.Unstructured{Object: content}
			ref := bulkhead.RefTo(obj)
			u.SetKind(ref.Kind)
			u.SetAPIVersion(apiVersions()[ref.Kind])
			loose[i] = u
		}
		before, after := newCluster(t, objs, reach.Generic), newCluster(t, nil, reach.Generic)
		after.Update(loose...)
		if d := reach.Diff(before, after); !d.None() {
			t.Fatalf("it differs by %+v", d)
		}
		if d := cmp.Diff(before.Findings(), after.Findings()); d != "" {
			t.Fatal(d)
		}
	})
}

func apiVersions() map[string]string {
	return map[string]string{
		"Namespace": "v1", "Node": "v1", "Pod": "v1", "Service": "v1", "Deployment": "apps/v1", "StatefulSet": "apps/v1", "ReplicaSet": "apps/v1",
		"NetworkPolicy": "networking.k8s.io/v1", "ClusterNetworkPolicy": "policy.networking.k8s.io/v1alpha2",
		"AdminNetworkPolicy": "policy.networking.k8s.io/v1alpha1", "BaselineAdminNetworkPolicy": "policy.networking.k8s.io/v1alpha1",
	}
}

// One that is not what its kind says is named and left out, and leaves open what it
// may decide.
func TestUnreadableObject(t *testing.T) {
	objs := append(read(t, `{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}}`), &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": map[string]any{"name": "bad", "namespace": "shop"},
		"spec": map[string]any{"podSelector": "all"},
	}})
	c := newCluster(t, objs, reach.Reference)
	found := false
	for _, f := range c.Findings().Of(bulkhead.Error) {
		found = found || f.Rule == reach.UnreadableObject && f.Object.Name == "bad"
	}
	if !found {
		t.Errorf("no finding: %v", c.Findings())
	}
	if a := c.Allowed(endpoint(t, "203.0.113.9"), reach.Pod("shop/web"), reach.TCP(80)); a.Verdict != reach.Unknown {
		t.Errorf("%s: %v", a.Verdict, a.Why())
	}
}
