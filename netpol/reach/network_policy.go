// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"cmp"
	"fmt"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// networkPolicy compiles a NetworkPolicy that the API server accepts.
func (c *compiler) networkPolicy(ref bulkhead.Ref, np *networkingv1.NetworkPolicy) *policy {
	p := &policy{obj: np, ref: ref, kind: networkPolicy}
	ns, found := c.nsIndex[ref.Namespace]
	if found {
		p.subject = c.inNamespace(ns, selectorOf(&np.Spec.PodSelector), c.plane.hostSelected)
		p.subject.lower(c.alone, c.plane.standalone)
	}
	types := np.Spec.PolicyTypes
	p.governs[ingress] = len(types) == 0 || slices.Contains(types, networkingv1.PolicyTypeIngress)
	p.governs[egress] = len(types) == 0 && len(np.Spec.Egress) > 0 || slices.Contains(types, networkingv1.PolicyTypeEgress)
	if p.governs[ingress] {
		p.rules[ingress] = make([]rule, len(np.Spec.Ingress))
		for i, r := range np.Spec.Ingress {
			p.rules[ingress][i] = c.policyRule(p, i, r.From, r.Ports)
		}
	}
	if p.governs[egress] {
		p.rules[egress] = make([]rule, len(np.Spec.Egress))
		for i, r := range np.Spec.Egress {
			p.rules[egress][i] = c.policyRule(p, i, r.To, r.Ports)
		}
	}
	return p
}

func (c *compiler) policyRule(p *policy, index int, peers []networkingv1.NetworkPolicyPeer, ports []networkingv1.NetworkPolicyPort) rule {
	r := rule{policy: p, index: index, action: accepts, everyone: len(peers) == 0, ports: c.policyPorts(ports)}
	targets := make([]target, len(peers))
	for i := range peers {
		targets[i] = c.policyPeer(p, &peers[i])
	}
	c.peers(&r, targets, c.plane.ipBlocks())
	return r
}

// policyPeer resolves one entry of from or to.
func (c *compiler) policyPeer(p *policy, peer *networkingv1.NetworkPolicyPeer) target {
	switch {
	case peer.IPBlock != nil:
		in, _ := space.BlockOf(peer.IPBlock) // nothing, if it is not valid
		return c.block(fmt.Sprintf("%q", append([]string{peer.IPBlock.CIDR}, peer.IPBlock.Except...)), in, c.plane.ipBlocks())
	case peer.NamespaceSelector != nil:
		return target{matches: c.selected(peer.NamespaceSelector, peer.PodSelector, c.plane.hostSelected)}
	default:
		ns, found := c.nsIndex[p.ref.Namespace]
		if !found {
			return target{}
		}
		return target{matches: c.inNamespace(ns, selectorOf(peer.PodSelector), c.plane.hostSelected)}
	}
}

func (c *compiler) policyPorts(ports []networkingv1.NetworkPolicyPort) *portSpec {
	if len(ports) == 0 {
		return c.specs.every()
	}
	var spans []span
	var names []portName
	for _, port := range ports {
		t := tcp
		if port.Protocol != nil {
			var known bool
			if t, known = transportOf(*port.Protocol); !known {
				continue
			}
		}
		switch {
		case port.Port == nil:
			spans = append(spans, span{t, 1, lastPort})
		case port.Port.Type == intstr.String:
			names = append(names, portName{name: port.Port.StrVal, transport: t})
		default:
			last := port.Port.IntVal
			if port.EndPort != nil {
				last = *port.EndPort
			}
			spans = append(spans, spanOf(t, port.Port.IntVal, last)...)
		}
	}
	return c.specs.intern(spans, sortedNames(names))
}

// spanOf returns the ports that there are of a range, which the API server may refuse.
func spanOf(t transport, first, last int32) []span {
	last = min(last, lastPort)
	if first < 1 || last < first {
		return nil
	}
	return []span{{t, uint16(first), uint16(last)}}
}

func sortedNames(names []portName) []portName {
	slices.SortFunc(names, func(a, b portName) int {
		any := 0
		if a.anyTransport != b.anyTransport {
			any = 1
			if b.anyTransport {
				any = -1
			}
		}
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.transport, b.transport), any)
	})
	return slices.Compact(names)
}
