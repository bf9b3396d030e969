// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"cmp"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/created"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// AllowedByAnother is a rule, or a peer of one, that is narrower than what another
// policy allows the same pods, so that its limits limit nothing.
const AllowedByAnother = "netpol/allowed-by-another"

func allowedByAnother(p *bulkhead.Pass) {
	for _, direction := range bothDirections() {
		for _, policies := range allowingPolicies(p.Objects, direction) {
			for i := range policies {
				policies[i].reportWithin(p, policies)
			}
		}
	}
}

// An allowingPolicy is a policy with what it allows in a direction.
type allowingPolicy struct {
	obj     *networkingv1.NetworkPolicy
	subject space.Labels
	rules   []trafficRule
	all     []allowance
}

// allowingPolicies returns the policies by their namespaces, in the order of names.
// Those that the server refuses are left out, and so are those of which two have one
// name, those that [AllowAll] is about, and namespaces with too many to compare.
func allowingPolicies(objs []bulkhead.Object, direction networkingv1.PolicyType) [][]allowingPolicy {
	named := make(map[bulkhead.Ref]int)
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](objs) {
		named[bulkhead.RefTo(np)]++
	}
	byNamespace := make(map[string][]allowingPolicy)
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](objs) {
		if named[bulkhead.RefTo(np)] > 1 || allowsEverything(np, direction) || len(invalidPolicy(created.InSomeNamespace(np))) > 0 {
			continue
		}
		p := allowingPolicy{obj: np}
		p.subject, _ = space.LabelsOf(&np.Spec.PodSelector) // which is valid
		if p.rules, p.all = allowancesOf(np, direction); len(p.all) > 0 {
			byNamespace[np.Namespace] = append(byNamespace[np.Namespace], p)
		}
	}
	var out [][]allowingPolicy
	for _, policies := range byNamespace {
		slices.SortFunc(policies, func(a, b allowingPolicy) int { return cmp.Compare(a.obj.Name, b.obj.Name) })
		if fewEnough(policies) {
			out = append(out, policies)
		}
	}
	return out
}

// fewEnough reports whether it takes no more than [maxCompared] of them, each with
// each, to hold policies against each other.
func fewEnough(policies []allowingPolicy) bool {
	if len(policies) > maxCompared {
		return false
	}
	work := 0
	for i := range policies {
		for j := range policies {
			if policies[j].besides(&policies[i]) {
				work += len(policies[i].all) * len(policies[j].all)
			}
		}
	}
	return work <= maxCompared*maxCompared
}

// besides reports whether a policy is another one for the same pods. One for more of
// them, such as [AllowWithin], is a choice of its own, which other policies need not know.
func (p *allowingPolicy) besides(q *allowingPolicy) bool {
	return p.obj != q.obj && p.subject.Covers(q.subject) && q.subject.Covers(p.subject)
}

// reportWithin reports the rules of which another policy allows all and more, or else
// such peers.
func (p *allowingPolicy) reportWithin(pass *bulkhead.Pass, others []allowingPolicy) {
	for i, rule := range p.rules {
		of := indexesOf(p.all, i)
		report := func(what string, at *field.Path, asked func(allowance) bool) bool {
			for j := range others {
				if !others[j].besides(p) {
					continue
				}
				if by, found := p.within(&others[j], of, asked); found {
					pass.Reportf(p.obj, at, "narrow the other policy, or remove the "+what,
						"the %s limits nothing: %s of %s allows the same pods all of it and more", what, by, bulkhead.RefTo(others[j].obj))
					return true
				}
			}
			return false
		}
		if report("rule", rule.path, func(allowance) bool { return true }) {
			continue
		}
		for j := range rule.peers {
			report("peer", rule.peersPath().Index(j), func(a allowance) bool { return a.peer == j })
		}
	}
}

// within reports whether each of the asked allowances, of which there must be some, is
// narrower than one of another policy, and names the place there.
func (p *allowingPolicy) within(other *allowingPolicy, of []int, asked func(allowance) bool) (string, bool) {
	var by []allowance
	for _, i := range of {
		a := p.all[i]
		if !asked(a) {
			continue
		}
		j := slices.IndexFunc(other.all, func(b allowance) bool { return b.covers(a) && !a.covers(b) })
		if j < 0 {
			return "", false
		}
		by = append(by, other.all[j])
	}
	if len(by) == 0 {
		return "", false
	}
	return place(by), true
}
