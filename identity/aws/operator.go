// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"strings"

	"github.com/watertight-go/watertight/identity"
)

// A value is what a request has under a key.
type value struct {
	presence presence
	texts    []string // if it is present; several if the key has several values
}

type presence int

const (
	untold presence = iota // it is not known whether and with which value it is there
	absent
	present
)

// An operator is one of a condition, such as ForAllValues:StringLikeIfExists (IAM
// documentation, "IAM JSON policy elements: Condition operators" and "Set operators for
// multi-valued context keys").
type operator struct {
	set      string // ForAllValues, ForAnyValue or nothing
	base     string // without Not
	negated  bool
	ifExists bool
}

func parseOperator(text string) operator {
	var op operator
	if set, rest, ok := strings.Cut(text, ":"); ok {
		op.set, text = set, rest
	}
	text, op.ifExists = strings.CutSuffix(text, "IfExists")
	for _, base := range []string{"String", "Arn", "Numeric", "Date"} {
		if rest, ok := strings.CutPrefix(text, base+"Not"); ok {
			op.base, op.negated = base+rest, true
			return op
		}
	}
	if text == "NotIpAddress" {
		op.negated, text = true, "IpAddress"
	}
	op.base = text
	return op
}

// known reports whether the operator is one of IAM's.
func (op operator) known() bool {
	switch op.set {
	case "", "ForAllValues", "ForAnyValue":
	default:
		return false
	}
	switch op.base {
	case "StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike",
		"NumericEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
		"DateEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
		"Bool", "BinaryEquals", "IpAddress", "Null":
		return true
	default:
		return false
	}
}

// holds answers whether a condition holds for what a request has under its key.
func (op operator) holds(key string, values []string, has value) identity.Match {
	missing := "the value of " + key + " in the request"
	switch {
	case !op.known():
		return unknown("what a condition on " + key + " means, whose operator is not known here")
	case len(values) == 0:
		return unknown("what a condition on " + key + " without a value means to IAM")
	case has.presence == untold:
		return unknown(missing)
	case op.base == "Null":
		var parts []identity.Match
		for _, v := range values {
			parts = append(parts, answer(strings.EqualFold(v, "true") == (has.presence == absent)))
		}
		return some(parts...)
	case has.presence == absent && op.set == "ForAnyValue" && op.ifExists: // each says otherwise
		return unknown("whether IAM takes " + key + " for one that holds if it is not there, with ForAnyValue and IfExists")
	case has.presence == absent:
		return answer(op.ifExists || op.set == "ForAllValues" || op.negated && op.set == "")
	case op.set == "" && len(has.texts) != 1:
		return unknown("how IAM compares the several values of " + key)
	}
	var parts []identity.Match
	for _, text := range has.texts {
		part := op.matchesOneOf(key, values, text)
		if op.negated {
			part = not(part)
		}
		parts = append(parts, part)
	}
	if op.set == "ForAnyValue" {
		return some(parts...)
	}
	return all(parts...)
}

func (op operator) matchesOneOf(key string, values []string, text string) identity.Match {
	var parts []identity.Match
	for _, v := range values {
		parts = append(parts, op.matches(key, v, text))
	}
	return some(parts...)
}

// matches compares without regard to negation. Variables of policies, such as
// ${aws:PrincipalTag/team}, stand for what is not known.
func (op operator) matches(key, want, text string) identity.Match {
	if strings.Contains(want, "${") {
		return unknown("what a variable in the condition on " + key + " stands for")
	}
	switch op.base {
	case "StringEquals":
		return answer(text == want)
	case "StringEqualsIgnoreCase":
		return answer(strings.EqualFold(text, want))
	case "StringLike":
		return answer(glob(want, text))
	case "ArnEquals", "ArnLike":
		if want, text := parseARN(want), parseARN(text); text != (arn{}) {
			return answer(want.like(text))
		}
	}
	return unknown("whether the value of " + key + " in the request is as the condition asks")
}

// patternOf returns the form in which the operator compares texts with a value, if it
// does so at all.
func (op operator) patternOf(want string) (pattern, bool) {
	switch op.base {
	case "StringEquals":
		return pattern{text: want}, true
	case "StringEqualsIgnoreCase":
		return pattern{text: strings.ToLower(want), fold: true}, true
	case "StringLike":
		return pattern{text: want, glob: true}, true
	default:
		return pattern{}, false
	}
}
