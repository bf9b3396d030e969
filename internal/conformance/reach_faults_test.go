// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Faults are points in which a peer does not follow the text of the API.
type faults uint

const (
	notInNeedsKey faults = 1 << iota
	absentIsEmpty
	onePortName
	ownPodPoliced
	ownNodePoliced
	hostNetworkPoliced
	blocksMissPods
	protocolAloneIsAny
	firstNamedPort
	noSidecars
	ipv6AsIPv4
)

func (f faults) has(one faults) bool { return f&one != 0 }

// A departure is a difference that is explained. Either the literal reading with
// the fault answers as the peer did, or covers recognises a connection for which the
// peer has no answer, or loses it.
type departure struct {
	name   string
	reason string
	fault  faults
	covers func(l *literal, q query, answer string) bool
}

// A peer is another engine: a program, its first argument, and the file of its
// answers. What it is not asked is passed over.
type peer struct {
	name     string
	program  string
	command  []string
	notAsked func(query) bool
	tolerate []departure
}

func (p peer) all() (all faults) {
	for _, t := range p.tolerate {
		all |= t.fault
	}
	return all
}

// explain returns the fewest departures that together turn the text of the API into
// the peer's answer, or nil.
func (p peer) explain(l *literal, q query, answer string) (names []string) {
	defer func() { l.faults = 0 }()
	says := func(set faults) bool {
		l.faults = set
		return answer == verdictOf(l.allowed(q))
	}
	if all := p.all(); says(all) {
		best := all
		for set := all; ; set = (set - 1) & all {
			if ones(set) < ones(best) && says(set) {
				best = set
			}
			if set == 0 {
				break
			}
		}
		for _, t := range p.tolerate {
			if best.has(t.fault) {
				names = append(names, t.name)
			}
		}
		return names
	}
	l.faults = p.all()
	for _, t := range p.tolerate {
		if t.covers != nil && t.covers(l, q, answer) {
			return []string{t.name}
		}
	}
	return nil
}

func ones(f faults) (n int) {
	for ; f != 0; f &= f - 1 {
		n++
	}
	return n
}

func verdictOf(allowed bool) string {
	if allowed {
		return "allowed"
	}
	return "denied"
}

func isIPv6(name string) bool {
	addr, err := netip.ParseAddr(name)
	return err == nil && addr.Is6()
}

func ipv6Refused(_ *literal, q query, answer string) bool {
	return (isIPv6(q.From) || isIPv6(q.To)) && strings.Contains(answer, "not a valid ipv4")
}

func ipv6Denied(_ *literal, q query, answer string) bool {
	return (isIPv6(q.From) || isIPv6(q.To)) && answer == "denied"
}

const nameError = "cannot convert named port for an IP destination"

// nameMeetsAddress recognises a connection to an address about which a rule with a
// port name is asked.
func nameMeetsAddress(l *literal, q query, answer string) bool {
	from, to := l.end(q.From), l.end(q.To)
	if !strings.Contains(answer, nameError) || to.pod != nil || from.pod == nil {
		return false
	}
	for np := range l.isolating(from, networkingv1.PolicyTypeEgress) {
		for _, r := range rulesOf(np, networkingv1.PolicyTypeEgress) {
			if l.peers(np.Namespace, r.peers, to) && slices.ContainsFunc(r.ports, isName) {
				return true
			}
		}
	}
	return false
}

// nameMeetsAnyAddress recognises a cluster in which there is such a connection.
func nameMeetsAnyAddress(l *literal, _ query, answer string) bool {
	if !strings.Contains(answer, nameError) {
		return false
	}
	for _, pod := range l.pods {
		for np := range l.isolating(end{pod: pod}, networkingv1.PolicyTypeEgress) {
			for _, r := range rulesOf(np, networkingv1.PolicyTypeEgress) {
				outside := len(r.peers) == 0 || slices.ContainsFunc(r.peers, func(p networkingv1.NetworkPolicyPeer) bool { return p.IPBlock != nil })
				if outside && slices.ContainsFunc(r.ports, isName) {
					return true
				}
			}
		}
	}
	return false
}

func isName(p networkingv1.NetworkPolicyPort) bool {
	return p.Port != nil && p.Port.Type == intstr.String
}

// overlapLost recognises a connection to a port that is in a range of open or of
// closed ports, inside which another one ends that begins before it, among those of the
// rules, policies and sides that decide. A piece that is lost from what is open is
// denied; one that is lost from what is closed between open ports is allowed.
func overlapLost(l *literal, q query, answer string) bool {
	if strings.HasPrefix(answer, "refused") {
		return false
	}
	from, to := l.end(q.From), l.end(q.To)
	spans := append(l.spans(networkingv1.PolicyTypeEgress, from, to, q), l.spans(networkingv1.PolicyTypeIngress, to, from, q)...)
	for _, a := range spans {
		for _, b := range spans {
			if a.first < b.first && b.first <= a.last && a.last < b.last && b.first <= q.Port && q.Port <= b.last {
				return true
			}
		}
	}
	return false
}

// A span is a range of ports.
type span struct{ first, last int32 }

// spans are the ranges of ports of the query's protocol, open and closed, of all rules
// that match a connection on a side, and of what they add up to.
func (l *literal) spans(side networkingv1.PolicyType, subject, other end, q query) (out []span) {
	if !l.policed(subject) {
		return nil
	}
	var all []span
	for np := range l.isolating(subject, side) {
		var policy []span
		for _, r := range rulesOf(np, side) {
			if l.peers(np.Namespace, r.peers, other) {
				rule := numbers(r.ports, q.Protocol)
				policy = append(policy, rule...)
				out = append(out, between(rule)...)
			}
		}
		all = append(all, policy...)
		out = append(out, between(policy)...)
	}
	return slices.Concat(out, all, between(all))
}

// numbers are the ports that a list gives by their number.
func numbers(list []networkingv1.NetworkPolicyPort, protocol corev1.Protocol) (out []span) {
	for _, p := range list {
		of := corev1.ProtocolTCP
		if p.Protocol != nil {
			of = *p.Protocol
		}
		if of != protocol || p.Port == nil || isName(p) {
			continue
		}
		s := span{p.Port.IntVal, p.Port.IntVal}
		if p.EndPort != nil {
			s.last = *p.EndPort
		}
		out = append(out, s)
	}
	return out
}

// between are the ranges that are outside all of some.
func between(list []span) (out []span) {
	list = slices.SortedFunc(slices.Values(list), func(a, b span) int { return cmp.Compare(a.first, b.first) })
	next := int32(1)
	for _, s := range list {
		if next < s.first {
			out = append(out, span{next, s.first - 1})
		}
		next = max(next, s.last+1)
	}
	return append(out, span{next, 65535})
}
