// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// SpoofableNamespace is an ingress peer that knows namespaces by labels which
// anybody who may edit a namespace can give it.
const SpoofableNamespace = "netpol/spoofable-namespace"

func spoofableNamespace(p *bulkhead.Pass) {
	n := neighbours{namespaces: namespaceLabels(p.Objects)}
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		for rule := range effectiveRules(np) {
			if rule.direction != networkingv1.PolicyTypeIngress || onlyDNS(rule.ports) {
				continue
			}
			for i, peer := range rule.peers {
				if namespaces, _ := space.NamespacesOf(peer.NamespaceSelector); !spoofable(namespaces) {
					continue
				}
				// Of a label that should name a namespace NamespaceNameLabel speaks.
				if _, _, unlabelled := n.unlabelled(compile(peer.NamespaceSelector)); !unlabelled {
					p.Reportf(np, rule.peersPath().Index(i).Child("namespaceSelector"),
						"add the label "+corev1.LabelMetadataName+", which the API server sets", "%s",
						flowWords(np, rule, "whichever namespace is labelled "+labelWords(peer.NamespaceSelector)+
							": who may label a namespace gets in"))
				}
			}
		}
	}
}

// spoofable reports whether labels are asked for, and none that a platform keeps.
func spoofable(namespaces space.Namespaces) bool {
	required := namespaces.Required()
	return !namespaces.Empty() && len(required) > 0 && !slices.ContainsFunc(required, keptByPlatform)
}

// keptByPlatform reports whether a platform sets a label of namespaces itself and
// takes it from nobody else: the API server; OpenShift (documentation, "About
// network policy"); the Hierarchical Namespace Controller ("tree labels"); Capsule
// (documentation, "Tenants").
func keptByPlatform(key string) bool {
	return key == corev1.LabelMetadataName ||
		key == "network.openshift.io/policy-group" ||
		strings.HasPrefix(key, "policy-group.network.openshift.io/") ||
		strings.HasSuffix(key, ".tree.hnc.x-k8s.io/depth") ||
		key == "capsule.clastix.io/tenant"
}
