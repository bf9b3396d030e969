// SPDX-License-Identifier: Apache-2.0

package aws_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/aws"
)

// A token is what a pod of staging may show: its account and the audience that it chose.
type token struct{ sub, aud string }

// tokens are those that the values of tokenPolicies tell apart, and a few more.
func tokens() []token {
	var out []token
	for _, account := range []string{"app", "web", "ap", "app-2", "x", "a.b", "prod"} {
		for _, aud := range audiences() {
			out = append(out, token{"system:serviceaccount:staging:" + account, aud})
		}
	}
	return out
}

func audiences() []string {
	return []string{
		"sts.amazonaws.com", "STS.amazonaws.com", "prod", "PROD", "Prod", "other", "s", "sx", "S", "pxod", "*", "p?od", "P?OD", "s*", "S*",
	}
}

// tokenPolicies are about nothing but subjects and audiences, of which everything is known.
func tokenPolicies() *rapid.Generator[aws.Policy] {
	statement := rapid.Custom(func(t *rapid.T) aws.Statement {
		s := aws.Statement{
			Effect:    rapid.SampledFrom([]string{"Allow", "Allow", "Deny"}).Draw(t, "effect"),
			Principal: aws.Principals{"Federated": {"arn:aws:iam::111122223333:oidc-provider/" + provider}},
			Condition: make(map[string]map[string][]string),
		}
		actions := rapid.SampledFrom([][]string{{"sts:AssumeRoleWithWebIdentity"}, {"STS:assumerolewith*"}, {"sts:AssumeRole"}, {"*"}}).Draw(t, "actions")
		if rapid.IntRange(0, 4).Draw(t, "not") == 0 {
			s.NotAction = actions
		} else {
			s.Action = actions
		}
		for range rapid.IntRange(0, 3).Draw(t, "conditions") {
			operator := rapid.SampledFrom([]string{"", "ForAllValues:", "ForAnyValue:"}).Draw(t, "set") +
				rapid.SampledFrom([]string{"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"}).Draw(t, "operator")
			if !strings.HasPrefix(operator, "ForAny") {
				operator += rapid.SampledFrom([]string{"", "", "IfExists"}).Draw(t, "if exists")
			}
			key := rapid.SampledFrom([]string{provider + ":sub", provider + ":aud", strings.ToUpper(provider) + ":SUB", "other.example.com:sub"}).Draw(t, "key")
			values := []string{"prod", "PROD", "sts.amazonaws.com", "*", "p?od", "s*"}
			if strings.EqualFold(key, provider+":sub") {
				values = []string{
					"system:serviceaccount:staging:app", "system:serviceaccount:STAGING:app", "system:serviceaccount:staging:*", "system:serviceaccount:*:app",
					"system:serviceaccount:staging:ap?", "system:serviceaccount:prod:app", "*", "*-2", "system:serviceaccount:stag*:??", "system:serviceaccount:*:*.*",
				}
			}
			s.Condition[operator] = map[string][]string{key: rapid.SliceOfNDistinct(rapid.SampledFrom(values), 1, 3, rapid.ID[string]).Draw(t, "values")}
		}
		return s
	})
	return rapid.Custom(func(t *rapid.T) aws.Policy {
		return aws.Policy{Statement: rapid.SliceOfN(statement, 1, 4).Draw(t, "statements")}
	})
}

// admitsByHand reads a policy as the documentation of IAM says it, for one token.
func admitsByHand(policy aws.Policy, of token) bool {
	allowed := false
	for _, s := range policy.Statement {
		if !appliesByHand(s, of) {
			continue
		}
		if s.Effect == "Deny" {
			return false
		}
		allowed = true
	}
	return allowed
}

func appliesByHand(s aws.Statement, of token) bool {
	listed := slices.ContainsFunc(append(s.Action, s.NotAction...), func(action string) bool {
		return likeByHand("(?i)", action, "sts:AssumeRoleWithWebIdentity")
	})
	if listed == (len(s.NotAction) > 0) {
		return false
	}
	for operator, keys := range s.Condition {
		for key, values := range keys {
			if !holdsByHand(operator, key, values, of) {
				return false
			}
		}
	}
	return true
}

func holdsByHand(operator, key string, values []string, of token) bool {
	negated, ifExists, every := strings.Contains(operator, "Not"), strings.Contains(operator, "IfExists"), strings.HasPrefix(operator, "ForAllValues")
	text := of.aud
	switch {
	case strings.EqualFold(key, provider+":sub"):
		text = of.sub
	case key != provider+":aud": // the token has no such claim
		return ifExists || every || negated && !strings.HasPrefix(operator, "ForAnyValue")
	}
	found := slices.ContainsFunc(values, func(value string) bool {
		switch {
		case strings.Contains(operator, "Like"):
			return likeByHand("", value, text)
		case strings.Contains(operator, "IgnoreCase"):
			return strings.EqualFold(value, text)
		default:
			return value == text
		}
	})
	return found != negated
}

func likeByHand(flags, pattern, text string) bool {
	quoted := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile(flags + `\A` + quoted + `\z`).MatchString(text)
}

// Where everything is known, a role is breached exactly if it admits some token.
func TestNoAssumptionIsAsByHand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := tokenPolicies().Draw(t, "policy")
		proof := bulkhead.Must(aws.NoAssumption(aws.Evidence{Roles: []aws.Role{{ARN: prod, AssumeRolePolicyDocument: policy}}}, boundary()))
		admits := slices.ContainsFunc(tokens(), func(of token) bool { return admitsByHand(policy, of) })
		switch {
		case admits && proof.Verdict != bulkhead.Breached, proof.Verdict == bulkhead.Undetermined:
			t.Fatalf("a token is admitted: %t; the proof is %v", admits, proof)
		case !admits && proof.Verdict == bulkhead.Breached:
			text := proof.Breaches[0].Path[0].Text // by an account of its own
			account := text[strings.LastIndexByte(text, ' ')+1:]
			if !slices.ContainsFunc(audiences(), func(aud string) bool { return admitsByHand(policy, token{account, aud}) }) {
				t.Fatalf("%s is said to be admitted: %v", account, proof)
			}
		}
	})
}
