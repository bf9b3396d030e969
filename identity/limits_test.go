// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// Manifests may come from anybody. Whatever there is many of, no rule compares each
// with each.
func TestLargeSetsAreJudgedInTime(t *testing.T) {
	const many, limit = 6_000, time.Minute // quadratic work takes minutes
	words := func(format string) []string {
		out := make([]string, many)
		for i := range out {
			out[i] = fmt.Sprintf(format, i)
		}
		return out
	}
	each := func(object func(i int) bulkhead.Object) []bulkhead.Object {
		out := make([]bulkhead.Object, many)
		for i := range out {
			out[i] = object(i)
		}
		return out
	}
	rules := make([]rbacv1.PolicyRule, many)
	for i := range rules {
		rules[i] = rbacv1.PolicyRule{
			APIGroups: []string{""}, Resources: []string{"secrets", "pod"}, Verbs: []string{"create", "lists"}, ResourceNames: []string{"web"},
		}
	}
	everybody := []rbacv1.Subject{
		{Kind: "Group", Name: "system:serviceaccounts"},
		{Kind: "Group", Name: "system:serviceaccounts:staging"},
		{Kind: "ServiceAccount", Namespace: "staging", Name: "web"},
	}
	tests := map[string][]bulkhead.Object{
		"rules of one role": {&rbacv1.ClusterRole{ObjectMeta: meta("", "large"), Rules: rules}},
		"words of one rule": {&rbacv1.ClusterRole{
			ObjectMeta: meta("", "large"),
			Rules: []rbacv1.PolicyRule{{
				APIGroups: append(words("group-%d"), "", "apps"), Resources: words("deploymen%d"), Verbs: words("creat%d"), ResourceNames: words("name-%d"),
			}, {
				APIGroups: []string{"", "apps", "batch", "policy"}, Resources: words("deploymen%d"), Verbs: words("creat%d"),
			}},
		}},
		"bindings to one role": append(each(func(i int) bulkhead.Object {
			return &rbacv1.ClusterRoleBinding{
				ObjectMeta: meta("", fmt.Sprint("all-", i)), Subjects: everybody, RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "large"},
			}
		}), &rbacv1.ClusterRole{ObjectMeta: meta("", "large"), Rules: rules}, &corev1.ResourceQuota{ObjectMeta: meta("staging", "cap")}),
		"subjects of one binding": {&rbacv1.RoleBinding{
			ObjectMeta: meta("prod", "all"), RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "edit"},
			Subjects: func() (out []rbacv1.Subject) {
				for _, name := range words("web-%d") {
					out = append(out, rbacv1.Subject{Kind: "ServiceAccount", Namespace: "staging", Name: name})
				}
				return out
			}(),
		}},
		"roles that aggregate each other": append(each(func(i int) bulkhead.Object {
			next := fmt.Sprint("part-", i+1)
			return &rbacv1.ClusterRole{
				ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint("part-", i), Labels: map[string]string{"in": fmt.Sprint("part-", i), "all": "true"}},
				AggregationRule: &rbacv1.AggregationRule{ClusterRoleSelectors: []metav1.LabelSelector{
					{MatchLabels: map[string]string{"in": next, "all": "true"}}, {MatchLabels: map[string]string{"all": "true"}},
				}},
			}
		}), &rbacv1.ClusterRoleBinding{ObjectMeta: meta("", "all"), Subjects: everybody, RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "part-0"}}),
		"names that are nearly alike": append(each(func(i int) bulkhead.Object {
			return &rbacv1.Role{ObjectMeta: meta("staging", strings.Repeat("a", 40)+letters(i)), Rules: rules[:1]}
		}), each(func(i int) bulkhead.Object {
			return &rbacv1.RoleBinding{
				ObjectMeta: meta("staging", fmt.Sprint("b-", i)), Subjects: everybody[2:],
				RoleRef: rbacv1.RoleRef{Kind: "Role", Name: strings.Repeat("a", 41) + letters(i)},
			}
		})...),
		"accounts with one identity": each(func(i int) bulkhead.Object {
			account := &corev1.ServiceAccount{ObjectMeta: meta(fmt.Sprint("ns-", i), "web")}
			account.Annotations = map[string]string{identity.GoogleAccountAnnotation: "staging-web@my-project.iam.gserviceaccount.com"}
			return account
		}),
	}
	for name, objs := range tests {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			bulkhead.Check(objs, identity.Rules()...)
			if took := time.Since(start); took > limit {
				t.Errorf("%d objects took %v", len(objs), took)
			}
		})
	}
}

// letters writes a number without digits.
func letters(i int) string {
	return strings.Map(func(r rune) rune { return r - '0' + 'b' }, fmt.Sprint(i))
}
