// SPDX-License-Identifier: Apache-2.0

package guard

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// namesAskedFor returns the namespaces to which a policy is confined by name as it is
// bound, and whether it is. Where both the policy and the binding name some, it is by
// the binding's.
func namesAskedFor(p policy, b binding) (map[string]bool, bool) {
	for _, match := range []*metav1.LabelSelector{selectorOf(b), selectorOfPolicy(p)} {
		if match == nil {
			continue
		}
		if name, ok := match.MatchLabels[corev1.LabelMetadataName]; ok {
			return map[string]bool{name: true}, true
		}
		for _, r := range match.MatchExpressions {
			if r.Key == corev1.LabelMetadataName && r.Operator == metav1.LabelSelectorOpIn {
				out := make(map[string]bool)
				for _, value := range r.Values {
					out[value] = true
				}
				return out, true
			}
		}
	}
	return nil, false
}

func selectorOf(b binding) *metav1.LabelSelector {
	if b.match == nil {
		return nil
	}
	return b.match.NamespaceSelector
}

func selectorOfPolicy(p policy) *metav1.LabelSelector {
	if p.match == nil {
		return nil
	}
	return p.match.NamespaceSelector
}
