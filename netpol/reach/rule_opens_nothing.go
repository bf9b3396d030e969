// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"cmp"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// OpensNothing is a rule that allows connections of which none gets through, since
// the policies of the other end, or those of a tier before it, deny them all.
const OpensNothing = "reach/opens-nothing"

// mostPairs bounds the pairs of classes that are tried for a rule. One that gets
// through mostly is among the first; after so many without, the rule stays silent.
const mostPairs = 4096

func opensNothing(p *bulkhead.Pass, s *state) {
	e := newEvaluator(s)
	policies := s.everyPolicy()
	slices.SortFunc(policies, func(a, b *policy) int { return a.ref.Compare(b.ref) })
	for _, pol := range policies {
		for d := range pol.rules {
			for i := range pol.rules[d] {
				r := &pol.rules[d][i]
				// What reaches addresses outside, or comes from there, opens something.
				if r.action != accepts || r.everyone || r.domains || !r.addrs.Empty() || pol.refused {
					continue
				}
				if pair, found := e.blocked(r, direction(d)); found {
					p.Reportf(pol.obj, field.NewPath("spec", direction(d).field()).Index(i),
						"allow the connections at the other end too, or remove the rule", "%s", pair.text(s))
				}
			}
		}
	}
}

// A blockedPair stands for the pairs of a rule of which none gets through.
type blockedPair struct {
	from, to party
	port     Port
}

// blocked returns a pair of a rule, if none of them gets through.
func (e *evaluator) blocked(r *rule, d direction) (blockedPair, bool) {
	var first blockedPair
	tried := 0
	for subject := range r.policy.subject.may.each {
		for other := range r.peers.may.each {
			from, to := e.partyOfClass(subject), e.partyOfClass(other)
			if d == ingress {
				from, to = to, from
			}
			if e.self(from, to) {
				continue
			}
			ports := e.spec(r.ports, e.classes[to.class].layout).may
			if ports == noPorts {
				continue // a name that the pod gives to no port
			}
			if tried++; tried > mostPairs || e.intersect(ports, e.pair(from, to).may) != noPorts {
				return blockedPair{}, false
			}
			if tried == 1 {
				first = blockedPair{from, to, firstPort(e.sets[ports])}
			}
		}
	}
	return first, tried > 0
}

// partyOfClass returns one of the pods of a class, or the node that it is.
func (s *state) partyOfClass(c int32) party {
	if int(c) >= s.podClasses {
		return s.nodeParty(s.classes[c].node)
	}
	return s.partyOf(s.classes[c].endpoints[0])
}

// firstPort returns the first of some ports, which are not none.
func firstPort(spans []span) Port {
	return Port{corev1.Protocol(spans[0].transport.String()), cmp.Or(spans[0].first, 1)}
}

// text says why the pair is closed.
func (b blockedPair) text(s *state) string {
	reasons := slices.Concat(s.why(egress, b.from, b.to, b.port), s.why(ingress, b.to, b.from, b.port))
	for _, r := range reasons {
		if r.Verdict == Denied {
			return fmt.Sprintf("none of the connections that the rule allows gets through; %s", r.Text)
		}
	}
	return "none of the connections that the rule allows gets through"
}
