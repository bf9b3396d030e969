// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/watertight-go/watertight/bulkhead"
)

// contentOf returns what a custom resource holds, whether it is unstructured or of a Go
// type of its controller.
func contentOf(obj bulkhead.Object) map[string]any {
	if u, ok := obj.(runtime.Unstructured); ok {
		return u.UnstructuredContent()
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(obj)
	if err != nil {
		return nil
	}
	return content
}

// at returns what stands under some keys, or nil where the content has another shape.
func at(content any, keys ...string) any {
	for _, key := range keys {
		m, _ := content.(map[string]any)
		content = m[key]
	}
	return content
}

func mapAt(content any, keys ...string) map[string]any {
	m, _ := at(content, keys...).(map[string]any)
	return m
}

func listAt(content any, keys ...string) []any {
	l, _ := at(content, keys...).([]any)
	return l
}

func stringAt(content any, keys ...string) string {
	s, _ := at(content, keys...).(string)
	return s
}

// stringsAt returns the strings of a list, with "" in place of what is none.
func stringsAt(content any, keys ...string) []string {
	var out []string
	for _, item := range listAt(content, keys...) {
		s, _ := item.(string)
		out = append(out, s)
	}
	return out
}

// A match is whether something matches a namespace.
type match int

const (
	no match = iota
	perhaps
	yes
)

// spaces are the labels of the namespaces of the set.
type spaces map[string]map[string]string

func spacesOf(objs []bulkhead.Object) spaces {
	out := make(spaces)
	for ns := range bulkhead.Each[*corev1.Namespace](objs) {
		out[ns.Name] = ns.Labels
	}
	return out
}

// selects tells whether a label selector of a custom resource matches a namespace. Of a
// namespace that is not in the set only the label with its name is known
// (kubernetes 1.37, pkg/registry/core/namespace, kubernetes.io/metadata.name).
func (s spaces) selects(selector map[string]any, namespace string) match {
	var typed metav1.LabelSelector
	if runtime.DefaultUnstructuredConverter.FromUnstructured(selector, &typed) != nil {
		return perhaps
	}
	parsed, err := metav1.LabelSelectorAsSelector(&typed)
	if err != nil {
		return perhaps
	}
	return s.matches(parsed, namespace)
}

func (s spaces) matches(selector labels.Selector, namespace string) match {
	known := labels.Set{corev1.LabelMetadataName: namespace}
	given, complete := s[namespace]
	for key, value := range given {
		if key != corev1.LabelMetadataName {
			known[key] = value
		}
	}
	if !complete {
		requirements, selectable := selector.Requirements()
		for _, r := range requirements {
			if r.Key() != corev1.LabelMetadataName {
				return perhaps
			}
			selectable = selectable && r.Matches(known)
		}
		if !selectable {
			return no
		}
		return yes
	}
	if selector.Matches(known) {
		return yes
	}
	return no
}

// maxPattern is the length of the longest pattern that is compiled.
const maxPattern = 1000

// pattern tells whether a regular expression matches anywhere in a name. One that is
// not valid here may be in the dialect of another language.
func pattern(expression, name string) match {
	if len(expression) > maxPattern {
		return perhaps
	}
	re, err := regexp.Compile(expression)
	switch {
	case err != nil:
		return perhaps
	case re.MatchString(name):
		return yes
	default:
		return no
	}
}

// patterns tells whether one of a list of regular expressions, with commas between,
// matches all of a name.
func patterns(list, name string) match {
	best := no
	for expression := range strings.SplitSeq(list, ",") {
		expression = strings.TrimSpace(expression)
		if expression == "" {
			continue
		}
		best = max(best, pattern("^(?:"+expression+")$", name))
	}
	return best
}
