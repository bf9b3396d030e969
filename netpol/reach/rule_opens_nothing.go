// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"cmp"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// OpensNothing is a rule, or an entry of its from or to, that allows connections of
// which none gets through, since the policies of the other end, or those of a tier
// before it, deny them all.
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
				if r := &pol.rules[d][i]; r.action == accepts && !r.everyone && !pol.refused && !pol.rivalled {
					e.opensNothing(p, r, direction(d))
				}
			}
		}
	}
}

// opensNothing reports a rule or, if others of its entries may open something, the
// entries that do not. What is about addresses outside opens something.
func (e *evaluator) opensNothing(p *bulkhead.Pass, r *rule, d direction) {
	at := field.NewPath("spec", d.field()).Index(r.index)
	if !r.domains && r.addrs.Empty() {
		if pair, found := e.blocked(r, d, r.peers.may); found {
			p.Reportf(r.policy.obj, at, "allow the connections at the other end too, or remove the rule",
				"none of the connections that the rule allows gets through%s", pair.text(e.state))
			return
		}
	}
	peers := "from"
	if d == egress {
		peers = "to"
	}
	for i, entry := range peersOf(r) {
		if len(entry.Networks)+len(entry.DomainNames) > 0 || entry.Nodes != nil {
			continue
		}
		if pair, found := e.blocked(r, d, e.among(r.peers.may, entry)); found {
			p.Reportf(r.policy.obj, at.Child(peers).Index(i), "allow the connections at the other end too, or remove the entry",
				"none of the connections that the entry allows gets through%s", pair.text(e.state))
		}
	}
}

// among returns the classes of a set that an entry with selectors may match.
func (s *state) among(classes set, entry policyv1alpha2.ClusterNetworkPolicyEgressPeer) set {
	want := selectorOfPeer(entry)
	out := newSet(0, len(s.classes))
	for c := range classes.each {
		k := &s.classes[c]
		if k.ns >= 0 && want.namespace.namespace(&s.namespaces[k.ns], s.nsIndex).and(want.pod.pods(k)) != never {
			out.add(c)
		}
	}
	return out
}

// A blockedPair stands for the pairs of a rule of which none gets through.
type blockedPair struct {
	from, to party
	port     Port
}

// blocked returns a pair of a rule and some of its peers, if none gets through.
func (e *evaluator) blocked(r *rule, d direction, peers set) (blockedPair, bool) {
	var first blockedPair
	tried := 0
	for subject := range r.policy.subject.may.each {
		for other := range peers.each {
			from, to := e.partyOfClass(subject), e.partyOfClass(other)
			if d == ingress {
				from, to = to, from
			}
			if e.self(from, to) {
				alike := e.classes[subject].endpoints
				if len(alike) == 1 {
					continue
				}
				to = e.partyOf(alike[1])
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

// text says why the pair is closed, after a semicolon.
func (b blockedPair) text(s *state) string {
	reasons := slices.Concat(s.why(egress, b.from, b.to, b.port), s.why(ingress, b.to, b.from, b.port))
	for _, r := range reasons {
		if r.Verdict == Denied {
			return "; " + r.Text
		}
	}
	return ""
}
