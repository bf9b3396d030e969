// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
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
				namespaces, _ := space.NamespacesOf(peer.NamespaceSelector)
				pods, _ := space.LabelsOf(peer.PodSelector)
				if openEnded(namespaces, space.AllNamespaces()) {
					p.Reportf(np, at.Child("namespaceSelector"), "select the namespaces that are meant, not those that are not", "%s",
						flowWords(np, rule, inWords(peer)+": also "+wayTo(rule.direction)+" "+otherNamespaces(peer.NamespaceSelector)))
				} else if !inEveryNamespace(peer) && openEnded(pods, space.AllLabels()) {
					p.Reportf(np, at.Child("podSelector"), "select the pods that are meant, not those that are not", "%s",
						flowWords(np, rule, podWords(peer.PodSelector)+": also "+wayTo(rule.direction)+" those without the label"))
				}
			}
		}
	}
}

// openEnded reports whether a selector matches something but not all, and asks for
// nothing that somebody has to set.
func openEnded[S interface {
	Empty() bool
	Covers(other S) bool
	Required() []string
}](selected, all S) bool {
	return !selected.Empty() && !selected.Covers(all) && len(selected.Required()) == 0
}

// inWords names the namespaces of a peer, and the pods of them if it does not mean
// all.
func inWords(peer networkingv1.NetworkPolicyPeer) string {
	namespaces := "namespaces " + labelWords(peer.NamespaceSelector)
	if peer.PodSelector == nil || everyPod(peer.PodSelector) {
		return namespaces
	}
	return podWords(peer.PodSelector) + " of " + namespaces
}

// otherNamespaces says which namespaces a selector takes in that nobody thought
// of. None is without the label of its name.
func otherNamespaces(selector *metav1.LabelSelector) string {
	byName := !slices.ContainsFunc(selector.MatchExpressions, func(r metav1.LabelSelectorRequirement) bool {
		return r.Key != corev1.LabelMetadataName
	})
	if byName {
		return "those made later"
	}
	return "those without the label and those made later"
}

func wayTo(direction networkingv1.PolicyType) string {
	if direction == networkingv1.PolicyTypeIngress {
		return "from"
	}
	return "to"
}
