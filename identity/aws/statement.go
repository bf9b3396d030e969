// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"maps"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/identity"
)

const (
	assumeRole = "sts:AssumeRole"
	tagSession = "sts:TagSession"
	webAssume  = "sts:AssumeRoleWithWebIdentity"

	allow = "Allow"
	deny  = "Deny"
)

// A request is one to assume a role, of which a trust policy is asked.
type request interface {
	action() string
	// isPrincipal says whether who asks is what a statement names.
	isPrincipal(kind, name string) identity.Match
	// value is what the request has under a key, which is given in lower case.
	value(key string) value
}

// allows answers whether a policy admits a request, and by which statement.
func (p Policy) allows(r request) (identity.Match, int) {
	denied, allowed, by := no(), no(), 0
	for i, s := range p.Statement {
		switch applies := s.applies(r); {
		case s.Effect == deny:
			denied = some(denied, applies)
		case allowed.Answer != identity.Yes && applies.Answer != identity.No:
			if applies.Answer == identity.Yes || allowed.Answer == identity.No {
				by = i
			}
			allowed = some(allowed, applies)
		}
	}
	return all(not(denied), allowed), by
}

func (s Statement) applies(r request) identity.Match {
	if s.isAbout(r).Answer == identity.No {
		return no()
	}
	named := s.names(r)
	if named.Answer == identity.No {
		return no()
	}
	return all(named, s.conditionHolds(r))
}

// isAbout answers whether the action of a request is among those of the statement.
// Actions are compared without regard to case.
func (s Statement) isAbout(r request) identity.Match {
	among := func(actions []string) bool {
		for _, action := range actions {
			if glob(strings.ToLower(action), strings.ToLower(r.action())) {
				return true
			}
		}
		return false
	}
	if len(s.NotAction) > 0 {
		return answer(!among(s.NotAction))
	}
	return answer(among(s.Action))
}

func (s Statement) names(r request) identity.Match {
	principals := s.Principal
	if len(s.NotPrincipal) > 0 {
		principals = s.NotPrincipal
	}
	named := no()
	for _, kind := range sortedKeys(principals) {
		for _, name := range principals[kind] {
			if s.Effect == deny && name == "*" && (kind == "AWS" || kind == "*") {
				return answer(len(s.NotPrincipal) == 0)
			}
			named = some(named, r.isPrincipal(kind, name))
		}
	}
	if len(s.NotPrincipal) > 0 {
		return not(named)
	}
	return named
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// conditionHolds answers whether all of a condition hold.
func (s Statement) conditionHolds(r request) identity.Match {
	holds := yes()
	for _, name := range sortedKeys(s.Condition) {
		for _, key := range sortedKeys(s.Condition[name]) {
			holds = all(holds, parseOperator(name).holds(key, s.Condition[name][key], r.value(strings.ToLower(key))))
		}
	}
	return holds
}

// patternsOn returns what the policy compares the value of a key with.
func (p Policy) patternsOn(key string) []pattern {
	var out []pattern
	for _, s := range p.Statement {
		for _, name := range sortedKeys(s.Condition) {
			for _, k := range sortedKeys(s.Condition[name]) {
				if !strings.EqualFold(k, key) {
					continue
				}
				for _, value := range s.Condition[name][k] {
					if p, ok := parseOperator(name).patternOf(value); ok {
						out = append(out, p)
					}
				}
			}
		}
	}
	return out
}
