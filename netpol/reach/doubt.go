// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"fmt"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"
)

// selectDoubt says why it is not known whether a policy selects a pod.
func (s *state) selectDoubt(p *policy, subject party) string {
	c := &s.classes[subject.class]
	switch {
	case p.rivalled:
		return "another policy has the same name, and which of them is in force is not known"
	case p.refused && s.plane.refused != surely:
		return "the API server refuses the policy, unless it is an older one"
	case p.kind != networkPolicy && s.enforced(p) != surely:
		return fmt.Sprintf("not every dataplane acts on policies of the kind %s", p.ref.Kind)
	case c.alone && p.kind == networkPolicy:
		return "the dataplane may leave a pod alone that has no owner"
	case c.host:
		return "dataplanes differ in whether a policy selects pods on the host network"
	case c.ns >= 0 && !s.namespaces[c.ns].known && p.kind != networkPolicy:
		return s.namespaceDoubt(c)
	default:
		return hiddenLabel
	}
}

func (s *state) enforced(p *policy) match {
	if _, ok := p.obj.(*policyv1alpha2.ClusterNetworkPolicy); ok {
		return s.plane.cluster
	}
	return s.plane.admin
}

func (s *state) namespaceDoubt(c *class) string {
	return fmt.Sprintf("there is no Namespace object of %s, so that its labels are not known", s.namespaces[c.ns].name)
}

const hiddenLabel = "the control plane gives the pods a label of which only the key is known"

// nameDoubt says why it is not known which port of a pod the names in a rule mean.
func (s *state) nameDoubt(receiver party) string {
	if receiver.host {
		return "dataplanes differ in whether the names count that a pod on the host network gives to ports"
	}
	return "containers of " + s.partyName(receiver) + " give the name of the port to different ones, and dataplanes differ in which of them it means"
}

// peerDoubt says why it is not known whether a rule matches a peer.
func (s *state) peerDoubt(r *rule, p party) string {
	if p.class < 0 {
		return "what a domain name stands for is not in the input"
	}
	c := &s.classes[p.class]
	if split, found := r.split[p.class]; found && !p.addr.IsValid() && split.inside == surely {
		return "an address block holds some addresses of the other end and not others, and it is not known which of them the connection uses"
	}
	for _, peer := range peersOf(r) {
		if doubt := s.doubt(peer, c, r.peers.may.has(p.class)); doubt != "" {
			return doubt
		}
	}
	return "the input does not tell whether the rule matches"
}

// doubt says why one entry of from or to may match a class, if it may. Matches says
// whether the rule as a whole does.
func (s *state) doubt(peer policyv1alpha2.ClusterNetworkPolicyEgressPeer, c *class, matches bool) string {
	namespaces, pods := peer.Namespaces, (*metav1.LabelSelector)(nil)
	if peer.Pods != nil {
		namespaces, pods = &peer.Pods.NamespaceSelector, &peer.Pods.PodSelector
	}
	switch {
	case len(peer.Networks) > 0:
		switch {
		case len(c.addrs) == 0 && c.host:
			return "the address of the node is not in the input"
		case len(c.addrs) == 0:
			return "the address of the pod is not in the input, and dataplanes differ in whether an address block matches pods"
		case c.host && matches:
			return "dataplanes differ in whether an ipBlock matches the addresses of nodes"
		case matches:
			return "dataplanes differ in whether an ipBlock matches the addresses of pods"
		}
		return ""
	case peer.Nodes != nil:
		if c.host {
			return "the labels of the node are not in the input"
		}
		return ""
	case len(peer.DomainNames) > 0 || c.ns < 0:
		return ""
	}
	inNamespace := selectorOf(namespaces).namespace(&s.namespaces[c.ns], s.nsIndex)
	byLabels := selectorOf(pods).pods(c)
	switch {
	case inNamespace.and(byLabels) == never:
		return ""
	case inNamespace == maybe:
		return s.namespaceDoubt(c)
	case byLabels == maybe:
		return hiddenLabel
	case c.host:
		return "dataplanes differ in whether a selector matches pods on the host network"
	default:
		return ""
	}
}

// peersOf returns the peers of a rule in the shape that can hold all of them.
func peersOf(r *rule) []policyv1alpha2.ClusterNetworkPolicyEgressPeer {
	d := ingress
	if len(r.policy.rules[egress]) > r.index && &r.policy.rules[egress][r.index] == r {
		d = egress
	}
	if np, ok := r.policy.obj.(*networkingv1.NetworkPolicy); ok {
		peers := []networkingv1.NetworkPolicyPeer(nil)
		if d == egress {
			peers = np.Spec.Egress[r.index].To
		} else {
			peers = np.Spec.Ingress[r.index].From
		}
		return asTierPeers(r.policy.ref.Namespace, peers)
	}
	spec, _ := specOf(r.policy.obj, dataplane{})
	return spec.rules[d][r.index].peers
}

func asTierPeers(namespace string, peers []networkingv1.NetworkPolicyPeer) []policyv1alpha2.ClusterNetworkPolicyEgressPeer {
	own := &metav1.LabelSelector{MatchLabels: map[string]string{"kubernetes.io/metadata.name": namespace}}
	out := make([]policyv1alpha2.ClusterNetworkPolicyEgressPeer, len(peers))
	for i, p := range peers {
		switch {
		case p.IPBlock != nil:
			out[i].Networks = []policyv1alpha2.CIDR{policyv1alpha2.CIDR(p.IPBlock.CIDR)}
		default:
			pods := &policyv1alpha2.NamespacedPod{NamespaceSelector: *own}
			if p.NamespaceSelector != nil {
				pods.NamespaceSelector = *p.NamespaceSelector
			}
			if p.PodSelector != nil {
				pods.PodSelector = *p.PodSelector
			}
			out[i].Pods = pods
		}
	}
	return out
}
