// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// ShadowedRule is a rule, a peer or a port that another part of the same policy
// covers, so that it changes nothing.
const ShadowedRule = "netpol/shadowed-rule"

func shadowedRule(p *bulkhead.Pass) {
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		// What an except lets out again by way of another peer is ExceptReopened's.
		spoken := make(map[string]bool)
		for _, r := range reopenedExcepts(np) {
			spoken[r.peerPath().String()] = true
		}
		for _, direction := range bothDirections() {
			rules, all := allowancesOf(np, direction)
			covering := coveringOf(all)
			for i, rule := range rules {
				coveredRule{rule: rule, all: all, covering: covering, of: indexesOf(all, i), spoken: spoken}.report(p, np)
			}
		}
	}
}

// A coveredRule is what is known of one rule: which of its allowances others cover.
type coveredRule struct {
	rule     trafficRule
	all      []allowance
	covering []int // index in all of the allowance that covers it; its own if none does
	of       []int // indexes in all that are the rule's
	spoken   map[string]bool
}

// report names the largest parts that are covered: the rule, else peers, else
// ports.
func (s coveredRule) report(p *bulkhead.Pass, np *networkingv1.NetworkPolicy) {
	if by, ok := s.covered(func(allowance) bool { return true }); ok {
		p.Reportf(np, s.rule.path, "remove the rule", "the rule changes nothing: %s allows all of it", by)
		return
	}
	for i := range s.rule.peers {
		if by, ok := s.covered(func(a allowance) bool { return a.peer == i }); ok {
			p.Reportf(np, s.rule.peersPath().Index(i), "remove the peer", "the peer changes nothing: %s allows all of it", by)
		}
	}
	for i := range s.rule.ports {
		if by, ok := s.covered(func(a allowance) bool { return a.port == i }); ok {
			p.Reportf(np, s.rule.portsPath().Index(i), "remove the port", "the port changes nothing: %s allows it with the same peers", by)
		}
	}
}

// covered reports whether others cover all of the rule's allowances that are
// asked for, of which there must be some, and says which.
func (s coveredRule) covered(asked func(allowance) bool) (by string, ok bool) {
	var others []allowance
	for _, i := range s.of {
		a := s.all[i]
		if !asked(a) {
			continue
		}
		if s.covering[i] == i || s.spoken[s.rule.peersPath().Index(a.peer).String()] {
			return "", false
		}
		others = append(others, s.all[s.covering[i]])
	}
	if len(others) == 0 {
		return "", false
	}
	return place(others), true
}

// place names the smallest part of the policy that holds all of some allowances.
func place(all []allowance) string {
	first := all[0]
	differ := func(of func(allowance) int) bool {
		return slices.ContainsFunc(all, func(a allowance) bool { return of(a) != of(first) })
	}
	switch {
	case differ(func(a allowance) int { return a.ofRule }):
		return "the rest of the policy"
	case len(first.rule.ports) > 1 && !differ(func(a allowance) int { return a.port }):
		return first.rule.portsPath().Index(first.port).String()
	case len(first.rule.peers) > 1 && !differ(func(a allowance) int { return a.peer }):
		return first.rule.peersPath().Index(first.peer).String()
	default:
		return first.rule.path.String()
	}
}
