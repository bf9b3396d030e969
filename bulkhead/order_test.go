// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
)

// inOrder lists objects as they must be applied: each is here because of what
// stands around it.
func inOrder() []bulkhead.Object {
	const (
		admission = "admissionregistration.k8s.io/v1"
		rbac      = "rbac.authorization.k8s.io/v1"
		policies  = "policy.networking.k8s.io/"
	)
	return []bulkhead.Object{
		untyped("v1", "Namespace", "", "staging"),
		untyped("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "widgets.example.com"),
		untyped("scheduling.k8s.io/v1", "PriorityClass", "", "low"),
		untyped(admission, "ValidatingAdmissionPolicy", "", "p"),
		untyped(admission, "ValidatingAdmissionPolicyBinding", "", "p"),
		untyped(admission, "MutatingAdmissionPolicy", "", "p"),
		untyped(admission, "MutatingAdmissionPolicyBinding", "", "p"),
		untyped(policies+"v1alpha2", "ClusterNetworkPolicy", "", "p"),
		untyped(policies+"v1alpha1", "AdminNetworkPolicy", "", "p"),
		untyped(policies+"v1alpha1", "BaselineAdminNetworkPolicy", "", "default"),
		untyped("networking.k8s.io/v1", "NetworkPolicy", "staging", "a"),
		untyped("networking.k8s.io/v1", "NetworkPolicy", "staging", "b"),
		untyped("v1", "ResourceQuota", "staging", "q"),
		untyped("v1", "LimitRange", "staging", "l"),
		untyped("v1", "ServiceAccount", "staging", "web"),
		untyped(rbac, "ClusterRole", "", "r"),
		untyped(rbac, "Role", "staging", "r"),
		untyped(rbac, "ClusterRoleBinding", "", "r"),
		untyped(rbac, "RoleBinding", "staging", "r"),
		untyped("v1", "Secret", "staging", "s"),
		untyped("v1", "ConfigMap", "staging", "c"),
		untyped("storage.k8s.io/v1", "StorageClass", "", "fast"),
		untyped("v1", "PersistentVolume", "", "v"),
		untyped("v1", "PersistentVolumeClaim", "staging", "v"),
		untyped("v1", "Service", "staging", "web"),
		untyped("policy/v1", "PodDisruptionBudget", "staging", "web"),
		untyped("node.k8s.io/v1", "RuntimeClass", "", "sandbox"),        // what has no namespace comes before
		untyped("apps/v1", "Deployment", "staging", "web"),              // what may refer to it
		untyped("v1", "Pod", "staging", "web"),                          //
		untyped("serving.knative.dev/v1", "Service", "staging", "shop"), // runs pods, unlike the core group's
		untyped("example.com/v1", "Widget", "staging", "web"),           //
	}
}

// The order of application is one and the same whatever the order of the input.
func TestApplyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, err := bulkhead.New("staging", rapid.Permutation(inOrder()).Draw(t, "objects")...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(refsOf(inOrder()), refsOf(b.Objects)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Any objects of different names, of kinds known and unknown, have one order, and
// none is lost.
func TestApplyOrderIsTotal(t *testing.T) {
	objects := rapid.Custom(func(t *rapid.T) bulkhead.Object {
		kind := rapid.SampledFrom([]string{"Pod", "Service", "Secret", "Widget", "NetworkPolicy"}).Draw(t, "kind")
		version := rapid.SampledFrom([]string{"v1", "example.com/v1", "example.org/v1"}).Draw(t, "version")
		return untyped(version, kind, "staging", rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "name"))
	})
	rapid.Check(t, func(t *rapid.T) {
		objs := rapid.SliceOfDistinct(objects, bulkhead.RefTo).Draw(t, "objects")
		one := bulkhead.Must(bulkhead.New("staging", objs...))
		other := bulkhead.Must(bulkhead.New("staging", rapid.Permutation(objs).Draw(t, "other order")...))
		if diff := cmp.Diff(refsOf(one.Objects), refsOf(other.Objects)); diff != "" {
			t.Fatal(diff)
		}
		want, got := refsOf(objs), refsOf(one.Objects)
		slices.SortFunc(want, bulkhead.Ref.Compare)
		slices.SortFunc(got, bulkhead.Ref.Compare)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func BenchmarkNew10000Objects(b *testing.B) {
	objs := manyObjects(10_000, func(i int) string { return numbered("web", i) })
	for _, obj := range objs {
		obj.SetNamespace("staging")
	}
	for b.Loop() {
		if _, err := bulkhead.New("staging", objs...); err != nil {
			b.Fatal(err)
		}
	}
}
