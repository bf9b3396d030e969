// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
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
