// SPDX-License-Identifier: Apache-2.0

package aws_test

import (
	"fmt"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/aws"
)

// addRoles adds the cases with more than one role, or associations.
func addRoles(out map[string]verdictCase) {
	add := func(name string, c verdictCase) { out[name] = c }
	web := web(stagingRole)
	add("a role of staging that production trusts", verdictCase{
		setting: setting{statements: []string{trusts(named("staging"), "")}, others: map[string][]string{"staging": {web}}},
		want:    bulkhead.Breached, rule: aws.RoleChain, hops: 2,
	})
	add("a role of production that production trusts", verdictCase{
		setting: setting{statements: []string{trusts(named("ci"), "")}, others: map[string][]string{"ci": {strings.ReplaceAll(web, "staging", "prod")}}},
		want:    bulkhead.Sealed,
	})
	add("three roles in a row, and a circle", verdictCase{
		setting: setting{statements: []string{trusts(named("b"), "")}, others: map[string][]string{
			"a": {web, trusts(named("b"), "")}, "b": {trusts(named("a"), "")},
		}},
		want: bulkhead.Breached, rule: aws.RoleChain, hops: 3,
	})
	add("a chain with an external ID", verdictCase{
		setting: setting{statements: []string{trusts(named("staging"), `"StringEquals": {"sts:ExternalId": "secret"}`)}, others: map[string][]string{"staging": {web}}},
		want:    bulkhead.Breached, rule: aws.RoleChain, hops: 2,
	})
	add("a chain for another role's ARN", verdictCase{
		setting: setting{statements: []string{trusts("*", `"ArnEquals": {"aws:PrincipalArn": "`+named("staging")+`"}`)}, others: map[string][]string{"staging": {web}}},
		want:    bulkhead.Breached, rule: aws.RoleChain, hops: 2,
	})
	add("a chain for roles that look alike", verdictCase{
		setting: setting{statements: []string{trusts(named("staging"), `"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/prod-*"}`)}, others: map[string][]string{"staging": {web}}},
		want:    bulkhead.Sealed,
	})
	add("a chain for roles of a pattern", verdictCase{
		setting: setting{statements: []string{trusts(named("staging"), `"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/stag*"}`)}, others: map[string][]string{"staging": {web}}},
		want:    bulkhead.Breached, rule: aws.RoleChain, hops: 2,
	})
	add("a chain for roles of a pattern that crosses colons", verdictCase{
		setting: setting{statements: []string{trusts(named("staging"), `"ArnLike": {"aws:PrincipalArn": "arn:*:role/staging"}`)}, others: map[string][]string{"staging": {web}}},
		want:    bulkhead.Sealed,
	})
	add("a chain into another account", verdictCase{
		setting: setting{statements: []string{trusts(named("444455556666/staging"), "")}, others: map[string][]string{
			"444455556666/staging": {strings.ReplaceAll(web, "111122223333", "444455556666")},
		}},
		want: bulkhead.Undetermined, missing: "whether the policies of arn:aws:iam::444455556666:role/staging allow it",
	})
	for _, principal := range []string{"arn:aws:iam::111122223333:root", "111122223333"} {
		add("a role of staging where the account is trusted as "+principal, verdictCase{
			setting: setting{statements: []string{trusts(principal, "")}, others: map[string][]string{"staging": {web}}},
			want:    bulkhead.Undetermined, missing: "whether the policies of " + named("staging") + " allow it",
		})
		add("an account that is trusted as "+principal, verdictCase{
			setting: setting{statements: []string{trusts(principal, "")}},
			want:    bulkhead.Undetermined, missing: "which principals of the AWS account 111122223333",
		})
	}
	add("a session of a role of staging", verdictCase{
		setting: setting{statements: []string{trusts("arn:aws:sts::111122223333:assumed-role/staging/x", "")}, others: map[string][]string{"staging": {web}}},
		want:    bulkhead.Undetermined, missing: "whether a session of",
	})
	add("a role whose trust policy is not there", verdictCase{
		setting: setting{statements: []string{trusts(named("ci"), "")}},
		want:    bulkhead.Undetermined, missing: "the trust policy of " + named("ci"),
	})
	add("an association of staging", verdictCase{
		setting: setting{statements: []string{pods("")}, associations: []string{associated("staging/app", "prod-backend", "")}},
		want:    bulkhead.Breached, rule: aws.PodIdentity, hops: 2,
	})
	add("an association of staging whose tags may not be set", verdictCase{
		setting: setting{statements: []string{strings.Replace(pods(""), `, "sts:TagSession"`, "", 1)}, associations: []string{associated("staging/app", "prod-backend", "")}},
		want:    bulkhead.Undetermined, missing: "who may associate accounts of staging",
	})
	add("an association of staging without tags, which need not be set", verdictCase{
		setting: setting{
			statements:   []string{strings.Replace(pods(""), `, "sts:TagSession"`, "", 1)},
			associations: []string{associated("staging/app", "prod-backend", `, "disableSessionTags": true`)},
		},
		want: bulkhead.Breached, rule: aws.PodIdentity, hops: 2,
	})
	add("everybody but a user, if it is a role of staging", verdictCase{
		setting: setting{
			statements: []string{`{"Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:user/alice"}, "Action": "sts:AssumeRole", "Condition": {"ArnEquals": {"aws:PrincipalArn": "` + named("staging") + `"}}}`},
			others:     map[string][]string{"staging": {web}},
		},
		want: bulkhead.Breached, rule: aws.RoleChain, hops: 2,
	})
	add("an association of staging that tags keep out", verdictCase{
		setting: setting{statements: []string{pods(onlyProdTags)}, associations: []string{associated("staging/app", "prod-backend", "")}},
		want:    bulkhead.Sealed,
	})
	add("an association of staging without tags, which tags keep out", verdictCase{
		setting: setting{statements: []string{pods(onlyProdTags)}, associations: []string{associated("staging/app", "prod-backend", `, "disableSessionTags": true`)}},
		want:    bulkhead.Sealed,
	})
	add("an association of staging without tags, which nothing keeps out", verdictCase{
		setting: setting{
			statements:   []string{pods(`"StringEqualsIfExists": {"aws:RequestTag/kubernetes-namespace": "prod"}`)},
			associations: []string{associated("staging/app", "prod-backend", `, "disableSessionTags": true`)},
		},
		want: bulkhead.Breached, rule: aws.PodIdentity, hops: 2,
	})
	add("an association of production", verdictCase{
		setting: setting{statements: []string{pods(onlyProdTags)}, associations: []string{associated("prod/app", "prod-backend", "")}},
		want:    bulkhead.Sealed,
	})
	add("an association of another cluster", verdictCase{
		setting: setting{statements: []string{pods(`"StringEquals": {"aws:RequestTag/eks-cluster-name": "other"}`)}, associations: []string{
			strings.Replace(associated("staging/app", "prod-backend", ""), `"shop"`, `"other"`, 1),
		}},
		want: bulkhead.Sealed,
	})
	add("an association of another cluster with a role that is open", verdictCase{
		setting: setting{statements: []string{pods("")}, associations: []string{
			strings.Replace(associated("staging/app", "prod-backend", ""), `"shop"`, `"other"`, 1),
		}},
		want: bulkhead.Undetermined, missing: "who may associate accounts of staging",
	})
	add("an association of staging that sets one of the tags", verdictCase{
		setting: setting{
			statements:   []string{pods(`"ForAnyValue:StringEquals": {"aws:TagKeys": "kubernetes-namespace"}`)},
			associations: []string{associated("staging/app", "prod-backend", "")},
		},
		want: bulkhead.Breached, rule: aws.PodIdentity, hops: 2,
	})
	add("an association of staging that sets other tags too", verdictCase{
		setting: setting{
			statements:   []string{pods(`"ForAllValues:StringEquals": {"aws:TagKeys": "kubernetes-namespace"}, "Null": {"aws:TagKeys": "false"}`)},
			associations: []string{associated("staging/app", "prod-backend", "")},
		},
		want: bulkhead.Sealed,
	})
	add("an association that is only listed", verdictCase{
		setting: setting{statements: []string{pods("")}, associations: []string{`{"associations": [` + strings.TrimSuffix(strings.TrimPrefix(associated("staging/app", "", ""), `{"association": `), "}") + `]}`}},
		want:    bulkhead.Undetermined, missing: "which role the association a-staging-app of shop gives to staging/app",
	})
	add("an association whose target is protected", verdictCase{
		setting: setting{
			statements: []string{trusts(named("hop"), `"StringEquals": {"sts:ExternalId": "x/y"}`)}, others: map[string][]string{"hop": {pods("")}},
			associations: []string{associated("staging/app", "hop", fmt.Sprintf(`, "targetRoleArn": %q, "externalId": "x/y"`, prod))},
		},
		want: bulkhead.Breached, rule: aws.PodIdentity, hops: 3,
	})
	add("an association whose target asks for another external ID", verdictCase{
		setting: setting{
			statements: []string{trusts(named("hop"), `"StringEquals": {"sts:ExternalId": "x/z"}`)}, others: map[string][]string{"hop": {pods(onlyProdTags), pods(strings.ReplaceAll(onlyProdTags, `"prod"`, `"staging"`))}},
			associations: []string{associated("staging/app", "hop", fmt.Sprintf(`, "targetRoleArn": %q, "externalId": "x/y"`, prod))},
		},
		want: bulkhead.Undetermined, missing: "who may associate accounts of staging with " + named("hop"),
	})
	add("an association whose target is elsewhere", verdictCase{
		setting: setting{
			statements: []string{pods(onlyProdTags)}, others: map[string][]string{"target": {trusts(prod, "")}},
			associations: []string{associated("staging/app", "prod-backend", fmt.Sprintf(`, "targetRoleArn": %q`, named("target")))},
		},
		want: bulkhead.Sealed,
	})
}
