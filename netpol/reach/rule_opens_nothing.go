// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"cmp"
	"fmt"
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

// opensNothing reports a rule of which no entry opens something, or else such entries.
func (e *evaluator) opensNothing(p *bulkhead.Pass, r *rule, d direction) {
	entries := peersOf(r)
	closed := make([]*blockedPair, len(entries))
	all, left := len(entries) > 0, mostPairs
	for i, entry := range entries {
		switch {
		case len(entry.Networks)+len(entry.DomainNames) > 0: // what is about addresses outside opens something
		case len(entries) == 1:
			closed[i] = e.blocked(r, d, r.peers.may, &left)
		case entry.Nodes == nil:
			closed[i] = e.blocked(r, d, e.among(r.peers.may, entry), &left)
		}
		all = all && closed[i] != nil
	}
	at := field.NewPath("spec", d.field()).Index(r.index)
	if all {
		p.Reportf(r.policy.obj, at, "allow the connections at the other end too, or remove the rule",
			"none of the connections that the rule allows gets through%s", e.text(closed[0]))
		return
	}
	for i, pair := range closed {
		if pair != nil {
			p.Reportf(r.policy.obj, at.Child(d.peersField()).Index(i), "allow the connections at the other end too, or remove the entry",
				"none of the connections that the entry allows gets through%s", e.text(pair))
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

// A blockedPair stands for pairs of a rule of which none gets through.
type blockedPair struct {
	from, to party
	port     Port
}

// blocked returns a pair of a rule and some of its peers, if there are pairs with ports
// and none gets through. It uses up what is left of the pairs to try.
func (e *evaluator) blocked(r *rule, d direction, peers set, left *int) *blockedPair {
	var first *blockedPair
	for subject := range r.policy.subject.may.each {
		for other := range peers.each {
			if *left == 0 {
				return nil
			}
			*left--
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
			if e.intersect(ports, e.pair(from, to).may) != noPorts {
				return nil
			}
			if first == nil {
				first = &blockedPair{from, to, firstPort(e.sets[ports])}
			}
		}
	}
	return first
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

// text says why the pair is closed, after a semicolon. Of the policies that isolate a pod
// it is the one that has the peer and not the port, which its author forgot.
func (e *evaluator) text(b *blockedPair) string {
	for _, d := range []direction{egress, ingress} {
		subject, other := b.from, b.to
		if d == ingress {
			subject, other = other, subject
		}
		for _, reason := range e.why(d, subject, other, b.port) {
			if reason.Verdict != Denied {
				continue
			}
			if near := e.nearMiss(d, subject, other); near != nil && reason.Field == "" { // no rule denies it
				return "; " + e.nearText(near, d, b)
			}
			return "; " + reason.Text
		}
	}
	return ""
}

// nearMiss returns a rule of a NetworkPolicy that is about both ends, if there is one.
func (s *state) nearMiss(d direction, subject, other party) *rule {
	for _, r := range s.side(subject.class, d).rules {
		if r.selects == surely && r.matches(other.peer) == surely {
			return r.rule
		}
	}
	return nil
}

func (e *evaluator) nearText(r *rule, d direction, b *blockedPair) string {
	ends := fmt.Sprintf("from %s to %s", e.partyName(b.from), e.partyName(b.to))
	ports := e.spec(r.ports, e.classes[b.to.class].layout).may
	if ports == noPorts {
		return fmt.Sprintf("%s of %s allows no port %s", r.path(d), r.policy.ref, ends)
	}
	return fmt.Sprintf("%s of %s allows %s %s, and not %s", r.path(d), r.policy.ref, e.ports(ports), ends, b.port)
}
