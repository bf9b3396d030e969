// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// OpenEndedSelector is a peer that is selected only by what it is not.
const OpenEndedSelector = "netpol/open-ended-selector"

func openEndedSelector(p *bulkhead.Pass) {
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		for rule := range effectiveRules(np) {
			if onlyDNS(rule.ports) {
				continue
			}
			for i, peer := range rule.peers {
				at := rule.peersPath().Index(i)
				if peer.NamespaceSelector != nil && openEnded(namespacesOf(peer.NamespaceSelector)) {
					p.Reportf(np, at.Child("namespaceSelector"), "select the namespaces that are meant, not those that are not", "%s",
						flowWords(np, rule, "namespaces "+metav1.FormatLabelSelector(peer.NamespaceSelector)+
							": also from those without the label and those made later"))
				} else if peer.PodSelector != nil && !inEveryNamespace(peer) && openEnded(spaceOf(peer.PodSelector)) {
					p.Reportf(np, at.Child("podSelector"), "select the pods that are meant, not those that are not", "%s",
						flowWords(np, rule, podWords(peer.PodSelector)+": also from those without the label"))
				}
			}
		}
	}
}

// openEnded reports whether a selector excludes something, and asks for nothing
// that somebody has to set.
func openEnded(space labelSpace, ok bool) bool {
	if _, contradicts := space.contradiction(); !ok || contradicts {
		return false
	}
	everything, _ := namespacesOf(nil)
	return len(space.bounds()) == 0 && !everything.within(space)
}
