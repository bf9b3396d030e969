// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"fmt"
	"net/netip"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// A place is an end of a connection: a pod, or an address outside.
type place struct {
	namespace, pod labels.Set // nil for an address
	addr           netip.Addr
	ports          map[string]int32 // by the names that a pod gives them
}

// world returns pods of all label combinations that the generators use, and
// addresses of both families.
func world() []place {
	var out []place
	sets := []labels.Set{{}, {"app": "a"}, {"app": "b"}, {"team": "a"}, {"app": "a", "team": "b"}}
	for i, namespace := range sets {
		for j, pod := range sets {
			named := labels.Merge(namespace, labels.Set{"kubernetes.io/metadata.name": fmt.Sprintf("n%d", i)})
			addr := fmt.Sprintf("10.0.%d.%d", i, j)
			if (i+j)%2 == 0 {
				addr = fmt.Sprintf("fd00::%d:%d", i, j)
			}
			ports := map[string]int32{"http": 80, "https": 443}
			if i == j {
				ports = map[string]int32{"http": 443}
			}
			out = append(out, place{named, pod, netip.MustParseAddr(addr), ports})
		}
	}
	for _, addr := range []string{"10.9.9.9", "203.0.113.7", "2001:db8::1"} {
		out = append(out, place{addr: netip.MustParseAddr(addr)})
	}
	return out
}

// A connection is what a rule is asked about. Port 0 is a protocol without ports.
type connection struct {
	subject, peer place
	ingress       bool
	port          int32
}

func (c connection) matchedBy(peer policyv1alpha2.ClusterNetworkPolicyEgressPeer) bool {
	for _, network := range peer.Networks {
		if netip.MustParsePrefix(string(network)).Contains(c.peer.addr) {
			return true
		}
	}
	return c.peer.isOf(peer.Namespaces, peer.Pods)
}

func (p place) isOf(namespaces *metav1.LabelSelector, pods *policyv1alpha2.NamespacedPod) bool {
	switch {
	case p.namespace == nil:
		return false
	case pods != nil:
		return matches(&pods.NamespaceSelector, p.namespace) && matches(&pods.PodSelector, p.pod)
	default:
		return namespaces != nil && matches(namespaces, p.namespace)
	}
}

func matches(selector *metav1.LabelSelector, set labels.Set) bool {
	return bulkhead.Must(metav1.LabelSelectorAsSelector(selector)).Matches(set)
}

func (c connection) isOfPorts(protocols []policyv1alpha2.ClusterNetworkPolicyProtocol) bool {
	receiver := c.peer
	if c.ingress {
		receiver = c.subject
	}
	for _, p := range protocols {
		if p.DestinationNamedPort != "" {
			if port, ok := receiver.ports[p.DestinationNamedPort]; ok && port == c.port {
				return true
			}
			continue
		}
		port := p.TCP.DestinationPort
		if port.Range == nil && port.Number == c.port || port.Range != nil && port.Range.Start <= c.port && c.port <= port.Range.End {
			return true
		}
	}
	return protocols == nil
}

// decision returns the rule of the policies that decides a connection, in order,
// as "name field", with its action. Pass in the last tier comes to Accept.
func decision(policies []*policyv1alpha2.ClusterNetworkPolicy, c connection) (string, policyv1alpha2.ClusterNetworkPolicyRuleAction) {
	rule, action := decidingRule(policies, c)
	if rule != "" && action == "Pass" && policies[0].Spec.Tier == policyv1alpha2.BaselineTier {
		action = "Accept"
	}
	return rule, action
}

func decidingRule(policies []*policyv1alpha2.ClusterNetworkPolicy, c connection) (string, policyv1alpha2.ClusterNetworkPolicyRuleAction) {
	for _, cnp := range policies {
		if !c.subject.isOf(cnp.Spec.Subject.Namespaces, cnp.Spec.Subject.Pods) {
			continue
		}
		for i, rule := range cnp.Spec.Ingress {
			for _, from := range rule.From {
				peer := policyv1alpha2.ClusterNetworkPolicyEgressPeer{Namespaces: from.Namespaces, Pods: from.Pods}
				if c.ingress && c.isOfPorts(rule.Protocols) && c.matchedBy(peer) {
					return fmt.Sprintf("%s spec.ingress[%d]", cnp.Name, i), rule.Action
				}
			}
		}
		for i, rule := range cnp.Spec.Egress {
			for _, peer := range rule.To {
				if !c.ingress && c.isOfPorts(rule.Protocols) && c.matchedBy(peer) {
					return fmt.Sprintf("%s spec.egress[%d]", cnp.Name, i), rule.Action
				}
			}
		}
	}
	return "", ""
}

func connections() []connection {
	var out []connection
	places := world()
	for _, subject := range places {
		if subject.namespace == nil {
			continue
		}
		for _, peer := range places {
			for _, port := range []int32{0, 80, 443} {
				out = append(out, connection{subject, peer, false, port}, connection{subject, peer, true, port})
			}
		}
	}
	return out
}
