// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// SubjectMatchesNothing is a policy that selects none of the pods of its
// namespace.
const SubjectMatchesNothing = "netpol/subject-matches-nothing"

func subjectMatchesNothing(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for np := range n.eachPolicy() {
		if !n.podsKnown(np.obj.Namespace) || n.runs(np.obj.Namespace, np.subject) || contradictory(&np.obj.Spec.PodSelector) {
			continue
		}
		if waitsForPods(np.obj.Spec.PodSelector) {
			continue
		}
		p.Reportf(np.obj, specPath().Child("podSelector"), "correct the labels, or waive it and say who makes the pods",
			"the policy governs nothing: no workload%s has %s",
			ofNamespace(np.obj.Namespace), podWords(&np.obj.Spec.PodSelector))
	}
}

// waitsForPods reports whether a selector is for pods that a controller makes at
// run time, of which no manifest shows more than this label: those in which
// cert-manager answers the challenges of a certificate authority (cert-manager
// documentation, "HTTP01").
func waitsForPods(selector metav1.LabelSelector) bool {
	pods, _ := space.LabelsOf(&selector) // it compiles, or its policy would not be here
	return slices.ContainsFunc(pods.Required(), func(key string) bool {
		return strings.HasPrefix(key, "acme.cert-manager.io/")
	})
}
