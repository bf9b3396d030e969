// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/spelling"
)

// absentNamespace is AbsentNamespace where the set shows that its author wrote down the
// namespaces, or that the name has a slip. Each namespace is told once, at its first
// object.
func absentNamespace(p *bulkhead.Pass) {
	present, inhabited := make(map[string]bool), make(map[string]bool)
	first := make(map[string]bulkhead.Object)
	var names []string
	for _, it := range itemsOf(p.Objects) {
		switch name := it.ref.Namespace; {
		case name != "" && it.role != serviceRole:
			inhabited[name] = inhabited[name] || it.role == placeRole
			if first[name] == nil {
				first[name] = it.obj
				names = append(names, name)
			}
		case it.ref.Kind == "Namespace":
			present[it.ref.Name] = true
		}
	}
	meant := spelling.NewIndex()
	for name := range present {
		meant.Add(name)
	}
	for _, name := range names {
		if inhabited[name] {
			meant.Add(name)
		}
	}
	for _, name := range names {
		if present[name] || inEveryCluster(name) {
			continue
		}
		at := field.NewPath("metadata", "namespace")
		if other, ok := meant.CloseTo(name); ok && (present[other] || !inhabited[name]) {
			p.Reportf(first[name], at, "write "+other, "the object is in %s, of which there is no Namespace, and not in %s", name, other)
		} else if len(present) > 0 {
			p.Reportf(first[name], at, "add the Namespace, or correct the name",
				"there is no Namespace object of %s, so that of its labels only kubernetes.io/metadata.name is known", name)
		}
	}
}

// inEveryCluster reports whether a namespace needs no manifest (Kubernetes
// documentation, "Namespaces", "Initial namespaces").
func inEveryCluster(namespace string) bool {
	return slices.Contains([]string{metav1.NamespaceDefault, metav1.NamespaceSystem, metav1.NamespacePublic, corev1.NamespaceNodeLease}, namespace)
}
