// SPDX-License-Identifier: Apache-2.0

package aws_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/aws"
)

func statements() *rapid.Generator[aws.Statement] {
	return rapid.Custom(func(t *rapid.T) aws.Statement {
		word := func(label string, words ...string) string { return rapid.SampledFrom(words).Draw(t, label) }
		s := aws.Statement{
			Effect: word("effect", "Allow", "Allow", "Allow", "Deny"),
			Action: []string{word("action", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRole", "sts:*", "sts:TagSession")},
			Principal: rapid.SampledFrom([]aws.Principals{
				{"Federated": {"arn:aws:iam::111122223333:oidc-provider/" + provider}},
				{"Service": {"pods.eks.amazonaws.com"}},
				{"AWS": {named("a"), named("b")}},
				{"AWS": {"111122223333"}},
				{"*": {"*"}},
			}).Draw(t, "principal"),
		}
		for range rapid.IntRange(0, 2).Draw(t, "conditions") {
			operator := word("operator", "StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "ForAllValues:StringLike", "StringEqualsIfExists", "ForAnyValue:StringEqualsIgnoreCase", "Null")
			key := word("key", provider+":sub", provider+":aud", "aws:RequestTag/kubernetes-namespace", "aws:RequestTag/kubernetes-service-account", "sts:ExternalId", "aws:SourceIp")
			values := rapid.SliceOfN(rapid.SampledFrom([]string{
				"system:serviceaccount:prod:app", "system:serviceaccount:staging:app", "system:serviceaccount:*:app", "system:serviceaccount:staging:*", "*:a?p",
				"prod", "staging", "app", "*", "true", "false",
			}), 1, 3).Draw(t, "values")
			if s.Condition == nil {
				s.Condition = make(map[string]map[string][]string)
			}
			s.Condition[operator] = map[string][]string{key: values}
		}
		return s
	})
}

func evidence() *rapid.Generator[aws.Evidence] {
	return rapid.Custom(func(t *rapid.T) aws.Evidence {
		var out aws.Evidence
		for _, name := range []string{"prod-backend", "a", "b"} {
			if name == "b" && rapid.Bool().Draw(t, "no b") {
				continue
			}
			out.Roles = append(out.Roles, aws.Role{
				ARN: named(name), AssumeRolePolicyDocument: aws.Policy{Statement: rapid.SliceOfN(statements(), 1, 3).Draw(t, name)},
			})
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "associations") {
			a := aws.Association{AssociationID: fmt.Sprint("a-", i), DisableSessionTags: rapid.Bool().Draw(t, "untagged")}
			a.ClusterName, a.Namespace, a.ServiceAccount = "shop", rapid.SampledFrom([]string{"staging", "prod"}).Draw(t, "namespace"), "app"
			a.RoleARN = rapid.SampledFrom([]string{prod, named("a"), ""}).Draw(t, "role")
			a.TargetRoleARN = rapid.SampledFrom([]string{"", "", prod}).Draw(t, "target")
			out.Associations = append(out.Associations, a)
		}
		return out
	})
}

// More is never less: with one more statement that allows, what was breached stays so,
// and what was not known is not sealed.
func TestAllowingMoreSealsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := evidence().Draw(t, "evidence")
		before := bulkhead.Must(aws.NoAssumption(e, boundary()))
		more := statements().Filter(func(s aws.Statement) bool { return s.Effect == "Allow" }).Draw(t, "more")
		i := rapid.IntRange(0, len(e.Roles)-1).Draw(t, "role")
		e.Roles[i].AssumeRolePolicyDocument.Statement = append(slices.Clone(e.Roles[i].AssumeRolePolicyDocument.Statement), more)
		after := bulkhead.Must(aws.NoAssumption(e, boundary()))
		if before.Verdict == bulkhead.Breached && after.Verdict != bulkhead.Breached || before.Verdict == bulkhead.Undetermined && after.Verdict == bulkhead.Sealed {
			t.Fatalf("%v became %v", before, after)
		}
	})
}

// Denying more opens nothing.
func TestDenyingMoreBreachesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := evidence().Draw(t, "evidence")
		before := bulkhead.Must(aws.NoAssumption(e, boundary()))
		more := statements().Draw(t, "more")
		more.Effect = "Deny"
		e.Roles[0].AssumeRolePolicyDocument.Statement = append(slices.Clone(e.Roles[0].AssumeRolePolicyDocument.Statement), more)
		after := bulkhead.Must(aws.NoAssumption(e, boundary()))
		if before.Verdict != bulkhead.Breached && after.Verdict == bulkhead.Breached || before.Verdict == bulkhead.Sealed && after.Verdict != bulkhead.Sealed {
			t.Fatalf("%v became %v", before, after)
		}
	})
}

// Knowing less of other roles seals nothing: a role that is not there may be anybody's.
func TestKnowingLessSealsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := evidence().Draw(t, "evidence")
		e.Associations = nil
		before := bulkhead.Must(aws.NoAssumption(e, boundary()))
		e.Roles = e.Roles[:1]
		after := bulkhead.Must(aws.NoAssumption(e, boundary()))
		if before.Verdict != bulkhead.Sealed && after.Verdict == bulkhead.Sealed {
			t.Fatalf("%v became %v", before, after)
		}
	})
}

// The order of roles and associations is of no account, nor are repetitions.
func TestOrderIsOfNoAccount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := evidence().Draw(t, "evidence")
		want := bulkhead.Must(aws.NoAssumption(e, boundary()))
		e.Roles = append(slices.Clone(e.Roles), e.Roles...)
		slices.Reverse(e.Roles)
		slices.Reverse(e.Associations)
		b := boundary()
		b.From, b.Away = append(b.From, b.From...), append(b.Away, b.Away...)
		if diff := cmp.Diff(want, bulkhead.Must(aws.NoAssumption(e, b))); diff != "" {
			t.Fatalf("proof (-as is +reversed):\n%s", diff)
		}
	})
}

// Of paths of one length the same is shown, whatever came first.
func TestOrderOfEqualPathsIsOfNoAccount(t *testing.T) {
	e := setting{
		statements: []string{pods(""), trusts(named("a"), ""), trusts(named("b"), "")},
		others:     map[string][]string{"a": {web(stagingRole)}, "b": {web(stagingRole)}},
		associations: []string{
			associated("staging/a", "prod-backend", ""), associated("staging/b", "prod-backend", ""), associated("staging/b", "a", ""),
		},
	}.evidence(t)
	for _, roles := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
		for _, associations := range [][]aws.Association{e.Associations, e.Associations[2:], nil} {
			turned := aws.Evidence{Associations: slices.Clone(associations)}
			slices.Reverse(turned.Associations)
			for _, i := range roles {
				turned.Roles = append(turned.Roles, e.Roles[i])
			}
			want := bulkhead.Must(aws.NoAssumption(aws.Evidence{Roles: e.Roles, Associations: associations}, boundary()))
			if diff := cmp.Diff(want, bulkhead.Must(aws.NoAssumption(turned, boundary()))); want.Verdict != bulkhead.Breached || diff != "" {
				t.Errorf("proof (-as is +turned):\n%s", diff)
			}
		}
	}
}

// Each change closes its path, and finitely many close all that is certain.
func TestChangesCloseRandomPaths(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e := evidence().Draw(rt, "evidence")
		for range 60 {
			proof := bulkhead.Must(aws.NoAssumption(e, boundary()))
			if len(proof.Breaches) == 0 {
				return
			}
			after := applied(t, e, proof.Breaches[0].Change)
			if cmp.Equal(e, after) {
				rt.Fatalf("%v changes nothing", proof.Breaches[0].Change)
			}
			e = after
		}
		rt.Fatal("changes do not end")
	})
}

// A no about all accounts of a namespace is one about each: an account by name, asked
// for with a condition on its exact name, is never admitted where the namespace is not.
func TestNamespacesAreTheirAccounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`system:serviceaccount:(staging|\*|s\*g)[:*](a|b|-|\.|\?|\*){0,5}`)
		like := rapid.SliceOfN(pattern, 1, 3).Draw(t, "like")
		notLike := rapid.SliceOfN(pattern, 0, 3).Draw(t, "not like")
		account := rapid.StringMatching(`(a|b)((a|b|-){0,2}(a|b)(\.(a|b))?)?`).Draw(t, "account")
		role := func(conditions map[string]map[string][]string) aws.Evidence {
			return aws.Evidence{Roles: []aws.Role{{ARN: prod, AssumeRolePolicyDocument: aws.Policy{Statement: []aws.Statement{{
				Effect: "Allow", Action: []string{"sts:AssumeRoleWithWebIdentity"}, Principal: aws.Principals{"Federated": {"arn:aws:iam::111122223333:oidc-provider/" + provider}}, Condition: conditions,
			}}}}}}
		}
		conditions := map[string]map[string][]string{"StringLike": {provider + ":sub": like}}
		if len(notLike) > 0 {
			conditions["StringNotLike"] = map[string][]string{provider + ":sub": notLike}
		}
		whole := bulkhead.Must(aws.NoAssumption(role(conditions), boundary()))
		named := maps.Clone(conditions)
		named["StringEquals"] = map[string][]string{provider + ":sub": {"system:serviceaccount:staging:" + account}}
		if one := bulkhead.Must(aws.NoAssumption(role(named), boundary())); one.Verdict == bulkhead.Breached && whole.Verdict != bulkhead.Breached {
			t.Fatalf("%s is admitted, and the namespace is %v", account, whole)
		}
	})
}
