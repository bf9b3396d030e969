// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"pgregory.net/rapid"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
)

// The rules about ClusterNetworkPolicies claim something about every connection
// there can be. These tests compare the claims with a plain evaluation of each
// connection in a small world.

// A place is an end of a connection: a pod, or an address outside.
type place struct {
	namespace, pod labels.Set // nil for an address
	addr           netip.Addr
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
			out = append(out, place{named, pod, netip.MustParseAddr(addr)})
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
	for _, p := range protocols {
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

func selectors() *rapid.Generator[*metav1.LabelSelector] {
	return rapid.Custom(func(t *rapid.T) *metav1.LabelSelector {
		out := &metav1.LabelSelector{}
		if rapid.Bool().Draw(t, "by a label") {
			key := rapid.SampledFrom([]string{"app", "team"}).Draw(t, "key")
			out.MatchLabels = map[string]string{key: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "value")}
		}
		for range rapid.IntRange(0, 2).Draw(t, "requirements") {
			r := metav1.LabelSelectorRequirement{
				Key:      rapid.SampledFrom([]string{"app", "team"}).Draw(t, "key"),
				Operator: rapid.SampledFrom([]metav1.LabelSelectorOperator{"In", "NotIn", "Exists", "DoesNotExist"}).Draw(t, "operator"),
			}
			if r.Operator == "In" || r.Operator == "NotIn" {
				r.Values = rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 1, 2).Draw(t, "values")
			}
			out.MatchExpressions = append(out.MatchExpressions, r)
		}
		return out
	})
}

func namespacedPods() *rapid.Generator[*policyv1alpha2.NamespacedPod] {
	return rapid.Custom(func(t *rapid.T) *policyv1alpha2.NamespacedPod {
		return &policyv1alpha2.NamespacedPod{NamespaceSelector: *selectors().Draw(t, "namespaces"), PodSelector: *selectors().Draw(t, "pods")}
	})
}

// clusterPolicies draws policies of one tier, each with a name of its own, in
// order of priority. Small alphabets make one rule lie inside another.
func clusterPolicies() *rapid.Generator[[]*policyv1alpha2.ClusterNetworkPolicy] {
	actions := rapid.SampledFrom([]policyv1alpha2.ClusterNetworkPolicyRuleAction{"Accept", "Deny", "Pass"})
	protocols := rapid.Custom(func(t *rapid.T) []policyv1alpha2.ClusterNetworkPolicyProtocol {
		port := rapid.SampledFrom([]*policyv1alpha2.Port{
			nil, {Number: 80}, {Number: 443}, {Range: &policyv1alpha2.PortRange{Start: 80, End: 443}}, {Range: &policyv1alpha2.PortRange{Start: 1, End: 65535}},
		}).Draw(t, "port")
		if port == nil {
			return nil
		}
		return []policyv1alpha2.ClusterNetworkPolicyProtocol{{TCP: &policyv1alpha2.ClusterNetworkPolicyProtocolTCP{DestinationPort: port}}}
	})
	peers := rapid.Custom(func(t *rapid.T) policyv1alpha2.ClusterNetworkPolicyEgressPeer {
		switch rapid.IntRange(0, 3).Draw(t, "kind of peer") {
		case 0:
			networks := rapid.SampledFrom([]policyv1alpha2.CIDR{"0.0.0.0/0", "::/0", "10.0.0.0/8", "10.0.0.0/16", "203.0.113.0/24", "fd00::/8"})
			return policyv1alpha2.ClusterNetworkPolicyEgressPeer{Networks: rapid.SliceOfNDistinct(networks, 1, 3, rapid.ID[policyv1alpha2.CIDR]).Draw(t, "networks")}
		case 1:
			return policyv1alpha2.ClusterNetworkPolicyEgressPeer{Pods: namespacedPods().Draw(t, "pods")}
		default:
			return policyv1alpha2.ClusterNetworkPolicyEgressPeer{Namespaces: selectors().Draw(t, "namespaces")}
		}
	})
	return rapid.Custom(func(t *rapid.T) []*policyv1alpha2.ClusterNetworkPolicy {
		var out []*policyv1alpha2.ClusterNetworkPolicy
		tier := rapid.SampledFrom([]policyv1alpha2.Tier{policyv1alpha2.AdminTier, policyv1alpha2.BaselineTier}).Draw(t, "tier")
		for i := range rapid.IntRange(1, 3).Draw(t, "policies") {
			cnp := netpol.Blind("staging", "prod")
			cnp.Name = fmt.Sprintf("p%d", i)
			cnp.Spec.Egress, cnp.Spec.Tier = nil, tier
			cnp.Spec.Priority = int32(rapid.IntRange(0, 2).Draw(t, "priority"))
			cnp.Spec.Subject = policyv1alpha2.ClusterNetworkPolicySubject{Namespaces: selectors().Draw(t, "subject")}
			if rapid.Bool().Draw(t, "subject of pods") {
				cnp.Spec.Subject = policyv1alpha2.ClusterNetworkPolicySubject{Pods: namespacedPods().Draw(t, "subject")}
			}
			for range rapid.IntRange(1, 4).Draw(t, "rules") {
				rule := policyv1alpha2.ClusterNetworkPolicyEgressRule{
					Action: actions.Draw(t, "action"), To: rapid.SliceOfN(peers, 1, 2).Draw(t, "peers"), Protocols: protocols.Draw(t, "protocols"),
				}
				byAddress := func(p policyv1alpha2.ClusterNetworkPolicyEgressPeer) bool { return p.Networks != nil }
				if slices.ContainsFunc(rule.To, byAddress) || rapid.Bool().Draw(t, "egress") {
					cnp.Spec.Egress = append(cnp.Spec.Egress, rule)
					continue
				}
				ingress := policyv1alpha2.ClusterNetworkPolicyIngressRule{Action: rule.Action, Protocols: rule.Protocols}
				for _, p := range rule.To {
					ingress.From = append(ingress.From, policyv1alpha2.ClusterNetworkPolicyIngressPeer{Namespaces: p.Namespaces, Pods: p.Pods})
				}
				cnp.Spec.Ingress = append(cnp.Spec.Ingress, ingress)
			}
			out = append(out, cnp)
		}
		slices.SortStableFunc(out, func(a, b *policyv1alpha2.ClusterNetworkPolicy) int {
			return cmp.Compare(a.Spec.Priority, b.Spec.Priority)
		})
		return out
	})
}

// found runs the rules of the package and returns the findings of one, as
// "name field".
func found(policies []*policyv1alpha2.ClusterNetworkPolicy, rule string) []string {
	var objs []bulkhead.Object
	for _, cnp := range policies {
		objs = append(objs, cnp)
	}
	var out []string
	for _, f := range bulkhead.Check(objs, netpol.Rules()...) {
		if f.Rule == rule {
			out = append(out, f.Object.Name+" "+f.Field)
		}
	}
	return out
}

func TestShadowedRulesDecideNothing(t *testing.T) {
	all := connections()
	rapid.Check(t, func(t *rapid.T) {
		policies := clusterPolicies().Draw(t, "policies")
		dead := append(found(policies, netpol.ShadowedClusterRule), found(policies, netpol.AcceptAboveDeny)...)
		for _, c := range all {
			if rule, _ := decision(policies, c); slices.Contains(dead, rule) {
				t.Fatalf("%s is said never to apply, and decides %v", rule, c)
			}
		}
	})
}

func TestDenyBelowAcceptIsAcceptedInFull(t *testing.T) {
	all := connections()
	rapid.Check(t, func(t *rapid.T) {
		policies := clusterPolicies().Draw(t, "policies")
		for _, denied := range found(policies, netpol.AcceptAboveDeny) {
			alone := only(policies, denied)
			for _, c := range all {
				if rule, _ := decision(alone, c); rule == "" {
					continue // not what the Deny is about
				}
				if rule, action := decision(policies, c); action != policyv1alpha2.ClusterNetworkPolicyRuleActionAccept {
					t.Fatalf("%s is said to be accepted in full, but %s says %s to %v", denied, rule, action, c)
				}
			}
		}
	})
}

// only returns the policy of one rule, named as in a finding, with no other rule.
func only(policies []*policyv1alpha2.ClusterNetworkPolicy, rule string) []*policyv1alpha2.ClusterNetworkPolicy {
	name, field, _ := strings.Cut(rule, " ")
	for _, cnp := range policies {
		if cnp.Name != name {
			continue
		}
		out := cnp.DeepCopy()
		out.Spec.Ingress, out.Spec.Egress = nil, nil
		for i, r := range cnp.Spec.Ingress {
			if field == fmt.Sprintf("spec.ingress[%d]", i) {
				out.Spec.Ingress = append(out.Spec.Ingress, r)
			}
		}
		for i, r := range cnp.Spec.Egress {
			if field == fmt.Sprintf("spec.egress[%d]", i) {
				out.Spec.Egress = append(out.Spec.Egress, r)
			}
		}
		return []*policyv1alpha2.ClusterNetworkPolicy{out}
	}
	return nil
}

// Whatever the order of policies of one priority, connections are decided alike
// unless the rule EqualPriority speaks up. It need not know where pods stand
// among blocks of addresses, so that those are left out here.
func TestOrderMattersOnlyWhereEqualPriorityIsReported(t *testing.T) {
	all := connections()
	rapid.Check(t, func(t *rapid.T) {
		policies := clusterPolicies().Draw(t, "policies")
		if len(policies) < 2 || usesBlocks(policies) || len(found(policies, netpol.EqualPriority)) > 0 {
			return
		}
		reversed := slices.Clone(policies)
		slices.Reverse(reversed)
		slices.SortStableFunc(reversed, func(a, b *policyv1alpha2.ClusterNetworkPolicy) int {
			return cmp.Compare(a.Spec.Priority, b.Spec.Priority)
		})
		for _, c := range all {
			one, first := decision(policies, c)
			other, second := decision(reversed, c)
			if first != second {
				t.Fatalf("%s says %s and %s says %s to %v, and nothing is reported", one, first, other, second, c)
			}
		}
	})
}

func usesBlocks(policies []*policyv1alpha2.ClusterNetworkPolicy) bool {
	for _, cnp := range policies {
		for _, rule := range cnp.Spec.Egress {
			for _, peer := range rule.To {
				if slices.ContainsFunc(peer.Networks, func(n policyv1alpha2.CIDR) bool { return netip.MustParsePrefix(string(n)).Bits() > 0 }) {
					return true
				}
			}
		}
	}
	return false
}
