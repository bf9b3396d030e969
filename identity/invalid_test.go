// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// refused returns the fields that the rule invalid names in one object.
func refused(obj bulkhead.Object) []string {
	var fields []string
	for _, f := range identity.Validate(obj) {
		if f.Rule == identity.Invalid {
			fields = append(fields, f.Field)
		}
	}
	return slices.Compact(fields) // there may be several reasons at one field
}

func meta(namespace, name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: namespace, Name: name}
}

func TestInvalidAccount(t *testing.T) {
	tests := map[string]struct {
		meta metav1.ObjectMeta
		want []string
	}{
		"a subdomain":          {meta("staging", "web.example"), nil},
		"the longest name":     {meta("staging", strings.Repeat("a", 253)), nil},
		"a name too long":      {meta("staging", strings.Repeat("a", 254)), []string{"metadata.name"}},
		"no name":              {meta("staging", ""), []string{"metadata.name"}},
		"a prefix":             {metav1.ObjectMeta{Namespace: "staging", GenerateName: "web-"}, nil},
		"no namespace":         {meta("", "web"), []string{"metadata.namespace"}},
		"a broken namespace":   {meta("Staging", "web"), []string{"metadata.namespace"}},
		"a broken label":       {metav1.ObjectMeta{Namespace: "staging", Name: "web", Labels: map[string]string{"a": "-"}}, []string{"metadata.labels"}},
		"a finalizer alone":    {metav1.ObjectMeta{Namespace: "staging", Name: "web", Finalizers: []string{"web"}}, []string{"metadata.finalizers[0]"}},
		"mistakes in two ways": {meta("a/b", "Web"), []string{"metadata.name", "metadata.namespace"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, refused(&corev1.ServiceAccount{ObjectMeta: tt.meta})); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInvalidRules(t *testing.T) {
	right := rbacv1.PolicyRule{APIGroups: []string{""}, Resources: []string{"pods"}, Verbs: []string{"get"}}
	paths := rbacv1.PolicyRule{NonResourceURLs: []string{"/metrics"}, Verbs: []string{"get"}}
	edited := func(rule rbacv1.PolicyRule, edit func(*rbacv1.PolicyRule)) rbacv1.PolicyRule {
		edit(&rule)
		return rule
	}
	tests := map[string]struct {
		rule              rbacv1.PolicyRule
		inRole, inCluster []string
	}{
		"resources": {right, nil, nil},
		"paths":     {paths, []string{"rules[0].nonResourceURLs"}, nil},
		"no verb": {
			edited(right, func(r *rbacv1.PolicyRule) { r.Verbs = nil }),
			[]string{"rules[0].verbs"},
			[]string{"rules[0].verbs"},
		},
		"no group": {
			edited(right, func(r *rbacv1.PolicyRule) { r.APIGroups = nil }),
			[]string{"rules[0].apiGroups"},
			[]string{"rules[0].apiGroups"},
		},
		"nothing": {
			rbacv1.PolicyRule{},
			[]string{"rules[0].apiGroups", "rules[0].resources", "rules[0].verbs"},
			[]string{"rules[0].apiGroups", "rules[0].resources", "rules[0].verbs"},
		},
		"resources and paths": {
			edited(right, func(r *rbacv1.PolicyRule) { r.NonResourceURLs = []string{"/metrics"} }),
			[]string{"rules[0].nonResourceURLs"},
			[]string{"rules[0].nonResourceURLs"},
		},
		"words that mean nothing": {
			rbacv1.PolicyRule{APIGroups: []string{"a/b"}, Resources: []string{""}, Verbs: []string{"???"}, ResourceNames: []string{"A B"}}, nil, nil,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			rules := []rbacv1.PolicyRule{tt.rule}
			if diff := cmp.Diff(tt.inRole, refused(&rbacv1.Role{ObjectMeta: meta("staging", "a:b c"), Rules: rules})); diff != "" {
				t.Errorf("fields of a Role (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.inCluster, refused(&rbacv1.ClusterRole{ObjectMeta: meta("", "a:b c"), Rules: rules})); diff != "" {
				t.Errorf("fields of a ClusterRole (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInvalidAggregation(t *testing.T) {
	const at = "aggregationRule.clusterRoleSelectors"
	near := metav1.LabelSelectorRequirement{Key: "a", Operator: "Near", Values: []string{"b"}}
	tests := map[string]struct {
		selectors []metav1.LabelSelector
		want      []string
	}{
		"no selector":     {nil, []string{at}},
		"an empty one":    {[]metav1.LabelSelector{{}}, nil},
		"a broken key":    {[]metav1.LabelSelector{{MatchLabels: map[string]string{"": "a"}}}, []string{at + "[0]", at + "[0].matchLabels"}},
		"no operator":     {[]metav1.LabelSelector{{}, {MatchExpressions: []metav1.LabelSelectorRequirement{near}}}, []string{at + "[1]", at + "[1].matchExpressions[0].operator"}},
		"a right label":   {[]metav1.LabelSelector{{MatchLabels: map[string]string{"a": "b"}}}, nil},
		"a label's value": {[]metav1.LabelSelector{{MatchLabels: map[string]string{"a": "-"}}}, []string{at + "[0]", at + "[0].matchLabels"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			role := &rbacv1.ClusterRole{ObjectMeta: meta("", "sum"), AggregationRule: &rbacv1.AggregationRule{ClusterRoleSelectors: tt.selectors}}
			if diff := cmp.Diff(tt.want, refused(role)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInvalidBinding(t *testing.T) {
	web := rbacv1.Subject{Kind: "ServiceAccount", Namespace: "staging", Name: "web"}
	jane := rbacv1.Subject{Kind: "User", Name: "jane"}
	edited := func(s rbacv1.Subject, edit func(*rbacv1.Subject)) []rbacv1.Subject {
		edit(&s)
		return []rbacv1.Subject{s}
	}
	role := rbacv1.RoleRef{Kind: "ClusterRole", Name: "system:view"}
	tests := map[string]struct {
		ref               rbacv1.RoleRef
		subjects          []rbacv1.Subject
		inRole, inCluster []string
	}{
		"without groups, which the server fills in": {role, []rbacv1.Subject{web, jane, {Kind: "Group", Name: "*"}}, nil, nil},
		"no subjects": {role, nil, nil, nil},
		"a Role":      {rbacv1.RoleRef{Kind: "Role", Name: "read"}, nil, nil, []string{"roleRef.kind"}},
		"an empty role": {
			rbacv1.RoleRef{},
			nil,
			[]string{"roleRef.kind", "roleRef.name"},
			[]string{"roleRef.kind", "roleRef.name"},
		},
		"another group and a path": {
			rbacv1.RoleRef{APIGroup: "v1", Kind: "ClusterRole", Name: "a/b"},
			nil,
			[]string{"roleRef.apiGroup", "roleRef.name"},
			[]string{"roleRef.apiGroup", "roleRef.name"},
		},
		"an account without its namespace": {
			role, edited(web, func(s *rbacv1.Subject) { s.Namespace = "" }), nil,
			[]string{"subjects[0].namespace"},
		},
		"an account in the group of roles": {
			role, edited(web, func(s *rbacv1.Subject) { s.APIGroup = rbacv1.GroupName }),
			[]string{"subjects[0].apiGroup"},
			[]string{"subjects[0].apiGroup"},
		},
		"an account that cannot be": {
			role, edited(web, func(s *rbacv1.Subject) { s.Name = "Web" }),
			[]string{"subjects[0].name"},
			[]string{"subjects[0].name"},
		},
		"a user of another group": {
			role, edited(jane, func(s *rbacv1.Subject) { s.APIGroup = "v1" }),
			[]string{"subjects[0].apiGroup"},
			[]string{"subjects[0].apiGroup"},
		},
		"no kind and no name": {
			role,
			[]rbacv1.Subject{{}},
			[]string{"subjects[0].kind", "subjects[0].name"},
			[]string{"subjects[0].kind", "subjects[0].name"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.inRole, refused(&rbacv1.RoleBinding{ObjectMeta: meta("staging", "b"), RoleRef: tt.ref, Subjects: tt.subjects})); diff != "" {
				t.Errorf("fields of a RoleBinding (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.inCluster, refused(&rbacv1.ClusterRoleBinding{ObjectMeta: meta("", "b"), RoleRef: tt.ref, Subjects: tt.subjects})); diff != "" {
				t.Errorf("fields of a ClusterRoleBinding (-want +got):\n%s", diff)
			}
		})
	}
}

func TestObjectsOfOtherKindsPass(t *testing.T) {
	for _, obj := range []bulkhead.Object{&corev1.Pod{}, &corev1.ConfigMap{}, (*rbacv1.Role)(nil), nil} {
		if fs := identity.Validate(obj); len(fs) > 0 {
			t.Errorf("%T: %v", obj, fs.Err())
		}
	}
}
