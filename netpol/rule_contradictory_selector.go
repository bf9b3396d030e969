// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// ContradictorySelector is a selector that no labels can match.
const ContradictorySelector = "netpol/contradictory-selector"

func contradictorySelector(p *bulkhead.Pass) {
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		report := func(at *field.Path, consequence string, contradiction func() (string, bool)) {
			if key, found := contradiction(); found {
				p.Reportf(np, at, "correct the selector",
					"%s: no label %s, present or absent, meets all that the selector asks of it", consequence, key)
			}
		}
		subject, _ := space.LabelsOf(&np.Spec.PodSelector)
		report(specPath().Child("podSelector"), "the policy governs no pod", subject.Contradiction)
		for rule := range effectiveRules(np) {
			for i, peer := range rule.peers {
				at := rule.peersPath().Index(i)
				pods, _ := space.LabelsOf(peer.PodSelector)
				report(at.Child("podSelector"), "the peer lets nothing through", pods.Contradiction)
				namespaces, _ := space.NamespacesOf(peer.NamespaceSelector)
				report(at.Child("namespaceSelector"), "the peer lets nothing through", namespaces.Contradiction)
			}
		}
	}
	contradictoryTierSelector(p)
}
