// SPDX-License-Identifier: Apache-2.0

package reach

import (
	corev1 "k8s.io/api/core/v1"
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"
)

// adminSpec reads an AdminNetworkPolicy.
func adminSpec(anp *policyv1alpha1.AdminNetworkPolicy, plane dataplane) tierSpec {
	out := tierSpec{
		kind: adminTier, priority: anp.Spec.Priority, enforced: plane.admin,
		namespaces: anp.Spec.Subject.Namespaces, pods: (*policyv1alpha2.NamespacedPod)(anp.Spec.Subject.Pods),
	}
	for _, r := range anp.Spec.Ingress {
		out.rules[ingress] = append(out.rules[ingress], adminRule(string(r.Action), adminSources(r.From), r.Ports))
	}
	for _, r := range anp.Spec.Egress {
		out.rules[egress] = append(out.rules[egress], adminRule(string(r.Action), adminDestinations(r.To), r.Ports))
	}
	return out
}

// baselineSpec reads a BaselineAdminNetworkPolicy.
func baselineSpec(banp *policyv1alpha1.BaselineAdminNetworkPolicy, plane dataplane) tierSpec {
	out := tierSpec{
		kind: baselineTier, enforced: plane.admin,
		namespaces: banp.Spec.Subject.Namespaces, pods: (*policyv1alpha2.NamespacedPod)(banp.Spec.Subject.Pods),
	}
	for _, r := range banp.Spec.Ingress {
		out.rules[ingress] = append(out.rules[ingress], adminRule(string(r.Action), adminSources(r.From), r.Ports))
	}
	for _, r := range banp.Spec.Egress {
		out.rules[egress] = append(out.rules[egress], adminRule(string(r.Action), baselineDestinations(r.To), r.Ports))
	}
	return out
}

func adminSources(from []policyv1alpha1.AdminNetworkPolicyIngressPeer) []policyv1alpha2.ClusterNetworkPolicyEgressPeer {
	out := make([]policyv1alpha2.ClusterNetworkPolicyEgressPeer, len(from))
	for i, p := range from {
		out[i] = policyv1alpha2.ClusterNetworkPolicyEgressPeer{Namespaces: p.Namespaces, Pods: (*policyv1alpha2.NamespacedPod)(p.Pods)}
	}
	return out
}

func adminDestinations(to []policyv1alpha1.AdminNetworkPolicyEgressPeer) []policyv1alpha2.ClusterNetworkPolicyEgressPeer {
	out := make([]policyv1alpha2.ClusterNetworkPolicyEgressPeer, len(to))
	for i, p := range to {
		out[i] = policyv1alpha2.ClusterNetworkPolicyEgressPeer{
			Namespaces: p.Namespaces, Pods: (*policyv1alpha2.NamespacedPod)(p.Pods), Nodes: p.Nodes,
		}
		for _, network := range p.Networks {
			out[i].Networks = append(out[i].Networks, policyv1alpha2.CIDR(network))
		}
		for _, name := range p.DomainNames {
			out[i].DomainNames = append(out[i].DomainNames, policyv1alpha2.DomainName(name))
		}
	}
	return out
}

func baselineDestinations(to []policyv1alpha1.BaselineAdminNetworkPolicyEgressPeer) []policyv1alpha2.ClusterNetworkPolicyEgressPeer {
	out := make([]policyv1alpha1.AdminNetworkPolicyEgressPeer, len(to))
	for i, p := range to {
		out[i] = policyv1alpha1.AdminNetworkPolicyEgressPeer{Namespaces: p.Namespaces, Pods: p.Pods, Nodes: p.Nodes, Networks: p.Networks}
	}
	return adminDestinations(out)
}

// adminRule joins action, peers and ports. A named port carries no protocol: it is
// that of the container's port.
func adminRule(action string, peers []policyv1alpha2.ClusterNetworkPolicyEgressPeer, ports *[]policyv1alpha1.AdminNetworkPolicyPort) tierRuleSpec {
	out := tierRuleSpec{action: actionOf(action), peers: peers, every: ports == nil}
	if ports == nil {
		return out
	}
	for _, p := range *ports {
		switch {
		case p.PortNumber != nil:
			out.spans = append(out.spans, adminPort(p.PortNumber.Protocol, p.PortNumber.Port, p.PortNumber.Port)...)
		case p.PortRange != nil:
			out.spans = append(out.spans, adminPort(p.PortRange.Protocol, p.PortRange.Start, p.PortRange.End)...)
		case p.NamedPort != nil:
			out.names = append(out.names, portName{name: *p.NamedPort, anyTransport: true})
		}
	}
	return out
}

func adminPort(protocol corev1.Protocol, first, last int32) []span {
	t, known := transportOf(protocol)
	if !known {
		return nil
	}
	return spanOf(t, first, last)
}
