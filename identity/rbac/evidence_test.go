// SPDX-License-Identifier: Apache-2.0

package rbac_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	rbacv1beta1 "k8s.io/api/rbac/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/rbac"
)

// Without a version the oldest counts as well, if it matters.
func TestVersionsThatAreNotKnown(t *testing.T) {
	asDeployer := given("tools/deployer", "get secrets", "prod")
	for name, tt := range map[string]struct {
		objs []bulkhead.Object
		want string
	}{
		"a GET in production":                       {given("staging/app", "get pods/exec", "prod"), "Undetermined which version of Kubernetes"},
		"one where it leads to production":          {append(asDeployer, given("staging/app", "get pods/exec", "tools")...), "Undetermined which version of Kubernetes"},
		"one that leads nowhere":                    {given("staging/app", "get pods/exec", "tools"), "Sealed"},
		"a right that leads there in every version": {given("staging/app", "create pods/exec", "prod"), "Breached rbac/runs-commands"},
	} {
		options := known()
		options.Minor = 0
		if got := answer(prove(t, append(base(), tt.objs...), options)); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// Constrained impersonation takes two rights, of one kind, and a version that has it.
func TestConstrainedImpersonation(t *testing.T) {
	const acts, sends = "impersonate:serviceaccount serviceaccounts.authentication.k8s.io", "impersonate-on:serviceaccount:get secrets"
	for name, tt := range map[string]struct {
		rules string
		minor int
		want  string
	}{
		"both":                                 {acts + ";" + sends, 36, "Undetermined whom ServiceAccount staging/app may act as for which requests: the verb impersonate:serviceaccount of ClusterRole/staging-app-tools rules[0].resources[0] and the verb impersonate-on:serviceaccount:get of ClusterRole/staging-app-tools rules[1].resources[0] are not followed together"},
		"both, in a version that is not known": {acts + ";" + sends, 0, "Undetermined whom"},
		"both, in a version before":            {acts + ";" + sends, 34, "Sealed"},
		"one":                                  {acts, 36, "Sealed"},
		"the other":                            {sends, 36, "Sealed"},
		"all verbs on whom":                    {"* serviceaccounts.authentication.k8s.io;" + sends, 36, "Undetermined whom"},
		"of two kinds":                         {acts + ";impersonate-on:user-info:get secrets", 36, "Sealed"},
	} {
		options := known()
		options.Minor = tt.minor
		if got := answer(prove(t, append(base(), given("staging/app", tt.rules, "tools")...), options)); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// A user on the other side proves nothing, and whoever sends no credentials is on
// every side.
func TestUsersOfEitherSide(t *testing.T) {
	c := rbac.New(append(base(), to("view", "prod", group("system:unauthenticated"))), known())
	_, err := c.NoAccess(rbac.Boundary{Users: []rbac.User{rbac.Account("prod", "app")}, Away: []string{"prod"}})
	if _, ok := errors.AsType[*bulkhead.InvalidError](err); !ok {
		t.Errorf("%v", err)
	}
	proof, err := c.NoAccess(rbac.Boundary{Users: []rbac.User{{Name: "jane"}}, Away: []string{"prod"}})
	if err != nil || proof.Verdict != bulkhead.Breached {
		t.Errorf("%v %v", proof, err)
	}
}

// Objects of RBAC that are not read leave open what they give, whatever they come as.
func TestObjectsOfOtherVersions(t *testing.T) {
	for _, obj := range []bulkhead.Object{
		&rbacv1beta1.RoleBinding{TypeMeta: metav1.TypeMeta{APIVersion: "rbac.authorization.k8s.io/v1beta1", Kind: "RoleBinding"}, ObjectMeta: metav1.ObjectMeta{Namespace: "prod", Name: "x"}},
		&metav1.PartialObjectMetadata{TypeMeta: metav1.TypeMeta{APIVersion: "rbac.authorization.k8s.io/v1", Kind: "RoleBinding"}, ObjectMeta: metav1.ObjectMeta{Namespace: "prod", Name: "x"}},
		custom(t, `{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: x, namespace: prod}, subjects: 7}`),
	} {
		if got := answer(prove(t, append(base(), obj), known())); got != "Undetermined what RoleBinding/prod/x says: it is not of version v1, or a field has another type" {
			t.Errorf("%T: %s", obj, got)
		}
		got := rbac.New(append(base(), obj), known()).Allowed(rbac.Account("staging", "app"), rbac.Request{Verb: "get", Resource: "secrets", Namespace: "prod"})
		if got.Answer != identity.Unknown || len(got.Missing) != 1 {
			t.Errorf("%T: %+v", obj, got)
		}
	}
}

// A pod that cannot be read says nothing of who is allowed what, but whose account it
// has is not known.
func TestPodsThatCannotBeRead(t *testing.T) {
	pod := custom(t, `{apiVersion: v1, kind: Pod, metadata: {name: x, namespace: tools}, spec: 7}`)
	if got := answer(prove(t, append(base(), pod), known())); got != "Undetermined what Pod/tools/x says: a field has another type" {
		t.Error(got)
	}
	if got := rbac.New(append(base(), pod), known()).Allowed(rbac.User{Name: "jane"}, rbac.Request{Verb: "get", Resource: "pods"}); got.Answer != identity.No {
		t.Errorf("%+v", got)
	}
}

// Of two objects of a name, and of the roles that others add to, everything counts.
func TestRolesOfSeveralObjects(t *testing.T) {
	labelled := func(name, label, rules string) *rbacv1.ClusterRole {
		return &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{label: "true"}}, Rules: []rbacv1.PolicyRule{rule(rules)}}
	}
	const toView = "rbac.authorization.k8s.io/aggregate-to-view"
	selecting := &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "twice"}, AggregationRule: &rbacv1.AggregationRule{ClusterRoleSelectors: []metav1.LabelSelector{{MatchLabels: map[string]string{"x": "true"}}}}}
	plain := &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "twice"}, Rules: []rbacv1.PolicyRule{rule("get services")}}
	cyclic := labelled("cyclic", "x", "get pods")
	cyclic.AggregationRule = selecting.AggregationRule
	app := serviceAccount("staging", "app")
	for name, tt := range map[string]struct {
		objs []bulkhead.Object
		want string
	}{
		"a role that is added to view":             {[]bulkhead.Object{labelled("more", toView, "get secrets"), to("view", "", app)}, "Breached " + rbac.ReadsSecrets},
		"and so to edit and admin":                 {[]bulkhead.Object{labelled("more", toView, "get nodes/proxy"), to("admin", "", app)}, "Breached " + rbac.ReachesKubelets},
		"one that is added to nothing":             {[]bulkhead.Object{labelled("more", "aggregate-to-view", "get nodes/proxy"), to("admin", "tools", app)}, "Sealed"},
		"two objects, of which one aggregates":     {[]bulkhead.Object{selecting, plain, labelled("more", "x", "get secrets"), to("twice", "prod", app)}, "Breached " + rbac.ReadsSecrets},
		"the same in another order":                {[]bulkhead.Object{plain, selecting, labelled("more", "x", "get secrets"), to("twice", "prod", app)}, "Breached " + rbac.ReadsSecrets},
		"two objects, of which one has the label":  {[]bulkhead.Object{selecting, labelled("more", "x", "get services"), labelled("more", "y", "get secrets"), to("twice", "prod", app)}, "Breached " + rbac.ReadsSecrets},
		"roles that select each other":             {[]bulkhead.Object{cyclic, selecting, labelled("more", "x", "get secrets"), to("cyclic", "prod", app)}, "Breached " + rbac.ReadsSecrets},
		"roles that select each other and nothing": {[]bulkhead.Object{cyclic, selecting, to("cyclic", "prod", app)}, "Sealed"},
	} {
		if got := answer(prove(t, append(base(), tt.objs...), known())); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// Nobody can tell what the operator of a custom resource does for who writes it, unless
// he is told.
func TestOperatorsThatAreNotKnown(t *testing.T) {
	definition := custom(t, `{apiVersion: apiextensions.crossplane.io/v1, kind: CompositeResourceDefinition, metadata: {name: x}, spec: {group: platform.example.org}}`)
	crd := custom(t, `{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: x}, spec: {group: example.com}}`)
	for name, tt := range map[string]struct {
		rules string
		objs  []bulkhead.Object
		told  identity.Answer
		want  string
	}{
		"a custom resource":                   {"create widgets.example.com", nil, identity.Unknown, "Undetermined how far what example.com may do reaches, which acts for ServiceAccount staging/app"},
		"of an operator that reaches too far": {"create widgets.example.com", nil, identity.Yes, "Breached rbac/deputies"},
		"of one that does not":                {"create widgets.example.com", nil, identity.No, "Sealed"},
		"that is read":                        {"get widgets.example.com", nil, identity.Unknown, "Sealed"},
		"that cannot be made by its name":     {"create widgets.example.com named x", nil, identity.Unknown, "Sealed"},
		"a claim of Crossplane":               {"create databases.platform.example.org", []bulkhead.Object{definition}, identity.Unknown, "Undetermined how far what Crossplane may do reaches, which acts for ServiceAccount staging/app"},
		"everything, where one is served":     {"create *.*", []bulkhead.Object{crd}, identity.Unknown, "Undetermined how far what example.com may do reaches, which acts for ServiceAccount staging/app"},
		"everything, where none is":           {"create *.*", nil, identity.Unknown, "Sealed"},
		"a kind that runs pods":               {"create workflows.argoproj.io", nil, identity.Unknown, "Sealed"},
		"a resource of Kubernetes":            {"create jobs.batch", nil, identity.Unknown, "Sealed"},
	} {
		options := known()
		options.Deputies["example.com"] = tt.told
		if got := answer(prove(t, slices.Concat(base(), tt.objs, given("staging/app", tt.rules, "staging")), options)); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
