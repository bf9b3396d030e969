// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"cmp"
	"iter"
	"slices"

	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
	"github.com/watertight-go/watertight/netpol/internal/superseded"
)

// A tier holds the ClusterNetworkPolicies of one tier in order of precedence:
// by priority, and by name where the dataplane is free to choose.
type tier struct {
	policies []tierPolicy
	// homes are the positions in policies by the namespace that the subject is
	// confined to, or "".
	homes map[string][]int
}

// A tierPolicy is a policy with its subject and rules ready for comparison. The object
// is not embedded: what is reported is an object of the API, and this is none.
type tierPolicy struct {
	obj     bulkhead.Object
	spec    *policyv1alpha2.ClusterNetworkPolicySpec
	subject space.Pods
	home    string
	rules   []readRule
}

// A readRule is a rule and what it is about.
type readRule struct {
	tierRule
	traffic
	at int // its position in the rules of its policy
}

// decision is what a rule of p decides. In the last tier to pass is to accept:
// Kubernetes allows what no tier has denied.
func (p tierPolicy) decision(r readRule) policyv1alpha2.ClusterNetworkPolicyRuleAction {
	if p.spec.Tier == policyv1alpha2.BaselineTier && r.action == policyv1alpha2.ClusterNetworkPolicyRuleActionPass {
		return policyv1alpha2.ClusterNetworkPolicyRuleActionAccept
	}
	return r.action
}

// readTiers sorts the policies of the set by tier. Those that [Invalid] or
// [UnusableClusterPolicy] refuses are left out, so that all selectors and networks
// in the result compile, and so are tiers of more than [maxTierWork].
func readTiers(objs []bulkhead.Object) []tier {
	byTier := make(map[policyv1alpha2.Tier][]tierPolicy)
	for cnp := range bulkhead.Each[*policyv1alpha2.ClusterNetworkPolicy](objs) {
		if len(invalidClusterPolicy(cnp))+len(unusableClusterPolicy(cnp)) == 0 {
			byTier[cnp.Spec.Tier] = append(byTier[cnp.Spec.Tier], readTierPolicy(cnp, cnp))
		}
	}
	var out []tier
	for _, policies := range byTier {
		if t, ok := tierOf(policies); ok {
			out = append(out, t)
		}
	}
	return out
}

// mostAdminEntries is how many rules an AdminNetworkPolicy may have in a direction, and
// how many peers and ports each of them (network-policy-api v0.2.0, apis/v1alpha1).
const mostAdminEntries = 100

// readAdminTier reads the AdminNetworkPolicies of the set as [readTiers] does with the
// kind that replaced them. It returns false if they are too many.
func readAdminTier(objs []bulkhead.Object) (tier, bool) {
	var policies []tierPolicy
	for anp := range bulkhead.Each[*policyv1alpha1.AdminNetworkPolicy](objs) {
		cnp := superseded.Admin(anp)
		if len(invalidTierSpec(cnp, mostAdminEntries))+len(unusableClusterPolicy(cnp)) == 0 {
			policies = append(policies, readTierPolicy(anp, cnp))
		}
	}
	return tierOf(policies)
}

// readTierPolicy reads a policy that is valid, for an object that says the same.
func readTierPolicy(obj bulkhead.Object, cnp *policyv1alpha2.ClusterNetworkPolicy) tierPolicy {
	p := tierPolicy{obj: obj, spec: &cnp.Spec, subject: podsOf(cnp.Spec.Subject.Namespaces, cnp.Spec.Subject.Pods)}
	p.home = homeOf(p.subject.Namespaces)
	for rule := range tierRules(cnp) {
		p.rules = append(p.rules, readRule{rule, trafficOf(rule), len(p.rules)})
	}
	return p
}

// tierOf sorts the policies of one tier. It returns false if they are too many.
func tierOf(policies []tierPolicy) (tier, bool) {
	slices.SortStableFunc(policies, func(a, b tierPolicy) int {
		return cmp.Or(cmp.Compare(a.spec.Priority, b.spec.Priority), cmp.Compare(a.obj.GetName(), b.obj.GetName()))
	})
	t := tier{policies: policies, homes: make(map[string][]int)}
	for i, p := range policies {
		t.homes[p.home] = append(t.homes[p.home], i)
	}
	return t, t.work() <= maxTierWork
}

// homeOf returns the name of the single namespace that can be in a set, or "".
func homeOf(namespaces space.Namespaces) string {
	if names := namespaces.Names(); len(names) == 1 {
		return names[0]
	}
	return ""
}

// beside returns the positions of the policies, in order, whose subjects may
// share pods with that of p: for a policy about one namespace, those about the
// same and those that no name confines.
func (t tier) beside(p tierPolicy) []int {
	if p.home == "" {
		out := make([]int, len(t.policies))
		for i := range out {
			out[i] = i
		}
		return out
	}
	out := slices.Concat(t.homes[""], t.homes[p.home])
	slices.Sort(out)
	return out
}

// sharing returns the policies, in order, that are asked no later than p about
// some of its pods: those of its own priority may be. It holds p itself.
func (t tier) sharing(p tierPolicy) []tierPolicy {
	var out []tierPolicy
	for _, i := range t.beside(p) {
		if other := t.policies[i]; other.spec.Priority > p.spec.Priority {
			break
		} else if p.subject.Overlaps(other.subject) {
			out = append(out, other)
		}
	}
	return out
}

// holding returns the policies, in order, that are asked before p about all of its
// pods, and p itself at the end. Equal priority is not before.
func (t tier) holding(p tierPolicy) []tierPolicy {
	var out []tierPolicy
	for _, i := range t.beside(p) {
		if other := t.policies[i]; other.spec.Priority >= p.spec.Priority {
			break
		} else if other.subject.Covers(p.subject) {
			out = append(out, other)
		}
	}
	return append(out, p)
}

// before yields what some policies ask earlier than rule of p: the rules of the
// others that have a higher precedence, and those above it in p.
func before(policies []tierPolicy, p tierPolicy, rule readRule) iter.Seq2[tierPolicy, readRule] {
	return func(yield func(tierPolicy, readRule) bool) {
		for _, earlier := range policies {
			rules := earlier.rules
			if earlier.spec == p.spec {
				rules = rules[:rule.at]
			} else if earlier.spec.Priority >= p.spec.Priority {
				continue
			}
			for _, r := range rules {
				if r.direction == rule.direction && !yield(earlier, r) {
					return
				}
			}
		}
	}
}
