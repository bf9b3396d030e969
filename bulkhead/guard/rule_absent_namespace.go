// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/spelling"
)

// AbsentNamespace is a guard of a namespace that is not there, while one of nearly
// its name or label is.
const AbsentNamespace = "guard/absent-namespace"

func absentNamespace(p *bulkhead.Pass) {
	present := make(map[string]spelling.Index) // values of labels, by key
	known := make(map[[2]string]bool)          // keys and values
	note := func(key, value string) {
		if present[key].Len() == 0 {
			present[key] = spelling.NewIndex()
		}
		present[key].Add(value)
		known[[2]string{key, value}] = true
	}
	for namespace := range bulkhead.Each[*corev1.Namespace](p.Objects) {
		for key, value := range namespace.Labels {
			note(key, value)
		}
		note(corev1.LabelMetadataName, namespace.Name)
	}
	if len(present) == 0 {
		return
	}
	for obj := range bulkhead.Each[bulkhead.Object](p.Objects) {
		known[[2]string{corev1.LabelMetadataName, obj.GetNamespace()}] = true
	}
	for selector := range namespaceSelectors(policiesOf(p.Objects), bindingsOf(p.Objects), guardingWebhooks(p.Objects)) {
		asked := askedFor(selector.LabelSelector)
		for _, a := range asked {
			index, ok := present[a[0]]
			if !ok || known[a] {
				continue
			}
			if meant, ok := index.CloseTo(a[1]); ok && !slices.Contains(asked, [2]string{a[0], meant}) {
				p.Reportf(selector.object, selector.at, "write "+meant,
					"the guard leaves %s out: it asks for the label %s: %s, which no namespace of the manifests has", meant, a[0], a[1])
			}
		}
	}
}

// askedFor returns the keys and values that a selector asks for.
func askedFor(selector *metav1.LabelSelector) [][2]string {
	var out [][2]string
	for _, key := range slices.Sorted(maps.Keys(selector.MatchLabels)) {
		out = append(out, [2]string{key, selector.MatchLabels[key]})
	}
	for _, r := range selector.MatchExpressions {
		if r.Operator == metav1.LabelSelectorOpIn {
			for _, value := range r.Values {
				out = append(out, [2]string{r.Key, value})
			}
		}
	}
	return out
}
