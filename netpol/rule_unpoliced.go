// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	networkingv1 "k8s.io/api/networking/v1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// Unpoliced is a workload that no policy selects in a direction.
const Unpoliced = "netpol/unpoliced"

func unpoliced(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for namespace, workloads := range n.workloads {
		if !n.policiesKnown(namespace) {
			continue
		}
		for _, w := range workloads {
			if w.Owned || w.Spec.HostNetwork {
				continue
			}
			ingress := n.open(w, networkingv1.PolicyTypeIngress)
			egress := n.open(w, networkingv1.PolicyTypeEgress)
			switch {
			case ingress && egress:
				p.Reportf(w.Object, nil, "select the pods in a policy of both directions, or every pod in a default deny",
					"no NetworkPolicy selects the pods: they accept connections from every pod of the cluster and may open connections to every address%s",
					n.butFor(w, networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress))
			case ingress:
				p.Reportf(w.Object, nil, "select the pods in a policy with Ingress in its policyTypes",
					"no NetworkPolicy selects the pods for ingress: they accept connections from every pod of the cluster%s", n.butFor(w, networkingv1.PolicyTypeIngress))
			case egress:
				p.Reportf(w.Object, nil, "select the pods in a policy with Egress in its policyTypes",
					"no NetworkPolicy selects the pods for egress: they may open connections to every address%s", n.butFor(w, networkingv1.PolicyTypeEgress))
			}
		}
	}
}

// open reports whether nothing in the set closes the pods of w in a direction. A
// ClusterNetworkPolicy that denies some traffic leaves the rest open.
func (n neighbours) open(w workload.Workload, direction networkingv1.PolicyType) bool {
	return len(n.governing(w, direction)) == 0 &&
		!n.decidedByCluster(w, decision{direction, policyv1alpha2.ClusterNetworkPolicyRuleActionDeny, true})
}

// butFor names the exception where a ClusterNetworkPolicy denies a part of what a
// workload is open to.
func (n neighbours) butFor(w workload.Workload, directions ...networkingv1.PolicyType) string {
	for _, direction := range directions {
		if n.decidedByCluster(w, decision{direction: direction, action: policyv1alpha2.ClusterNetworkPolicyRuleActionDeny}) {
			return ", but for what a ClusterNetworkPolicy denies"
		}
	}
	return ""
}
