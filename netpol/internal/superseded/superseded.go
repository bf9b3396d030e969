// SPDX-License-Identifier: Apache-2.0

// Package superseded writes policies of network-policy-api v1alpha1 as policies of the
// kind that replaced them. Allow becomes Accept, ports become protocols, and a
// BaselineAdminNetworkPolicy becomes one of the Baseline tier, with priority 0.
//
// What cannot be read, such as an action that is none or a port without a number, is
// empty in the result: the definition of ClusterNetworkPolicy refuses it too. Labels,
// selectors and other pointers are those of the argument, which nobody may change.
package superseded

import (
	corev1 "k8s.io/api/core/v1"
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"
)

// Admin writes an AdminNetworkPolicy as a ClusterNetworkPolicy of the Admin tier.
func Admin(anp *policyv1alpha1.AdminNetworkPolicy) *policyv1alpha2.ClusterNetworkPolicy {
	out := &policyv1alpha2.ClusterNetworkPolicy{ObjectMeta: anp.ObjectMeta}
	out.Spec.Tier, out.Spec.Priority, out.Spec.Subject = policyv1alpha2.AdminTier, anp.Spec.Priority, subject(anp.Spec.Subject)
	for _, r := range anp.Spec.Ingress {
		out.Spec.Ingress = append(out.Spec.Ingress, ingressRule(r.Name, string(r.Action), r.From, r.Ports))
	}
	for _, r := range anp.Spec.Egress {
		out.Spec.Egress = append(out.Spec.Egress, egressRule(r.Name, string(r.Action), r.To, r.Ports))
	}
	return out
}

// Baseline writes a BaselineAdminNetworkPolicy as a ClusterNetworkPolicy of the Baseline
// tier.
func Baseline(banp *policyv1alpha1.BaselineAdminNetworkPolicy) *policyv1alpha2.ClusterNetworkPolicy {
	out := &policyv1alpha2.ClusterNetworkPolicy{ObjectMeta: banp.ObjectMeta}
	out.Spec.Tier, out.Spec.Subject = policyv1alpha2.BaselineTier, subject(banp.Spec.Subject)
	for _, r := range banp.Spec.Ingress {
		out.Spec.Ingress = append(out.Spec.Ingress, ingressRule(r.Name, string(r.Action), r.From, r.Ports))
	}
	for _, r := range banp.Spec.Egress {
		to := make([]policyv1alpha1.AdminNetworkPolicyEgressPeer, len(r.To))
		for i, p := range r.To {
			to[i] = policyv1alpha1.AdminNetworkPolicyEgressPeer{Namespaces: p.Namespaces, Pods: p.Pods, Nodes: p.Nodes, Networks: p.Networks}
		}
		out.Spec.Egress = append(out.Spec.Egress, egressRule(r.Name, string(r.Action), to, r.Ports))
	}
	return out
}

func subject(s policyv1alpha1.AdminNetworkPolicySubject) policyv1alpha2.ClusterNetworkPolicySubject {
	return policyv1alpha2.ClusterNetworkPolicySubject{Namespaces: s.Namespaces, Pods: (*policyv1alpha2.NamespacedPod)(s.Pods)}
}

func ingressRule(name, word string, from []policyv1alpha1.AdminNetworkPolicyIngressPeer, ports *[]policyv1alpha1.AdminNetworkPolicyPort) policyv1alpha2.ClusterNetworkPolicyIngressRule {
	out := policyv1alpha2.ClusterNetworkPolicyIngressRule{Name: name, Action: action(word), Protocols: protocols(ports)}
	for _, p := range from {
		out.From = append(out.From, policyv1alpha2.ClusterNetworkPolicyIngressPeer{
			Namespaces: p.Namespaces, Pods: (*policyv1alpha2.NamespacedPod)(p.Pods),
		})
	}
	return out
}

func egressRule(name, word string, to []policyv1alpha1.AdminNetworkPolicyEgressPeer, ports *[]policyv1alpha1.AdminNetworkPolicyPort) policyv1alpha2.ClusterNetworkPolicyEgressRule {
	out := policyv1alpha2.ClusterNetworkPolicyEgressRule{Name: name, Action: action(word), Protocols: protocols(ports)}
	for _, p := range to {
		peer := policyv1alpha2.ClusterNetworkPolicyEgressPeer{
			Namespaces: p.Namespaces, Pods: (*policyv1alpha2.NamespacedPod)(p.Pods), Nodes: p.Nodes,
		}
		for _, network := range p.Networks {
			peer.Networks = append(peer.Networks, policyv1alpha2.CIDR(network))
		}
		for _, domain := range p.DomainNames {
			peer.DomainNames = append(peer.DomainNames, policyv1alpha2.DomainName(domain))
		}
		out.To = append(out.To, peer)
	}
	return out
}

func action(word string) policyv1alpha2.ClusterNetworkPolicyRuleAction {
	switch word {
	case "Allow":
		return policyv1alpha2.ClusterNetworkPolicyRuleActionAccept
	case "Deny":
		return policyv1alpha2.ClusterNetworkPolicyRuleActionDeny
	case "Pass":
		return policyv1alpha2.ClusterNetworkPolicyRuleActionPass
	default:
		return ""
	}
}

// protocols returns nil for no list, which stands for every port, and one empty entry
// for an empty list, which stands for none.
func protocols(ports *[]policyv1alpha1.AdminNetworkPolicyPort) []policyv1alpha2.ClusterNetworkPolicyProtocol {
	if ports == nil {
		return nil
	}
	out := make([]policyv1alpha2.ClusterNetworkPolicyProtocol, max(1, len(*ports)))
	for i, p := range *ports {
		if p.NamedPort != nil {
			out[i].DestinationNamedPort = *p.NamedPort
		}
		if n := p.PortNumber; n != nil {
			setDestination(&out[i], n.Protocol, policyv1alpha2.Port{Number: n.Port})
		}
		if r := p.PortRange; r != nil {
			setDestination(&out[i], r.Protocol, policyv1alpha2.Port{Range: &policyv1alpha2.PortRange{Start: r.Start, End: r.End}})
		}
	}
	return out
}

// setDestination takes no protocol for TCP, which the API server fills in.
func setDestination(p *policyv1alpha2.ClusterNetworkPolicyProtocol, protocol corev1.Protocol, port policyv1alpha2.Port) {
	switch protocol {
	case corev1.ProtocolTCP, "":
		p.TCP = &policyv1alpha2.ClusterNetworkPolicyProtocolTCP{DestinationPort: &port}
	case corev1.ProtocolUDP:
		p.UDP = &policyv1alpha2.ClusterNetworkPolicyProtocolUDP{DestinationPort: &port}
	case corev1.ProtocolSCTP:
		p.SCTP = &policyv1alpha2.ClusterNetworkPolicyProtocolSCTP{DestinationPort: &port}
	}
}
