// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// SubjectMatchesNothing is a policy that selects none of the pods of its
// namespace.
const SubjectMatchesNothing = "netpol/subject-matches-nothing"

func subjectMatchesNothing(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		selector := compile(&np.Spec.PodSelector)
		if selector == nil || !n.podsKnown(np.Namespace) || len(n.selected(np.Namespace, selector)) > 0 {
			continue
		}
		p.Reportf(np, specPath().Child("podSelector"), "correct the labels or remove the policy",
			"the policy governs nothing: none of the %d workloads%s has %s",
			len(n.workloads[np.Namespace]), ofNamespace(np.Namespace), podWords(&np.Spec.PodSelector))
	}
}
