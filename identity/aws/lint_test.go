// SPDX-License-Identifier: Apache-2.0

package aws_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/identity/aws"
)

func TestLint(t *testing.T) {
	const statement = " AssumeRolePolicyDocument.Statement[0]"
	aud := `"StringEquals": {"ISSUER:aud": "sts.amazonaws.com"}`
	subject := " AssumeRolePolicyDocument.Statement[0].Condition.StringLike[" + provider + ":sub]"
	tests := map[string]struct {
		statements []string
		want       []string
	}{
		"one account":      {statements: []string{web(onlyProd)}},
		"all of namespace": {statements: []string{web(aud + `, "StringLike": {"ISSUER:sub": "system:serviceaccount:prod:*"}`)}},
		"no subject":       {statements: []string{web(aud)}, want: []string{aws.AnySubject + statement}},
		"no condition":     {statements: []string{web("")}, want: []string{aws.AnyAudience + statement, aws.AnySubject + statement}},
		"every subject": {
			statements: []string{web(aud + `, "StringLike": {"ISSUER:sub": "system:serviceaccount:*:*"}`)},
			want:       []string{aws.AnySubject + statement, aws.OpenNamespace + subject + "[0]"},
		},
		"a namespace that goes on": {
			statements: []string{web(aud + `, "StringLike": {"ISSUER:sub": ["system:serviceaccount:prod:app", "system:serviceaccount:prod*:app"]}`)},
			want:       []string{aws.OpenNamespace + subject + "[1]"},
		},
		"no audience": {
			statements: []string{web(`"StringLike": {"ISSUER:sub": "system:serviceaccount:prod:app"}`)},
			want:       []string{aws.AnyAudience + statement},
		},
		"a wildcard that is none": {
			statements: []string{web(`"StringEquals": {"ISSUER:sub": "system:serviceaccount:prod:*", "ISSUER:aud": "sts.amazonaws.com"}`)},
			want:       []string{aws.LiteralWildcard + strings.Replace(subject, "StringLike", "StringEquals", 1) + "[0]"},
		},
		"a wildcard that is none, in what is denied": {
			statements: []string{web(onlyProd), strings.Replace(web(`"StringEquals": {"ISSUER:sub": "system:serviceaccount:staging:*"}`), "Allow", "Deny", 1)},
			want:       []string{aws.LiteralWildcard + strings.Replace(strings.Replace(subject, "StringLike", "StringEquals", 1), "Statement[0]", "Statement[1]", 1) + "[0]"},
		},
		"a key that may be absent": {
			statements: []string{web(aud + `, "ForAllValues:StringEquals": {"ISSUER:sub": "system:serviceaccount:prod:app"}`)},
			want:       []string{aws.AbsentKey + strings.Replace(subject, "StringLike", "ForAllValues:StringEquals", 1)},
		},
		"Pod Identity for one account":            {statements: []string{pods(onlyProdTags)}},
		"Pod Identity for every association":      {statements: []string{pods("")}, want: []string{aws.AnyAssociation + statement}},
		"Pod Identity for all accounts of a name": {statements: []string{pods(`"StringEquals": {"aws:RequestTag/kubernetes-service-account": "app"}`)}, want: []string{aws.AnyAssociation + statement}},
		"everybody":                    {statements: []string{trusts("*", "")}, want: []string{aws.Everyone + statement}},
		"everybody of an organization": {statements: []string{trusts("*", `"StringEquals": {"aws:PrincipalOrgID": "o-1"}`)}},
		"a role":                       {statements: []string{trusts(named("ci"), "")}},
		"another issuer's repository":  {statements: []string{strings.ReplaceAll(web(aud+`, "StringLike": {"ISSUER:sub": "repo:shop/*"}`), provider, "token.actions.githubusercontent.com")}},
		"denied": {statements: []string{
			strings.ReplaceAll(web(aud), "Allow", "Deny"), strings.ReplaceAll(pods(""), "Allow", "Deny"),
		}},
		"no subject, but denied": {statements: []string{web(aud), strings.Replace(web(`"StringNotLike": {"ISSUER:sub": "system:serviceaccount:prod:*"}`), "Allow", "Deny", 1)}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range aws.Lint(setting{statements: tt.statements}.evidence(t).Roles) {
				got = append(got, f.Rule+" "+f.Field)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Lint (-want +got):\n%s", diff)
			}
		})
	}
}
