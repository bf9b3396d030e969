// SPDX-License-Identifier: Apache-2.0

package space

import (
	"cmp"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Namespaces is a set of namespaces by their labels. Each of them has the label
// kubernetes.io/metadata.name, which the API server sets (Kubernetes documentation,
// "Namespaces", "Automatic labelling").
type Namespaces struct{ labels Labels }

// AllNamespaces returns every namespace there may be.
func AllNamespaces() Namespaces { return named(values{others: true}) }

// NamespaceNamed returns the namespaces that may have a name: those with this name,
// and any other labels. The empty name stands for the namespace that a manifest
// leaves to kubectl; no selector can name it, since labels do not hold parentheses.
func NamespaceNamed(name string) Namespaces {
	return named(values{listed: []string{cmp.Or(name, "(own)")}})
}

func named(names values) Namespaces {
	return Namespaces{Labels{some: true, keys: []key{{corev1.LabelMetadataName, names}}}}
}

// NamespacesOf is [LabelsOf] for a selector whose labels are those of namespaces.
func NamespacesOf(selector *metav1.LabelSelector) (Namespaces, bool) {
	labels, ok := LabelsOf(selector)
	return AllNamespaces().Intersect(Namespaces{labels}), ok
}

// Intersect returns the namespaces that are in both sets.
func (n Namespaces) Intersect(m Namespaces) Namespaces {
	return Namespaces{n.labels.Intersect(m.labels)}
}

// Covers is [Labels.Covers].
func (n Namespaces) Covers(m Namespaces) bool { return n.labels.Covers(m.labels) }

// Overlaps reports whether a namespace may be in both sets.
func (n Namespaces) Overlaps(m Namespaces) bool { return n.labels.Overlaps(m.labels) }

// Empty reports whether no namespace can be in the set.
func (n Namespaces) Empty() bool { return n.labels.Empty() }

// Contradiction is [Labels.Contradiction].
func (n Namespaces) Contradiction() (key string, found bool) { return n.labels.Contradiction() }

// Required is [Labels.Required]. The name counts if the set is confined to some
// names, since every namespace has one.
func (n Namespaces) Required() []string {
	return slices.DeleteFunc(n.labels.Required(), func(key string) bool {
		return key == corev1.LabelMetadataName && n.labels.at(key).others
	})
}

// Names returns the names to which the set is confined, in order, if there are any.
func (n Namespaces) Names() []string {
	if names := n.labels.at(corev1.LabelMetadataName); !names.others {
		return slices.Clone(names.listed)
	}
	return nil
}

// Size is [Labels.Size].
func (n Namespaces) Size() int { return n.labels.Size() }
