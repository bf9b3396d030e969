// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// SubsumedPolicy is a policy that another one of the namespace makes superfluous.
const SubsumedPolicy = "netpol/subsumed-policy"

func subsumedPolicy(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for _, policies := range n.policies {
		readings := readingsOf(policies)
		for i, narrow := range readings {
			for j, wide := range readings {
				sameAs := j > i && narrow.covers(wide) // of two that say the same the second goes
				if j != i && wide.obj.Name != narrow.obj.Name && wide.covers(narrow) && !sameAs {
					p.Reportf(narrow.obj, nil, "remove the policy, or narrow the other one",
						"the policy changes nothing: %s governs the same pods and allows all that this one allows", wide.obj.Name)
					break
				}
			}
		}
	}
}

// A reading is what a policy says: which pods it isolates in which directions, and
// what it allows them.
type reading struct {
	obj       *networkingv1.NetworkPolicy
	subject   labelSpace
	isolates  []networkingv1.PolicyType
	allowance map[networkingv1.PolicyType][]allowance
}

// readingsOf reads those policies of a namespace that allow something. One that
// allows nothing is a wall, and stays one when a policy beside it is removed.
// Policies with more parts than can be compared in good time are left out.
func readingsOf(policies []policy) []reading {
	var out []reading
	total := 0
	for _, np := range policies {
		r, ok := readingOf(np)
		for _, allowances := range r.allowance {
			total += len(allowances)
		}
		if total > 4*maxCompared {
			return nil
		}
		if ok {
			out = append(out, r)
		}
	}
	return out
}

// readingOf reads a policy, and returns false for one that allows nothing or too
// much to be compared.
func readingOf(np policy) (reading, bool) {
	out := reading{obj: np.obj, allowance: make(map[networkingv1.PolicyType][]allowance)}
	out.subject, _ = spaceOf(&np.obj.Spec.PodSelector) // it compiles, or it would not be here
	something := false
	for _, direction := range bothDirections() {
		if !governs(np.obj, direction) {
			continue
		}
		rules, all := allowancesOf(np.obj, direction)
		if len(rules) == 0 && hasRules(np.obj, direction) {
			return reading{}, false
		}
		out.isolates = append(out.isolates, direction)
		out.allowance[direction] = all
		something = something || len(all) > 0
	}
	return out, something
}

func hasRules(np *networkingv1.NetworkPolicy, direction networkingv1.PolicyType) bool {
	if direction == networkingv1.PolicyTypeIngress {
		return len(np.Spec.Ingress) > 0
	}
	return len(np.Spec.Egress) > 0
}

// covers reports whether removing narrow changes nothing as long as wide stands.
func (wide reading) covers(narrow reading) bool {
	if !narrow.subject.within(wide.subject) {
		return false
	}
	for _, direction := range narrow.isolates {
		if !slices.Contains(wide.isolates, direction) || !allCovered(narrow.allowance[direction], wide.allowance[direction]) {
			return false
		}
	}
	return true
}

func allCovered(narrow, wide []allowance) bool {
	for _, a := range narrow {
		if !slices.ContainsFunc(wide, func(b allowance) bool { return b.covers(a) }) {
			return false
		}
	}
	return true
}
