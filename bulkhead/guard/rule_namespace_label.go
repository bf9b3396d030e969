// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// NamespaceLabel is a guard that goes by a label of the namespace that can be edited.
const NamespaceLabel = "guard/namespace-label"

func namespaceLabel(p *bulkhead.Pass) {
	policies, webhooks := policiesOf(p.Objects), guardingWebhooks(p.Objects)
	if slices.ContainsFunc(webhooks, func(hook webhook) bool { return judges(hook.ValidatingWebhook, namespaces()) }) {
		return // it may keep the label
	}
	var keepers []keeper
	for _, policy := range policies {
		if !policy.mutates && policy.covers(namespaces().request(update)) {
			expressions := policy.deciding()
			keepers = append(keepers, keeper{policy, expressions, judgesAllLabels(expressions)})
		}
	}
	kept := make(map[string]bool)
	keeps := func(key string) bool {
		if _, ok := kept[key]; !ok {
			kept[key] = slices.ContainsFunc(keepers, func(k keeper) bool { return k.keeps(key) })
		}
		return kept[key]
	}
	for selector := range namespaceSelectors(policies, bindingsOf(p.Objects), webhooks) {
		for _, key := range keysOf(selector.LabelSelector) {
			if selector.mutates || key == corev1.LabelMetadataName || keeps(key) {
				continue
			}
			p.Reportf(selector.object, selector.at, "select by "+corev1.LabelMetadataName,
				"whoever may label the namespace decides whether anything in it is judged: by the label %s", key)
		}
	}
	for _, policy := range policies {
		if policy.mutates {
			continue
		}
		for _, c := range policy.readConditions() {
			if key, ok := c.readsNamespaceLabel(); ok && key != corev1.LabelMetadataName && !keeps(key) {
				p.Reportf(policy.object, c.at, "go by namespaceObject.metadata.name",
					"whoever may label the namespace decides whether anything in it is judged")
			}
		}
	}
}

// A keeper is a policy that judges updates of namespaces.
type keeper struct {
	policy

	expressions []expression
	allLabels   bool
}

// keeps reports whether a policy keeps a label of namespaces as it is. It does not if
// it goes by the label itself: of an update the selector sees the new labels
// (k8s.io/apiserver v0.37, pkg/admission/plugin/webhook/predicates/namespace).
func (k keeper) keeps(key string) bool {
	return !slices.Contains(keysOf(k.match.NamespaceSelector), key) && (k.allLabels || mention(k.expressions, key))
}

func namespaces() served { return served{version: "v1", plural: "namespaces", cluster: true} }

// judgesAllLabels reports whether a policy compares the labels of an object as a
// whole with those before.
func judgesAllLabels(expressions []expression) bool {
	return slices.ContainsFunc(expressions, func(e expression) bool {
		whole := func(root string) bool {
			for _, value := range e.Reads {
				for _, path := range value {
					if below, ok := path.Under(root, "metadata", "labels"); ok && len(below) == 0 {
						return true
					}
				}
			}
			return false
		}
		return whole("object") && whole("oldObject")
	})
}

func (e expression) readsNamespaceLabel() (string, bool) {
	for _, value := range e.Reads {
		for _, path := range value {
			if below, ok := path.Under("namespaceObject", "metadata", "labels"); ok {
				return strings.Join(below, ""), true
			}
		}
	}
	return "", false
}

// A namespaceSelector is one, with its place.
type namespaceSelector struct {
	*metav1.LabelSelector

	object  bulkhead.Object
	at      *field.Path
	mutates bool
}

func namespaceSelectors(policies []policy, bindings []binding, webhooks []webhook) func(func(namespaceSelector) bool) {
	return func(yield func(namespaceSelector) bool) {
		for _, p := range policies {
			if p.match != nil && !yield(namespaceSelector{p.match.NamespaceSelector, p.object, p.matchAt().Child("namespaceSelector"), p.mutates}) {
				return
			}
		}
		for _, b := range bindings {
			if b.match != nil && !yield(namespaceSelector{b.match.NamespaceSelector, b.object, b.matchAt().Child("namespaceSelector"), b.mutates}) {
				return
			}
		}
		for _, w := range webhooks {
			if w.NamespaceSelector != nil && !yield(namespaceSelector{w.NamespaceSelector, w.object, w.at.Child("namespaceSelector"), false}) {
				return
			}
		}
	}
}

// keysOf returns the keys of the labels that a selector looks at, each once.
func keysOf(selector *metav1.LabelSelector) []string {
	keys := slices.Collect(maps.Keys(selector.MatchLabels))
	for _, r := range selector.MatchExpressions {
		keys = append(keys, r.Key)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// labelWords names the labels that a selector looks at.
func labelWords(selector *metav1.LabelSelector) string {
	keys := keysOf(selector)
	if len(keys) == 1 {
		return "label " + keys[0]
	}
	return "labels " + strings.Join(keys, ", ")
}
