// SPDX-License-Identifier: Apache-2.0

package created_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/internal/created"
)

func TestInSomeNamespace(t *testing.T) {
	left, named := &corev1.Secret{}, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "staging"}}
	if got := created.InSomeNamespace(left); got.Namespace == "" || left.Namespace != "" {
		t.Errorf("an object without a namespace: got %q, and the argument now has %q", got.Namespace, left.Namespace)
	}
	if got := created.InSomeNamespace(named); got != named {
		t.Errorf("an object in a namespace was copied or changed: %v", got)
	}
}

func TestRefused(t *testing.T) {
	yes := true
	owner := metav1.OwnerReference{APIVersion: "apps/v1", Kind: "Deployment", Name: "web", UID: "u", Controller: &yes}
	other := owner
	other.UID = "v"
	tests := map[string]struct {
		edit  func(*metav1.ObjectMeta)
		scope created.Scope
		want  []string
	}{
		"valid":                             {edit: func(*metav1.ObjectMeta) {}, scope: created.Namespaced},
		"no namespace":                      {func(m *metav1.ObjectMeta) { m.Namespace = "" }, created.Namespaced, []string{"metadata.namespace"}},
		"a namespace too many":              {func(*metav1.ObjectMeta) {}, created.Cluster, nil},
		"a name from a prefix":              {func(m *metav1.ObjectMeta) { m.Name, m.GenerateName = "", "web-" }, created.Namespaced, nil},
		"a prefix that is no part of a URL": {func(m *metav1.ObjectMeta) { m.GenerateName = "%-" }, created.Namespaced, []string{"metadata.generateName"}},
		"one owner named twice":             {func(m *metav1.ObjectMeta) { m.OwnerReferences = []metav1.OwnerReference{owner, owner} }, created.Namespaced, nil},
		"two controllers":                   {func(m *metav1.ObjectMeta) { m.OwnerReferences = []metav1.OwnerReference{owner, other} }, created.Namespaced, []string{"metadata.ownerReferences"}},
		"a finalizer of nobody":             {func(m *metav1.ObjectMeta) { m.Finalizers = []string{"orphan", "mine"} }, created.Namespaced, []string{"metadata.finalizers[1]"}},
		"a negative generation":             {func(m *metav1.ObjectMeta) { m.Generation = -1 }, created.Namespaced, []string{"metadata.generation"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			meta := metav1.ObjectMeta{Namespace: "staging", Name: "web"}
			tt.edit(&meta)
			var got []string
			for _, err := range created.Refused(meta, tt.scope, apivalidation.NameIsDNSSubdomain, nil) {
				got = append(got, err.Field)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRefusedKeepsWhatTheCallerFound(t *testing.T) {
	found := field.ErrorList{field.Required(field.NewPath("spec"), "no spec")}
	got := created.Refused(metav1.ObjectMeta{Namespace: "staging", GenerateName: "%-", Name: "web"}, created.Namespaced, apivalidation.NameIsDNSSubdomain, found)
	if len(got) != 1 || got[0] != found[0] {
		t.Errorf("got %v: the second look is for what passed the first", got)
	}
}
