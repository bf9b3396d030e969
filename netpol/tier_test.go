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
	"pgregory.net/rapid"
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
)

// The rules about ClusterNetworkPolicies claim something about every connection
// there can be. These tests compare the claims with a plain evaluation of each
// connection in a small world.

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
// among blocks of addresses and what numbers their named ports have, so that those
// are left out here.
func TestOrderMattersOnlyWhereEqualPriorityIsReported(t *testing.T) {
	all := connections()
	rapid.Check(t, func(t *rapid.T) {
		policies := clusterPolicies().Draw(t, "policies")
		if len(policies) < 2 || usesUnknown(policies) || len(found(policies, netpol.EqualPriority)) > 0 {
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

// Of AdminNetworkPolicies that say the same as ClusterNetworkPolicies of the Admin tier,
// the same are reported.
func TestEqualPriorityOfAdminNetworkPolicies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policies := clusterPolicies().Draw(t, "policies")
		var objs []bulkhead.Object
		for _, cnp := range policies {
			cnp.Spec.Tier = policyv1alpha2.AdminTier
			objs = append(objs, asAdmin(cnp))
		}
		want := found(policies, netpol.EqualPriority)
		var got []string
		for _, f := range bulkhead.Check(objs, ruleOf(netpol.EqualPriority)) {
			if f.Object.Kind != "AdminNetworkPolicy" {
				t.Errorf("%v is none of the objects", f.Object)
			}
			got = append(got, f.Object.Name+" "+f.Field)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v, and as ClusterNetworkPolicies %v", got, want)
		}
	})
}

// asAdmin writes a policy as one of the kind before.
func asAdmin(cnp *policyv1alpha2.ClusterNetworkPolicy) *policyv1alpha1.AdminNetworkPolicy {
	action := func(a policyv1alpha2.ClusterNetworkPolicyRuleAction) policyv1alpha1.AdminNetworkPolicyRuleAction {
		return policyv1alpha1.AdminNetworkPolicyRuleAction(strings.Replace(string(a), "Accept", "Allow", 1))
	}
	out := &policyv1alpha1.AdminNetworkPolicy{ObjectMeta: cnp.ObjectMeta}
	out.Spec.Priority = cnp.Spec.Priority
	out.Spec.Subject.Namespaces, out.Spec.Subject.Pods = cnp.Spec.Subject.Namespaces, (*policyv1alpha1.NamespacedPod)(cnp.Spec.Subject.Pods)
	for _, r := range cnp.Spec.Ingress {
		rule := policyv1alpha1.AdminNetworkPolicyIngressRule{Action: action(r.Action), Ports: asAdminPorts(r.Protocols)}
		for _, p := range r.From {
			rule.From = append(rule.From, policyv1alpha1.AdminNetworkPolicyIngressPeer{Namespaces: p.Namespaces, Pods: (*policyv1alpha1.NamespacedPod)(p.Pods)})
		}
		out.Spec.Ingress = append(out.Spec.Ingress, rule)
	}
	for _, r := range cnp.Spec.Egress {
		rule := policyv1alpha1.AdminNetworkPolicyEgressRule{Action: action(r.Action), Ports: asAdminPorts(r.Protocols)}
		for _, p := range r.To {
			peer := policyv1alpha1.AdminNetworkPolicyEgressPeer{Namespaces: p.Namespaces, Pods: (*policyv1alpha1.NamespacedPod)(p.Pods)}
			for _, network := range p.Networks {
				peer.Networks = append(peer.Networks, policyv1alpha1.CIDR(network))
			}
			rule.To = append(rule.To, peer)
		}
		out.Spec.Egress = append(out.Spec.Egress, rule)
	}
	return out
}

func asAdminPorts(protocols []policyv1alpha2.ClusterNetworkPolicyProtocol) *[]policyv1alpha1.AdminNetworkPolicyPort {
	if protocols == nil {
		return nil
	}
	var out []policyv1alpha1.AdminNetworkPolicyPort
	for _, p := range protocols {
		port := policyv1alpha1.AdminNetworkPolicyPort{}
		switch {
		case p.TCP == nil:
			port.NamedPort = &p.DestinationNamedPort
		case p.TCP.DestinationPort.Range != nil:
			port.PortRange = &policyv1alpha1.PortRange{Start: p.TCP.DestinationPort.Range.Start, End: p.TCP.DestinationPort.Range.End}
		default:
			port.PortNumber = &policyv1alpha1.Port{Protocol: "TCP", Port: p.TCP.DestinationPort.Number}
		}
		out = append(out, port)
	}
	return &out
}

// Objects that a client has read carry no kind of their own, and are named all the same.
func TestTypedPoliciesAreNamed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var objs []bulkhead.Object
		for _, cnp := range clusterPolicies().Draw(t, "policies") {
			cnp.TypeMeta = metav1.TypeMeta{}
			objs = append(objs, cnp)
		}
		for _, f := range bulkhead.Check(objs, netpol.Rules()...) {
			if f.Object.Kind != "ClusterNetworkPolicy" || f.Object.Group != "policy.networking.k8s.io" || strings.Contains(f.Message, "tierPolicy") {
				t.Errorf("%s names %+v", f, f.Object)
			}
		}
	})
}

func usesUnknown(policies []*policyv1alpha2.ClusterNetworkPolicy) bool {
	for _, cnp := range policies {
		for _, rule := range cnp.Spec.Ingress {
			if namesPorts(rule.Protocols) {
				return true
			}
		}
		for _, rule := range cnp.Spec.Egress {
			if namesPorts(rule.Protocols) {
				return true
			}
			for _, peer := range rule.To {
				if slices.ContainsFunc(peer.Networks, func(n policyv1alpha2.CIDR) bool { return netip.MustParsePrefix(string(n)).Bits() > 0 }) {
					return true
				}
			}
		}
	}
	return false
}
