// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"regexp"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
)

// A condition admits namespaces to a ClusterSecretStore, in any of three ways.
type condition struct {
	names      []string
	patterns   []*regexp.Regexp
	selector   labels.Selector // nil for none
	unreadable bool
}

func conditionsOf(list []any) []condition {
	out := make([]condition, 0, len(list))
	for _, entry := range list {
		fields, ok := entry.(map[string]any)
		if !ok {
			out = append(out, condition{unreadable: true})
			continue
		}
		out = append(out, conditionOf(fields))
	}
	return out
}

func conditionOf(fields map[string]any) condition {
	var out condition
	names, _, err := unstructured.NestedStringSlice(fields, "namespaces")
	patterns, _, err2 := unstructured.NestedStringSlice(fields, "namespaceRegexes")
	raw, found, err3 := unstructured.NestedMap(fields, "namespaceSelector")
	out.names, out.unreadable = names, err != nil || err2 != nil || err3 != nil
	for _, p := range patterns { // that cannot be compiled match nothing there either
		if re, err := regexp.Compile(p); err == nil {
			out.patterns = append(out.patterns, re)
		}
	}
	if !found {
		return out
	}
	var selector metav1.LabelSelector
	err = runtime.DefaultUnstructuredConverter.FromUnstructured(raw, &selector)
	if err == nil {
		out.selector, err = metav1.LabelSelectorAsSelector(&selector)
	}
	out.unreadable = out.unreadable || err != nil
	return out
}

// admits says whether a store may be used from a namespace, or what is missing to tell
// (External Secrets Operator documentation, "ClusterSecretStore"). Its patterns are not
// anchored. Whoever changes the labels of a namespace makes it one that is selected.
func (s store) admits(namespace string, object *corev1.Namespace, relabelled bool) (bool, string) {
	missing := ""
	for _, c := range s.conditions {
		switch {
		case slices.Contains(c.names, namespace),
			slices.ContainsFunc(c.patterns, func(p *regexp.Regexp) bool { return p.MatchString(namespace) }),
			c.selector != nil && (relabelled || c.selector.Empty()),
			c.selector != nil && object != nil && c.selector.Matches(labels.Set(object.Labels)):
			return true, ""
		case c.unreadable:
			missing = "which namespaces " + s.ref.String() + " is open to: a condition cannot be read"
		case c.selector != nil && object == nil:
			missing = "the labels of namespace " + namespace + ", by which " + s.ref.String() + " is open to it or not"
		}
	}
	return len(s.conditions) == 0, missing
}
