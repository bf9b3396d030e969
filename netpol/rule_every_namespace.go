// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// EveryNamespace is a peer that selects pods of every namespace of the cluster.
const EveryNamespace = "netpol/every-namespace"

func everyNamespace(p *bulkhead.Pass) {
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		for rule := range effectiveRules(np) {
			if onlyDNS(rule.ports) {
				continue
			}
			for i, peer := range rule.peers {
				if !inEveryNamespace(peer) {
					continue
				}
				pods := "every pod"
				if peer.PodSelector != nil {
					pods = podWords(peer.PodSelector)
				}
				p.Reportf(np, rule.peersPath().Index(i).Child("namespaceSelector"),
					"name the namespaces by the label "+corev1.LabelMetadataName, "%s",
					flowWords(np, rule, pods+" of every namespace, present and future"))
			}
		}
	}
}

func inEveryNamespace(peer networkingv1.NetworkPolicyPeer) bool {
	namespaces, _ := space.NamespacesOf(peer.NamespaceSelector)
	return namespaces.Covers(space.AllNamespaces())
}
