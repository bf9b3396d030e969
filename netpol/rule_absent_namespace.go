// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/spelling"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// AbsentNamespace is a name in a ClusterNetworkPolicy that no namespace has, so that
// the wall stands around nothing.
const AbsentNamespace = "netpol/absent-namespace"

func absentNamespace(p *bulkhead.Pass) {
	present, known := namesOfNamespaces(p.Objects)
	for cnp := range bulkhead.Each[*policyv1alpha2.ClusterNetworkPolicy](p.Objects) {
		for selector := range tierSelectors(cnp) {
			if !selector.namespaces || len(unusableNamespaces(selector.LabelSelector, selector.at)) > 0 {
				continue // UnusableClusterPolicy speaks of these
			}
			namespaces, _ := space.NamespacesOf(selector.LabelSelector)
			asked := namespaces.Names()
			for _, name := range asked {
				if _, impossible := impossibleName(name); impossible {
					p.Reportf(cnp, selector.at, "correct the name",
						"%s asks for %q, and no namespace can have this name", selector.part, name)
				} else if meant, ok := present.CloseTo(name); ok && !known[name] && !slices.Contains(asked, meant) {
					p.Reportf(cnp, selector.at, "correct the name",
						"%s leaves out %s: it asks for %s, which is no namespace of the manifests", selector.part, meant, name)
				}
			}
		}
	}
}

// namesOfNamespaces returns the names of the Namespace objects of a set, and those
// of all namespaces that the set shows to be there: theirs, those that its objects
// are in, and those that Kubernetes makes (Kubernetes documentation, "Namespaces").
func namesOfNamespaces(objs []bulkhead.Object) (present spelling.Index, known map[string]bool) {
	present = spelling.NewIndex()
	known = map[string]bool{
		metav1.NamespaceDefault: true, metav1.NamespaceSystem: true, metav1.NamespacePublic: true, corev1.NamespaceNodeLease: true,
	}
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		known[obj.GetNamespace()] = true
		if namespace, ok := obj.(*corev1.Namespace); ok {
			known[namespace.Name] = true
			present.Add(namespace.Name)
		}
	}
	return present, known
}
