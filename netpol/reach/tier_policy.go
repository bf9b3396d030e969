// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"fmt"
	"net/netip"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// A tierSpec is a ClusterNetworkPolicy, or one of the kinds before it, in one shape.
type tierSpec struct {
	kind       policyKind
	priority   int32
	enforced   match
	namespaces *metav1.LabelSelector
	pods       *policyv1alpha2.NamespacedPod
	rules      [2][]tierRuleSpec
}

// A tierRuleSpec is a rule of a tierSpec.
type tierRuleSpec struct {
	action outcomes
	peers  []policyv1alpha2.ClusterNetworkPolicyEgressPeer // those of ingress are a subset
	spans  []span
	names  []portName
	every  bool // every port, whatever spans and names say
}

// specOf reads a policy of the Admin or the Baseline tier. It returns false for another
// object.
func specOf(obj bulkhead.Object, plane dataplane) (tierSpec, bool) {
	switch o := obj.(type) {
	case *policyv1alpha2.ClusterNetworkPolicy:
		return clusterSpec(o, plane), true
	case *policyv1alpha1.AdminNetworkPolicy:
		return adminSpec(o, plane), true
	case *policyv1alpha1.BaselineAdminNetworkPolicy:
		return baselineSpec(o, plane), true
	default:
		return tierSpec{}, false
	}
}

// clusterSpec reads a ClusterNetworkPolicy.
func clusterSpec(cnp *policyv1alpha2.ClusterNetworkPolicy, plane dataplane) tierSpec {
	out := tierSpec{
		kind: adminTier, priority: cnp.Spec.Priority, enforced: plane.cluster,
		namespaces: cnp.Spec.Subject.Namespaces, pods: cnp.Spec.Subject.Pods,
	}
	if cnp.Spec.Tier == policyv1alpha2.BaselineTier {
		out.kind = baselineTier
	}
	for _, r := range cnp.Spec.Ingress {
		peers := make([]policyv1alpha2.ClusterNetworkPolicyEgressPeer, len(r.From))
		for i, from := range r.From {
			peers[i] = policyv1alpha2.ClusterNetworkPolicyEgressPeer{Namespaces: from.Namespaces, Pods: from.Pods}
		}
		out.rules[ingress] = append(out.rules[ingress], clusterRule(r.Action, peers, r.Protocols))
	}
	for _, r := range cnp.Spec.Egress {
		out.rules[egress] = append(out.rules[egress], clusterRule(r.Action, r.To, r.Protocols))
	}
	return out
}

func clusterRule(action policyv1alpha2.ClusterNetworkPolicyRuleAction, peers []policyv1alpha2.ClusterNetworkPolicyEgressPeer,
	protocols []policyv1alpha2.ClusterNetworkPolicyProtocol,
) tierRuleSpec {
	out := tierRuleSpec{action: actionOf(action), peers: peers, every: len(protocols) == 0}
	for _, p := range protocols {
		switch {
		case p.TCP != nil:
			out.spans = append(out.spans, destination(tcp, p.TCP.DestinationPort)...)
		case p.UDP != nil:
			out.spans = append(out.spans, destination(udp, p.UDP.DestinationPort)...)
		case p.SCTP != nil:
			out.spans = append(out.spans, destination(sctp, p.SCTP.DestinationPort)...)
		case p.DestinationNamedPort != "":
			out.names = append(out.names, portName{name: p.DestinationNamedPort, anyTransport: true})
		}
	}
	return out
}

// destination takes a protocol without a port for all of its ports, as the API's
// text says, although the definition refuses it.
func destination(t transport, port *policyv1alpha2.Port) []span {
	switch {
	case port == nil:
		return []span{{t, 1, lastPort}}
	case port.Range != nil:
		return spanOf(t, port.Range.Start, port.Range.End)
	default:
		return spanOf(t, port.Number, port.Number)
	}
}

func actionOf(action policyv1alpha2.ClusterNetworkPolicyRuleAction) outcomes {
	switch action {
	case policyv1alpha2.ClusterNetworkPolicyRuleActionAccept:
		return accepts
	case policyv1alpha2.ClusterNetworkPolicyRuleActionPass:
		return passes
	default:
		return denies
	}
}

// tierPolicy compiles a policy of the Admin or the Baseline tier. The subject of
// one that the dataplane may not act on is only perhaps its subject.
func (c *compiler) tierPolicy(ref bulkhead.Ref, obj bulkhead.Object, s tierSpec) *policy {
	p := &policy{obj: obj, ref: ref, kind: s.kind, priority: s.priority}
	p.subject = c.ends(s.namespaces, s.pods)
	if s.enforced != surely {
		p.subject.sure = set{}
	}
	for d, rules := range s.rules {
		p.governs[d] = len(rules) > 0
		p.rules[d] = make([]rule, len(rules))
		for i, r := range rules {
			p.rules[d][i] = c.tierRule(p, i, r)
		}
	}
	return p
}

// ends resolves what selects pods, by namespace or one by one. Pods on the host
// network are never among them (network-policy-api v0.2.0, apis/v1alpha2).
func (c *compiler) ends(namespaces *metav1.LabelSelector, pods *policyv1alpha2.NamespacedPod) matches {
	switch {
	case namespaces != nil:
		return c.selected(namespaces, nil, never)
	case pods != nil:
		return c.selected(&pods.NamespaceSelector, &pods.PodSelector, never)
	default:
		return matches{}
	}
}

func (c *compiler) tierRule(p *policy, index int, s tierRuleSpec) rule {
	r := rule{policy: p, index: index, action: s.action, ports: c.specs.every()}
	if !s.every {
		r.ports = c.specs.intern(s.spans, sortedNames(s.names))
	}
	targets := make([]target, len(s.peers))
	for i := range s.peers {
		targets[i] = c.tierPeer(&s.peers[i])
		r.domains = r.domains || len(s.peers[i].DomainNames) > 0
	}
	c.peers(&r, targets, c.plane.networks())
	return r
}

// tierPeer resolves one entry of from or to.
func (c *compiler) tierPeer(peer *policyv1alpha2.ClusterNetworkPolicyEgressPeer) target {
	switch {
	case len(peer.Networks) > 0:
		var prefixes []netip.Prefix
		for _, network := range peer.Networks {
			if prefix, err := netip.ParsePrefix(string(network)); err == nil {
				prefixes = append(prefixes, prefix)
			}
		}
		in := space.AddressesOf(prefixes...)
		return c.block(fmt.Sprintf("networks %q", peer.Networks), in, c.plane.networks())
	case peer.Nodes != nil:
		return target{matches: c.nodesMatching(selectorOf(peer.Nodes))}
	default:
		return target{matches: c.ends(peer.Namespaces, peer.Pods)}
	}
}
