// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"cmp"
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/netpol"
)

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
		switch {
		case rapid.IntRange(0, 5).Draw(t, "named") == 0:
			return []policyv1alpha2.ClusterNetworkPolicyProtocol{{DestinationNamedPort: rapid.SampledFrom([]string{"http", "https"}).Draw(t, "name")}}
		case port == nil:
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
				if slices.ContainsFunc(rule.To, byAddress) && namesPorts(rule.Protocols) {
					rule.Protocols = nil // addresses give no names to ports
				}
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

func namesPorts(protocols []policyv1alpha2.ClusterNetworkPolicyProtocol) bool {
	return slices.ContainsFunc(protocols, func(p policyv1alpha2.ClusterNetworkPolicyProtocol) bool { return p.DestinationNamedPort != "" })
}
