// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"cmp"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// namespacesOf is spaceOf for labels of namespaces, all of which have the label
// kubernetes.io/metadata.name.
func namespacesOf(selector *metav1.LabelSelector) (labelSpace, bool) {
	space, ok := spaceOf(selector)
	if ok {
		space.narrow(corev1.LabelMetadataName, labelValues{all: true})
	}
	return space, ok
}

// oneNamespace is the space of a namespace's labels, of which only the name is
// known. The empty name stands for the namespace that a manifest leaves to
// kubectl; no selector can name it, since labels do not hold parentheses.
func oneNamespace(name string) labelSpace {
	return labelSpace{corev1.LabelMetadataName: {listed: []string{cmp.Or(name, "(own)")}}}
}

// onlyName returns the name of the single namespace that can match, if there is one.
func (s labelSpace) onlyName() (string, bool) {
	values := s.at(corev1.LabelMetadataName)
	if values.absent || values.all || len(values.listed) != 1 {
		return "", false
	}
	return values.listed[0], true
}

// everyNamespace reports whether namespaces of any labels match.
func (s labelSpace) everyNamespace() bool {
	everything, _ := namespacesOf(nil) // nil compiles
	return everything.within(s)
}

// bounds returns the keys that must be there for labels to match: somebody has to
// set each of them. The name of a namespace counts if the space confines it to
// some values, since every namespace has one.
func (s labelSpace) bounds() []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(s)) {
		if values := s[key]; !values.absent && (!values.all || key != corev1.LabelMetadataName) {
			out = append(out, key)
		}
	}
	return out
}

// contradiction returns a key of which more is asked than any value can meet.
func (s labelSpace) contradiction() (key string, found bool) {
	for _, key := range slices.Sorted(maps.Keys(s)) {
		if s[key].none() {
			return key, true
		}
	}
	return "", false
}

// everyPod reports whether a selector selects every pod.
func everyPod(selector *metav1.LabelSelector) bool {
	return len(selector.MatchLabels) == 0 && len(selector.MatchExpressions) == 0
}
