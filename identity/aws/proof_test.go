// SPDX-License-Identifier: Apache-2.0

package aws_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/aws"
)

const (
	issuer   = "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF"
	provider = "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF"
	cluster  = "arn:aws:eks:eu-west-1:111122223333:cluster/shop"
	prod     = "arn:aws:iam::111122223333:role/prod-backend"
)

// A setting is what was exported, in short.
type setting struct {
	statements   []string            // of the trust policy of prod
	others       map[string][]string // statements of other roles, by name
	associations []string
}

func (s setting) evidence(t testing.TB) aws.Evidence {
	t.Helper()
	var documents strings.Builder
	fmt.Fprintf(&documents, `{"Role": {"Arn": %q, "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [%s]}}}`, prod, strings.Join(s.statements, ","))
	for name, statements := range s.others {
		fmt.Fprintf(&documents, `{"Role": {"Arn": %q, "AssumeRolePolicyDocument": {"Statement": [%s]}}}`, named(name), strings.Join(statements, ","))
	}
	roles, err := aws.ReadRoles("roles.json", strings.NewReader(documents.String()))
	if err != nil {
		t.Fatal(err)
	}
	associations, err := aws.ReadAssociations("associations.json", strings.NewReader(strings.Join(s.associations, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	return aws.Evidence{Roles: roles, Associations: associations}
}

func named(role string) string {
	account, name, ok := strings.Cut(role, "/")
	if !ok {
		account, name = "111122223333", role
	}
	return "arn:aws:iam::" + account + ":role/" + name
}

func boundary() aws.Boundary {
	return aws.Boundary{Cluster: aws.Cluster{Issuer: issuer, ARN: cluster}, From: []string{"staging"}, Away: []string{prod}}
}

// web is a statement for the tokens of the cluster, with a condition in which ISSUER
// stands for the cluster's issuer.
func web(condition string) string {
	return fmt.Sprintf(`{"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/%s"}, "Action": "sts:AssumeRoleWithWebIdentity"%s}`,
		provider, conditioned(condition))
}

func conditioned(condition string) string {
	if condition == "" {
		return ""
	}
	return `, "Condition": {` + strings.ReplaceAll(condition, "ISSUER", provider) + `}`
}

func pods(condition string) string {
	return `{"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": ["sts:AssumeRole", "sts:TagSession"]` + conditioned(condition) + `}`
}

func trusts(principal, condition string) string {
	return `{"Effect": "Allow", "Principal": {"AWS": "` + principal + `"}, "Action": "sts:AssumeRole"` + conditioned(condition) + `}`
}

// associated is the description of an association, with fields behind those that all
// have.
func associated(account, role, more string) string {
	namespace, name, _ := strings.Cut(account, "/")
	if role != "" {
		more = fmt.Sprintf(`, "roleArn": %q`, named(role)) + more
	}
	return fmt.Sprintf(`{"association": {"clusterName": "shop", "namespace": %q, "serviceAccount": %q, "associationId": "a-%s-%s"%s}}`, namespace, name, namespace, name, more)
}

const (
	onlyProd     = `"StringEquals": {"ISSUER:sub": "system:serviceaccount:prod:app", "ISSUER:aud": "sts.amazonaws.com"}`
	onlyProdTags = `"StringEquals": {"aws:RequestTag/kubernetes-namespace": "prod", "aws:RequestTag/kubernetes-service-account": "app"}`
	stagingRole  = `"StringEquals": {"ISSUER:sub": "system:serviceaccount:staging:app"}`
)

type verdictCase struct {
	setting
	want    bulkhead.Verdict
	missing string
	rule    string
	hops    int
}

func cases() map[string]verdictCase {
	one := func(want bulkhead.Verdict, statements ...string) verdictCase {
		c := verdictCase{setting: setting{statements: statements}, want: want}
		if want == bulkhead.Breached {
			c.rule, c.hops = aws.WebIdentity, 1
		}
		return c
	}
	untold := func(missing string, statements ...string) verdictCase {
		return verdictCase{setting: setting{statements: statements}, want: bulkhead.Undetermined, missing: missing}
	}
	sub := func(operator, values string) string {
		return web(fmt.Sprintf(`%q: {"ISSUER:sub": %s}`, operator, values))
	}
	out := map[string]verdictCase{
		"one account of production":                       one(bulkhead.Sealed, web(onlyProd)),
		"one account of production, Like":                 one(bulkhead.Sealed, sub("StringLike", `"system:serviceaccount:prod:app"`)),
		"all accounts of production":                      one(bulkhead.Sealed, sub("StringLike", `"system:serviceaccount:prod:*"`)),
		"an account of staging":                           one(bulkhead.Breached, sub("StringEquals", `"system:serviceaccount:staging:app"`)),
		"an account of each":                              one(bulkhead.Breached, sub("StringEquals", `["system:serviceaccount:prod:app", "system:serviceaccount:staging:app"]`)),
		"an account of another side":                      one(bulkhead.Sealed, sub("StringEquals", `["system:serviceaccount:prod:app", "system:serviceaccount:staging-2:app"]`)),
		"an account name in every namespace":              one(bulkhead.Breached, sub("StringLike", `"system:serviceaccount:*:app"`)),
		"a star where none counts":                        one(bulkhead.Sealed, sub("StringEquals", `"system:serviceaccount:*:app"`)),
		"namespaces that begin like staging":              one(bulkhead.Breached, sub("StringLike", `"system:serviceaccount:s*:*"`)),
		"namespaces that begin like production":           one(bulkhead.Sealed, sub("StringLike", `"system:serviceaccount:prod*:*"`)),
		"a question mark for a character":                 one(bulkhead.Breached, sub("StringLike", `"system:serviceaccount:stagin?:app"`)),
		"a question mark too many":                        one(bulkhead.Sealed, sub("StringLike", `"system:serviceaccount:staging?:app"`)),
		"a star that crosses the colon":                   one(bulkhead.Breached, sub("StringLike", `"system:serviceaccount:*app"`)),
		"an account that Kubernetes has not":              one(bulkhead.Sealed, sub("StringLike", `"system:serviceaccount:staging:App*"`)),
		"a name that ends in a dash":                      one(bulkhead.Sealed, sub("StringEquals", `"system:serviceaccount:staging:app-"`)),
		"case does not count":                             one(bulkhead.Breached, sub("StringEqualsIgnoreCase", `"System:ServiceAccount:Staging:App"`)),
		"case counts":                                     one(bulkhead.Sealed, sub("StringEquals", `"system:serviceaccount:Staging:app"`)),
		"no condition":                                    one(bulkhead.Breached, web("")),
		"no subject":                                      one(bulkhead.Breached, web(`"StringEquals": {"ISSUER:aud": "sts.amazonaws.com"}`)),
		"no audience":                                     one(bulkhead.Sealed, sub("StringEquals", `"system:serviceaccount:prod:app"`)),
		"an audience of its own":                          one(bulkhead.Breached, web(`"StringEquals": {"ISSUER:sub": "system:serviceaccount:staging:app", "ISSUER:aud": "prod-only"}`)),
		"not one account":                                 one(bulkhead.Breached, sub("StringNotEquals", `"system:serviceaccount:staging:app"`)),
		"not the namespace":                               one(bulkhead.Sealed, sub("StringNotLike", `"system:serviceaccount:staging:*"`)),
		"not the namespace, and not others":               one(bulkhead.Breached, sub("StringNotLike", `["system:serviceaccount:staging:a*", "system:serviceaccount:dev:*"]`)),
		"neither short nor long names":                    one(bulkhead.Sealed, web(`"StringLike": {"ISSUER:sub": "system:serviceaccount:staging:?"}, "StringNotLike": {"ISSUER:sub": ["*:?", "*:a"]}`)),
		"between two patterns":                            one(bulkhead.Breached, web(`"StringLike": {"ISSUER:sub": "system:serviceaccount:*:app-*"}, "StringNotLike": {"ISSUER:sub": ["*-a", "*-x", "*-y"]}`)),
		"for all values":                                  one(bulkhead.Sealed, sub("ForAllValues:StringEquals", `"system:serviceaccount:prod:app"`)),
		"for all values of a claim that is not there":     one(bulkhead.Breached, web(`"ForAllValues:StringEquals": {"token.actions.githubusercontent.com:sub": "repo:shop/prod:ref"}`)),
		"for any value":                                   one(bulkhead.Breached, sub("ForAnyValue:StringLike", `["system:serviceaccount:prod:*", "system:serviceaccount:sta*:*"]`)),
		"for any value of a claim that is not there":      one(bulkhead.Sealed, web(`"ForAnyValue:StringEquals": {"token.actions.githubusercontent.com:sub": "repo:shop/prod:ref"}`)),
		"if it exists":                                    one(bulkhead.Sealed, sub("StringEqualsIfExists", `"system:serviceaccount:prod:app"`)),
		"if it exists, of another issuer":                 one(bulkhead.Breached, web(`"StringEqualsIfExists": {"other.example.com:sub": "system:serviceaccount:prod:app"}`)),
		"the claim of another issuer":                     one(bulkhead.Sealed, web(`"StringEquals": {"other.example.com:sub": "system:serviceaccount:staging:app"}`)),
		"not the claim of another issuer":                 one(bulkhead.Breached, web(`"StringNotEquals": {"other.example.com:sub": "system:serviceaccount:staging:app"}`)),
		"a key in capitals":                               one(bulkhead.Breached, web(`"StringEquals": {"OIDC.EKS.EU-WEST-1.AMAZONAWS.COM/ID/0123456789ABCDEF:SUB": "system:serviceaccount:staging:app"}`)),
		"a session name of staging's choice":              one(bulkhead.Breached, web(`"StringEquals": {"sts:RoleSessionName": "prod"}, "StringLike": {"ISSUER:sub": "*"}`)),
		"no claim":                                        one(bulkhead.Sealed, web(`"Null": {"ISSUER:sub": "true"}`)),
		"some claim":                                      one(bulkhead.Breached, web(`"Null": {"ISSUER:sub": "false"}`)),
		"denied":                                          one(bulkhead.Sealed, web(""), strings.Replace(sub("StringNotEquals", `"system:serviceaccount:prod:app"`), "Allow", "Deny", 1)),
		"denied to one account":                           one(bulkhead.Breached, web(""), strings.Replace(sub("StringEquals", `"system:serviceaccount:staging:app"`), "Allow", "Deny", 1)),
		"denied to everybody":                             one(bulkhead.Sealed, web(""), `{"Effect": "Deny", "Principal": "*", "Action": "sts:*"}`),
		"denied another action":                           one(bulkhead.Breached, web(""), `{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}`),
		"denied all but an account of production":         one(bulkhead.Sealed, web(""), `{"Effect": "Deny", "Principal": "*", "NotAction": "sts:TagSession"}`),
		"a second statement":                              one(bulkhead.Breached, web(onlyProd), sub("StringLike", `"system:serviceaccount:staging:*"`)),
		"another action":                                  one(bulkhead.Sealed, strings.Replace(web(""), "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML", 1)),
		"every action":                                    one(bulkhead.Breached, strings.Replace(web(""), "sts:AssumeRoleWithWebIdentity", "sts:assumerole*", 1)),
		"all actions but one":                             one(bulkhead.Breached, strings.Replace(web(""), `"Action": "sts:AssumeRoleWithWebIdentity"`, `"NotAction": "sts:TagSession"`, 1)),
		"another issuer":                                  one(bulkhead.Sealed, strings.ReplaceAll(web(""), provider, "oidc.example.com/id/A")),
		"two issuers":                                     one(bulkhead.Breached, strings.NewReplacer(`{"Federated": `, `{"Federated": ["arn:aws:iam::111122223333:oidc-provider/oidc.example.com/id/A", `, `CDEF"}`, `CDEF"]}`).Replace(web(""))),
		"a service":                                       one(bulkhead.Sealed, strings.Replace(pods(""), "pods.eks", "lambda", 1)),
		"a cluster whose issuer is written otherwise":     untold("is written otherwise", strings.ReplaceAll(web(""), "0123456789ABCDEF", "0123456789abcdef")),
		"the identity provider of another account":        untold("444455556666", strings.Replace(web(""), "111122223333", "444455556666", 1)),
		"an address":                                      untold("aws:SourceIp", web(`"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}`)),
		"an address, if another account":                  one(bulkhead.Sealed, web(`"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, `+onlyProd)),
		"denied by address":                               untold("aws:SourceIp", web(""), strings.Replace(web(`"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}`), "Allow", "Deny", 1)),
		"another claim":                                   untold(provider+":amr", web(`"StringEquals": {"ISSUER:amr": "x"}`)),
		"a variable":                                      untold("variable", sub("StringEquals", `"system:serviceaccount:${aws:username}:app"`)),
		"an operator that is not known":                   untold("operator is not known", sub("StringResembles", `"x"`)),
		"everybody by token":                              untold("has the identity provider", `{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity"}`),
		"everybody but one":                               {setting: setting{statements: []string{`{"Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole"}`}}, want: bulkhead.Breached, rule: aws.Anyone, hops: 1},
		"Pod Identity for an account of production":       one(bulkhead.Sealed, pods(onlyProdTags)),
		"Pod Identity for every association":              untold("who may associate accounts of staging", pods("")),
		"Pod Identity for the cluster":                    untold("who may associate accounts of staging", pods(`"StringEquals": {"aws:RequestTag/eks-cluster-name": "shop"}`)),
		"Pod Identity for another cluster":                one(bulkhead.Sealed, pods(`"StringEquals": {"aws:RequestTag/eks-cluster-name": "other"}`)),
		"Pod Identity for another ARN":                    one(bulkhead.Sealed, pods(`"StringEquals": {"aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/other"}`)),
		"Pod Identity without tags":                       untold("who may associate", pods(`"ForAllValues:StringEquals": {"aws:RequestTag/kubernetes-namespace": "prod"}`)),
		"Pod Identity that may not tag":                   untold("who may associate", strings.Replace(pods(""), `, "sts:TagSession"`, "", 1)),
		"Pod Identity by account name alone":              untold("who may associate", pods(`"StringEquals": {"aws:RequestTag/kubernetes-service-account": "app"}`)),
		"Pod Identity for a source":                       untold("who may associate", pods(`"StringEquals": {"aws:SourceAccount": "111122223333"}`)),
		"a user of another account":                       one(bulkhead.Sealed, trusts("arn:aws:iam::444455556666:user/alice", "")),
		"a role that is not there":                        untold("the trust policy of "+named("nobody"), trusts(named("nobody"), onlyProdTags)),
		"everybody":                                       {setting: setting{statements: []string{trusts("*", "")}}, want: bulkhead.Breached, rule: aws.Anyone, hops: 1},
		"everybody, in short":                             {setting: setting{statements: []string{`{"Effect": "Allow", "Principal": "*", "Action": "*"}`}}, want: bulkhead.Breached, rule: aws.Anyone, hops: 1},
		"everybody with an external ID":                   {setting: setting{statements: []string{trusts("*", `"StringEquals": {"sts:ExternalId": "prod"}`)}}, want: bulkhead.Breached, rule: aws.Anyone, hops: 1},
		"everybody of an organization":                    untold("aws:PrincipalOrgID", trusts("*", `"StringEquals": {"aws:PrincipalOrgID": "o-1"}`)),
		"everybody without an external ID, but how":       untold("aws:SecureTransport", trusts("*", `"Null": {"sts:ExternalId": "true"}, "Bool": {"aws:SecureTransport": "true"}`)),
		"everybody without an external ID":                {setting: setting{statements: []string{trusts("*", `"Null": {"sts:ExternalId": "true"}`)}}, want: bulkhead.Breached, rule: aws.Anyone, hops: 1},
		"capitals where the letters are excluded":         one(bulkhead.Breached, web(`"StringEqualsIgnoreCase": {"ISSUER:aud": "abc"}, "StringNotEquals": {"ISSUER:aud": "abc"}`)),
		"letters where the capitals are excluded":         one(bulkhead.Breached, web(`"StringEqualsIgnoreCase": {"ISSUER:aud": "Abc"}, "StringNotEquals": {"ISSUER:aud": "ABC"}`)),
		"no letter and no digit":                          one(bulkhead.Breached, web(`"StringNotLike": {"ISSUER:aud": `+alphabet("%c*")+`}`)),
		"no letter and no digit behind the first":         one(bulkhead.Breached, web(`"StringNotLike": {"ISSUER:sub": `+alphabet("system:serviceaccount:*:?%c*")+`}, "StringLike": {"ISSUER:sub": "system:serviceaccount:staging:???*"}`)),
		"denied to services":                              untold("has the identity provider", web(""), strings.Replace(strings.Replace(web(""), "Allow", "Deny", 1), `"Federated": "arn:aws:iam::111122223333:oidc-provider/`+provider, `"Service": "*`, 1)),
		"denied to any value, if there is one":            untold("ForAnyValue and IfExists", web(""), strings.Replace(web(`"ForAnyValue:StringEqualsIfExists": {"aws:TagKeys": "x"}`), "Allow", "Deny", 1)),
		"an operator without a value":                     untold("without a value", sub("StringEquals", `[]`)),
		"an ARN by its parts":                             {setting: setting{statements: []string{trusts("*", `"ArnLike": {"aws:PrincipalArn": "arn:aws:*:role/*"}`)}}, want: bulkhead.Undetermined, missing: "aws:PrincipalArn"},
		"many values that all look alike":                 one(bulkhead.Sealed, sub("StringLike", alike("prod"))),
		"many values that all look alike, one of staging": one(bulkhead.Breached, sub("StringLike", alike("staging"))),
	}
	addRoles(out)
	return out
}

// alphabet is a list of what the format gives for each letter and digit.
func alphabet(format string) string {
	var values []string
	for _, c := range "abcdefghijklmnopqrstuvwxyz0123456789" {
		values = append(values, fmt.Sprintf("%q", fmt.Sprintf(format, c)))
	}
	return "[" + strings.Join(values, ", ") + "]"
}

func alike(namespace string) string {
	var values []string
	for i := range 300 {
		values = append(values, fmt.Sprintf(`"system:serviceaccount:%s:app-%d-*"`, namespace, i))
	}
	return "[" + strings.Join(values, ", ") + "]"
}

func TestNoAssumption(t *testing.T) {
	for name, tt := range cases() {
		t.Run(name, func(t *testing.T) {
			proof, err := aws.NoAssumption(tt.evidence(t), boundary())
			if err != nil {
				t.Fatal(err)
			}
			if proof.Verdict != tt.want {
				t.Fatalf("is %v, want %v: %v, missing %q", proof.Verdict, tt.want, proof.Breaches, proof.Missing)
			}
			if missing := strings.Join(proof.Missing, "; "); !strings.Contains(missing, tt.missing) || tt.want == bulkhead.Undetermined && tt.missing == "" {
				t.Errorf("missing %q, want %q", missing, tt.missing)
			}
			for _, breach := range proof.Breaches {
				if breach.Rule != tt.rule || len(breach.Path) != tt.hops {
					t.Errorf("breached by %v, want %s in %d hops", breach, tt.rule, tt.hops)
				}
				if last := breach.Path[len(breach.Path)-1].Object; last.Name != "prod-backend" || last.Kind != "Role" {
					t.Errorf("the path ends at %v", last)
				}
			}
		})
	}
}
