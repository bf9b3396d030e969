// SPDX-License-Identifier: Apache-2.0

package condition_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
	"github.com/watertight-go/watertight/identity/gcp/condition"
)

const stagingSA = "serviceAccount:staging-sa@p.iam.gserviceaccount.com"

func policyOf(bindings ...gcp.Binding) gcp.Policy { return gcp.Policy{Version: 3, Bindings: bindings} }

func binding(role, expression string, members ...string) gcp.Binding {
	out := gcp.Binding{Role: role}
	for _, member := range members {
		out.Members = append(out.Members, identity.ParseMember(member))
	}
	if expression != "" {
		out.Condition = &gcp.Condition{Title: "t", Expression: expression}
	}
	return out
}

func policyRef() bulkhead.Ref {
	return bulkhead.Ref{Group: "iam.googleapis.com", Kind: "Policy", Namespace: "p", Name: "projects/p"}
}

func lint(policy gcp.Policy) []string {
	var out []string
	for _, f := range condition.New(now()).Lint(policyRef(), policy) {
		out = append(out, f.Rule+" "+f.Field)
	}
	return out
}

func TestLintOfOneCondition(t *testing.T) {
	const expression = " bindings[0].condition.expression"
	tests := map[string]struct {
		expression string
		want       []string
	}{
		"a name and a type":                   {expression: `resource.name == "projects/p/instances/staging" && resource.type == "sqladmin.googleapis.com/Instance"`},
		"a connection name":                   {expression: `resource.name == "p:europe-west1:staging"`, want: []string{condition.NeverMatches + expression}},
		"a connection name, turned round":     {expression: `"p:europe-west1:staging" == resource.name`, want: []string{condition.NeverMatches + expression}},
		"a connection name of a short region": {expression: `resource.name.endsWith("p:r:staging-db")`, want: []string{condition.NeverMatches + expression}},
		"a connection name at the end":        {expression: `resource.name.endsWith("p:europe-west1:staging-db")`, want: []string{condition.NeverMatches + expression}},
		"a connection name in a list":         {expression: `resource.name in ["projects/p/instances/a", "p:us-east1:b"]`, want: []string{condition.NeverMatches + expression}},
		"a connection name of a domain":       {expression: `resource.name == "example.com:p:europe-west1:staging"`, want: []string{condition.NeverMatches + expression}},
		"a secret by the project's ID":        {expression: `resource.name.startsWith("projects/my-project-1/secrets/db/")`, want: []string{condition.NeverMatches + expression}},
		"a secret by the number":              {expression: `resource.name.startsWith("projects/111122223333/secrets/db/")`},
		"a database by the project's ID":      {expression: `resource.name.startsWith("projects/my-project/databases/secrets/")`},
		"a time that is past":                 {expression: `request.time < timestamp("2020-01-01T00:00:00Z")`, want: []string{condition.NeverHolds + expression}},
		"a time that is to come":              {expression: `request.time < timestamp("2099-01-01T00:00:00Z")`},
		"past, beside a name":                 {expression: `resource.name == "x" && request.time < timestamp("2020-01-01T00:00:00Z")`, want: []string{condition.NeverHolds + expression}},
		"a prefix in the middle of words":     {expression: `resource.name.startsWith("projects/p/instances/staging")`, want: []string{condition.OpenEnded + expression}},
		"a prefix with a slash":               {expression: `resource.name.startsWith("projects/_/buckets/staging/")`},
		"a prefix with a dash":                {expression: `resource.name.startsWith("projects/p/instances/staging-")`},
		"a suffix in the middle of words":     {expression: `resource.name.endsWith("staging")`, want: []string{condition.OpenEnded + expression}},
		"a suffix with a slash":               {expression: `resource.name.endsWith("/staging")`},
		"a pattern without ends":              {expression: `resource.name.matches("projects/p/instances/staging")`, want: []string{condition.OpenEnded + expression}},
		"a pattern with ends":                 {expression: `resource.name.matches("^projects/p/instances/staging$")`},
		"a prefix of a type":                  {expression: `resource.type.startsWith("sqladmin.googleapis.com")`},
		"a type that is not":                  {expression: `resource.type != "sqladmin.googleapis.com/Instance" || resource.name == "projects/p/instances/staging"`, want: []string{condition.OpensTheRest + expression}},
		"a service that is not":               {expression: `!(resource.service == "sqladmin.googleapis.com") || resource.name == "projects/p/instances/staging"`, want: []string{condition.OpensTheRest + expression}},
		"a name that is not":                  {expression: `resource.name != "projects/p/instances/prod"`, want: []string{condition.OpensTheRest + expression}},
		"not a prefix":                        {expression: `!resource.name.startsWith("projects/p/instances/prod-")`, want: []string{condition.OpensTheRest + expression}},
		"a name that is not, of a type":       {expression: `resource.type == "sqladmin.googleapis.com/Instance" && resource.name != "projects/p/instances/prod"`},
		"true":                                {expression: `true`, want: []string{condition.AlwaysHolds + expression}},
		"not false":                           {expression: `!false`, want: []string{condition.AlwaysHolds + expression}},
		"or true":                             {expression: `resource.name == "x" || true`, want: []string{condition.AlwaysHolds + expression}},
		"or true in an arm":                   {expression: `resource.type == "t" && (resource.name == "x" || 1 == 1)`, want: []string{condition.AlwaysHolds + expression}},
		"and true":                            {expression: `resource.name == "x" && true`},
		"a tag":                               {expression: `resource.matchTag("123/env", "staging")`},
		"no tag":                              {expression: `!resource.matchTag("123/env", "prod")`},
		"half of one":                         {expression: `resource.name ==`, want: []string{condition.Invalid + expression}},
		"a text":                              {expression: `"x"`, want: []string{condition.Invalid + expression}},
		"two mistakes": {
			expression: `resource.name == "p:us-east1:db" || resource.name.startsWith("projects/p/instances/staging")`,
			want:       []string{condition.NeverMatches + expression, condition.OpenEnded + expression},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, lint(policyOf(binding("roles/cloudsql.client", tt.expression, stagingSA)))); diff != "" {
				t.Errorf("Lint(%s) (-want +got):\n%s", tt.expression, diff)
			}
		})
	}
}

func TestLintOfBindings(t *testing.T) {
	const named = `resource.name == "projects/p/instances/staging"`
	tests := map[string]struct {
		policy gcp.Policy
		want   []string
	}{
		"a condition on a basic role": {
			policy: policyOf(binding("roles/editor", named, stagingSA)),
			want:   []string{condition.Refused + " bindings[0].condition"},
		},
		"a condition on everyone": {
			policy: policyOf(binding("roles/cloudsql.client", named, "allUsers", "allAuthenticatedUsers")),
			want:   []string{condition.Refused + " bindings[0].condition", condition.Refused + " bindings[0].condition"},
		},
		"no condition": {
			policy: policyOf(binding("roles/editor", "", stagingSA, "allUsers")),
		},
		"the same role without the condition": {
			policy: policyOf(binding("roles/cloudsql.client", named, "group:g@example.com", stagingSA), binding("roles/cloudsql.client", "", strings.Replace(stagingSA, "staging-sa", "Staging-SA", 1))),
			want:   []string{condition.Decorative + " bindings[0].condition"},
		},
		"the same role on a condition that always holds": {
			policy: policyOf(binding("roles/cloudsql.client", `true`, stagingSA), binding("roles/cloudsql.client", named, stagingSA)),
			want:   []string{condition.AlwaysHolds + " bindings[0].condition.expression", condition.Decorative + " bindings[1].condition"},
		},
		"the same role for everyone": {
			policy: policyOf(binding("roles/cloudsql.client", named, stagingSA), binding("roles/cloudsql.client", "", "allUsers")),
			want:   []string{condition.Decorative + " bindings[0].condition"},
		},
		"the same role for one that is deleted": {
			policy: policyOf(binding("roles/cloudsql.client", named, stagingSA), binding("roles/cloudsql.client", "", "deleted:"+stagingSA+"?uid=1")),
		},
		"another role without the condition": {
			policy: policyOf(binding("roles/cloudsql.client", named, stagingSA), binding("roles/cloudsql.viewer", "", stagingSA)),
		},
		"two conditions on one role": {
			policy: policyOf(binding("roles/cloudsql.client", named, stagingSA), binding("roles/cloudsql.client", `resource.name == "projects/p/instances/other"`, stagingSA)),
		},
		"a condition that was left out": {
			policy: gcp.Policy{Version: 1, Bindings: []gcp.Binding{binding("roles/cloudsql.client_withcond_2b17cc25d2cd9e2c54d8", "", stagingSA)}},
			want:   []string{condition.Hidden + " bindings[0].role"},
		},
		"nothing": {},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, lint(tt.policy)); diff != "" {
				t.Errorf("Lint (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLintNamesThePolicy(t *testing.T) {
	found := condition.New(now()).Lint(policyRef(), policyOf(binding("roles/cloudsql.client", `true`, stagingSA)))
	if len(found) != 1 || found[0].Object != policyRef() || found[0].Severity != bulkhead.Warning {
		t.Errorf("found %v", found)
	}
}

// The order of bindings moves the fields, and nothing else.
func TestLintFindsTheSameInAnyOrder(t *testing.T) {
	policy := policyOf(
		binding("roles/a", `true`, stagingSA), binding("roles/a", `resource.name == "x"`, stagingSA),
		binding("roles/b", `resource.name == "p:us-east1:db"`, stagingSA), binding("roles/editor", `false`, stagingSA),
	)
	rules := func() []string {
		var out []string
		for _, line := range lint(policy) {
			out = append(out, strings.Fields(line)[0])
		}
		slices.Sort(out)
		return out
	}
	before := rules()
	slices.Reverse(policy.Bindings)
	if diff := cmp.Diff(before, rules()); diff != "" {
		t.Errorf("rules (-as is +reversed):\n%s", diff)
	}
}

func TestLintOfManyBindings(t *testing.T) {
	var bindings []gcp.Binding
	for i := range 1500 {
		bindings = append(bindings, binding("roles/cloudsql.client", fmt.Sprintf(`resource.name == "projects/p/instances/i%d"`, i), stagingSA))
	}
	if found := lint(policyOf(bindings...)); found != nil {
		t.Errorf("found %q", found)
	}
}
