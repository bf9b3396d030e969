// SPDX-License-Identifier: Apache-2.0

package netpol

import "github.com/watertight-go/watertight/bulkhead"

// SubjectMatchesNothing is a policy that selects none of the pods of its
// namespace.
const SubjectMatchesNothing = "netpol/subject-matches-nothing"

func subjectMatchesNothing(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for np := range n.eachPolicy() {
		if !n.podsKnown(np.obj.Namespace) || n.runs(np.obj.Namespace, np.subject) || contradictory(&np.obj.Spec.PodSelector) {
			continue
		}
		p.Reportf(np.obj, specPath().Child("podSelector"), "correct the labels or remove the policy",
			"the policy governs nothing: no workload%s has %s",
			ofNamespace(np.obj.Namespace), podWords(&np.obj.Spec.PodSelector))
	}
}
