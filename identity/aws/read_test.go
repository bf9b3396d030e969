// SPDX-License-Identifier: Apache-2.0

package aws_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/aws"
)

const trust = `{"Version": "2012-10-17", "Id": "x", "Statement": {"Sid": "s", "Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"},
	"Action": "sts:AssumeRole", "Condition": {"Bool": {"aws:SecureTransport": true}, "NumericLessThan": {"aws:MultiFactorAuthAge": [3600]}}}}`

func role() aws.Role {
	return aws.Role{ARN: prod, AssumeRolePolicyDocument: aws.Policy{Version: "2012-10-17", Statement: []aws.Statement{{
		Sid: "s", Effect: "Allow", Principal: aws.Principals{"Service": {"pods.eks.amazonaws.com"}}, Action: []string{"sts:AssumeRole"},
		Condition: map[string]map[string][]string{"Bool": {"aws:SecureTransport": {"true"}}, "NumericLessThan": {"aws:MultiFactorAuthAge": {"3600"}}},
	}}}}
}

// The forms in which the command line and the API give roles are one.
func TestReadRoles(t *testing.T) {
	quoted := strings.NewReplacer(`"`, `\"`, "\n", " ", "\t", " ").Replace(trust)
	for name, text := range map[string]string{
		"get-role":                          `{"Role": {"Path": "/", "RoleName": "prod-backend", "Arn": "` + prod + `", "AssumeRolePolicyDocument": ` + trust + `, "MaxSessionDuration": 3600}}`,
		"list-roles":                        `{"Roles": [{"Arn": "` + prod + `", "AssumeRolePolicyDocument": ` + trust + `}], "IsTruncated": false}`,
		"get-account-authorization-details": `{"UserDetailList": [], "RoleDetailList": [{"Arn": "` + prod + `", "AssumeRolePolicyDocument": ` + trust + `}]}`,
		"the API":                           `{"Role": {"Arn": "` + prod + `", "AssumeRolePolicyDocument": "` + url.PathEscape(trust) + `"}}`,
		"a policy in a text":                `{"Role": {"Arn": "` + prod + `", "AssumeRolePolicyDocument": "` + quoted + `"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := aws.ReadRoles("roles.json", strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]aws.Role{role()}, got); diff != "" {
				t.Errorf("roles (-want +got):\n%s", diff)
			}
		})
	}
}

// What is wrong has a document and a place, and hides no role beside it.
func TestReadRolesRefuses(t *testing.T) {
	bad := func(document string) string {
		return `{"Arn": "` + prod + `", "AssumeRolePolicyDocument": ` + document + `}`
	}
	const at = "roles.json: Roles[0].AssumeRolePolicyDocument"
	for name, tt := range map[string]struct{ role, want string }{
		"no ARN":                         {`{"AssumeRolePolicyDocument": ` + trust + `}`, "roles.json: Roles[0].Arn: no ARN of a role"},
		"a user":                         {`{"Arn": "arn:aws:iam::111122223333:user/x"}`, "roles.json: Roles[0].Arn: no ARN of a role"},
		"no role":                        {`7`, "roles.json: Roles[0]"},
		"no trust policy":                {`{"Arn": "` + prod + `"}`, at + ": no object"},
		"a list for a policy":            {bad(`[]`), at + ": no object"},
		"an element that is not known":   {bad(`{"Statement": [{"Effect": "Allow", "Conditions": {}}]}`), at + ".Statement[0].Conditions: no element of a statement"},
		"an element of a policy":         {bad(`{"Statements": []}`), at + ".Statements: no element of a policy"},
		"no statement":                   {bad(`{"Version": "2012-10-17"}`), at + ".Statement: is not there"},
		"statements that are none":       {bad(`{"Statement": []}`), at + ".Statement: is not there"},
		"no principal":                   {bad(`{"Statement": {"Effect": "Allow", "Action": "*"}}`), at + ".Statement.Principal: is not there"},
		"principals that are none":       {bad(`{"Statement": {"Effect": "Allow", "NotPrincipal": {}, "Action": "*"}}`), at + ".Statement.Principal: is not there"},
		"both sorts of principals":       {bad(`{"Statement": {"Effect": "Deny", "Principal": "*", "NotPrincipal": {"AWS": "1"}, "Action": "*"}}`), at + ".Statement.NotPrincipal: is there beside Principal"},
		"no action":                      {bad(`{"Statement": {"Effect": "Allow", "Principal": "*"}}`), at + ".Statement.Action: is not there"},
		"actions that are none":          {bad(`{"Statement": {"Effect": "Allow", "Principal": "*", "NotAction": []}}`), at + ".Statement.Action: is not there"},
		"both sorts of actions":          {bad(`{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "NotAction": "a:b"}}`), at + ".Statement.NotAction: is there beside Action"},
		"a key in two spellings":         {bad(`{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Condition": {"Bool": {"aws:A": "true", "AWS:a": "false"}}}}`), at + `.Statement.Condition.Bool["aws:A"]: is there twice, in another case`},
		"no effect":                      {bad(`{"Statement": {"Action": "*"}}`), at + ".Statement.Effect: neither Allow nor Deny"},
		"another effect":                 {bad(`{"Statement": {"Effect": "allow"}}`), at + ".Statement.Effect: neither Allow nor Deny"},
		"a principal in a text":          {bad(`{"Statement": {"Effect": "Allow", "Principal": "x"}}`), at + ".Statement.Principal: no principal"},
		"a list of principals":           {bad(`{"Statement": {"Effect": "Allow", "Principal": ["*"]}}`), at + ".Statement.Principal: no object"},
		"an object among principals":     {bad(`{"Statement": {"Effect": "Allow", "Principal": {"AWS": [{}]}}}`), at + ".Statement.Principal.AWS[0]: no text"},
		"a condition without keys":       {bad(`{"Statement": {"Effect": "Allow", "Condition": {"Bool": "x"}}}`), at + ".Statement.Condition.Bool: no object"},
		"an object among values":         {bad(`{"Statement": {"Effect": "Allow", "Condition": {"Bool": {"aws:a": {}}}}}`), at + `.Statement.Condition.Bool["aws:a"]: no text`},
		"a policy that is no URL":        {bad(`"%zz"`), at + ": no policy"},
		"a policy that is cut":           {bad(`"%7B"`), at + ": byte"},
		"a mistake in an encoded policy": {bad(`"%7B%22Statement%22%3A%7B%22Effect%22%3A%22x%22%7D%7D"`), at + ": Statement.Effect: neither"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := aws.ReadRoles("roles.json", strings.NewReader(`{"Roles": [`+tt.role+`, {"Arn": "`+prod+`", "AssumeRolePolicyDocument": `+trust+`}]}`))
			var wrong *identity.DocumentError
			if !errors.As(err, &wrong) || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
			if diff := cmp.Diff([]aws.Role{role()}, got); diff != "" {
				t.Errorf("roles beside it (-want +got):\n%s", diff)
			}
		})
	}
	for name, text := range map[string]string{"another document": `{"Users": []}`, "a list": `[]`, "nothing that ends": `{"Role": `} {
		if _, err := aws.ReadRoles("roles.json", strings.NewReader(text)); err == nil {
			t.Errorf("%s is read", name)
		}
	}
	for text, want := range map[string]string{
		``:        "roles.json: holds nothing, as after a command that failed",
		`[]`:      "roles.json: no object with one of RoleDetailList, Roles, Role",
		`{"a":1}`: "roles.json: no object with one of RoleDetailList, Roles, Role",
	} {
		if _, err := aws.ReadRoles("roles.json", strings.NewReader(text)); err == nil || err.Error() != want {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
	if roles, err := aws.ReadRoles("roles.json", strings.NewReader(`{"Roles": []}`)); err != nil || roles != nil {
		t.Errorf("an empty list is %v, %v", roles, err)
	}
}

// Of many mistakes the first hundred are told, and the others counted.
func TestReadRolesTellsAHundredMistakes(t *testing.T) {
	_, err := aws.ReadRoles("roles.json", strings.NewReader(`{"Roles": [`+strings.Repeat(`{},`, 149)+`{}]}`))
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 101 || lines[99] != "roles.json: Roles[99].Arn: no ARN of a role" || lines[100] != "roles.json: 50 mistakes more" {
		t.Errorf("%d lines, the last of which are %q", len(lines), lines[len(lines)-2:])
	}
}

// A trust policy that is yet to be applied stands alone.
func TestReadPolicy(t *testing.T) {
	got, err := aws.ReadPolicy("trust.json", strings.NewReader(trust))
	if diff := cmp.Diff(role().AssumeRolePolicyDocument, got); err != nil || diff != "" {
		t.Errorf("policy, error %v (-want +got):\n%s", err, diff)
	}
	for text, want := range map[string]string{
		``:                       "trust.json: 0 policies, not one",
		trust + trust:            "trust.json: 2 policies, not one",
		`{"Statement": [{}]}`:    "trust.json: Statement[0].Effect: neither Allow nor Deny",
		`{`:                      "trust.json: byte 1: unexpected EOF",
		`{"Role": {"Arn": "x"}}`: "trust.json: Role: no element of a policy",
	} {
		policy, err := aws.ReadPolicy("trust.json", strings.NewReader(text))
		var wrong *identity.DocumentError
		if !errors.As(err, &wrong) || err.Error() != want || policy.Statement != nil {
			t.Errorf("%s: policy %v, error %v, want %s", text, policy, err, want)
		}
	}
}

func TestReadAssociations(t *testing.T) {
	const list = `{"associations": [{"clusterName": "shop", "namespace": "staging", "serviceAccount": "app", "associationArn": "arn:...", "associationId": "a-1"},
		{"clusterName": "shop", "namespace": "staging", "serviceAccount": "worker", "associationId": "a-2"}]}`
	const description = `{"association": {"clusterName": "shop", "namespace": "staging", "serviceAccount": "app", "associationId": "a-1", "tags": {},
		"roleArn": "arn:aws:iam::111122223333:role/a", "targetRoleArn": "arn:aws:iam::111122223333:role/b", "externalId": "x", "disableSessionTags": true}}`
	got, err := aws.ReadAssociations("associations.json", strings.NewReader(list+description))
	if err != nil {
		t.Fatal(err)
	}
	want := []aws.Association{
		{PodIdentityAssociation: identity.PodIdentityAssociation{ClusterName: "shop", Namespace: "staging", ServiceAccount: "worker"}, AssociationID: "a-2"},
		{
			PodIdentityAssociation: identity.PodIdentityAssociation{ClusterName: "shop", Namespace: "staging", ServiceAccount: "app", RoleARN: named("a")},
			AssociationID:          "a-1", DisableSessionTags: true, TargetRoleARN: named("b"), ExternalID: "x",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("associations (-want +got):\n%s", diff)
	}
	for name, tt := range map[string]struct{ text, want string }{
		"no namespace":    {`{"association": {"clusterName": "c", "serviceAccount": "s"}}`, "a.json: association.namespace: is not there"},
		"a number":        {`{"associations": [{"clusterName": 1}]}`, "a.json: associations[0].clusterName: no text"},
		"a text for bool": {`{"association": {"clusterName": "c", "namespace": "n", "serviceAccount": "s", "disableSessionTags": "yes"}}`, "a.json: association.disableSessionTags: neither"},
		"roles":           {`{"Roles": []}`, "a.json: no object with one of associations, association"},
	} {
		if _, err := aws.ReadAssociations("a.json", strings.NewReader(tt.text)); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", name, err, tt.want)
		}
	}
}

// Whatever can be read is judged, twice the same.
func FuzzReadRoles(f *testing.F) {
	f.Add([]byte(`{"Role": {"Arn": "` + prod + `", "AssumeRolePolicyDocument": ` + trust + `}}`))
	f.Add([]byte(`{"Role": {"Arn": "` + prod + `", "AssumeRolePolicyDocument": {"Statement": [` + web(onlyProd) + `, ` + trusts("*", `"StringLike": {"sts:ExternalId": "*a?"}`) + `]}}}`))
	f.Add([]byte(`{"Roles": [{"Arn": "` + prod + `", "AssumeRolePolicyDocument": "` + url.PathEscape(trust) + `"}]}`))
	f.Add([]byte(associated("staging/app", "prod-backend", `, "disableSessionTags": true`)))
	f.Fuzz(func(t *testing.T, text []byte) {
		roles, err := aws.ReadRoles("fuzz", strings.NewReader(string(text)))
		associations, _ := aws.ReadAssociations("fuzz", strings.NewReader(string(text)))
		var wrong *identity.DocumentError
		if err != nil && !errors.As(err, &wrong) {
			t.Errorf("error %v has no place", err)
		}
		e := aws.Evidence{Roles: roles, Associations: associations}
		first, err := aws.NoAssumption(e, boundary())
		var invalid *bulkhead.InvalidError
		if err != nil && !errors.As(err, &invalid) {
			t.Errorf("error %v", err)
		}
		second, _ := aws.NoAssumption(e, boundary())
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("proofs differ:\n%s", diff)
		}
		aws.Lint(roles)
	})
}
