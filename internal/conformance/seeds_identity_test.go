// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// Seeds of the kinds of package identity.

const rbacVersion = "rbac.authorization.k8s.io/v1"

func serviceAccounts() []bulkhead.Object {
	kind := typeMeta("v1", "ServiceAccount")
	mountable := metadata("mountable", true)
	mountable.Annotations = map[string]string{"kubernetes.io/enforce-mountable-secrets": "true"}
	return []bulkhead.Object{
		&corev1.ServiceAccount{TypeMeta: kind, ObjectMeta: bare("empty", true)},
		&corev1.ServiceAccount{
			TypeMeta: kind, ObjectMeta: metadata("full", true), AutomountServiceAccountToken: new(bool),
			Secrets: []corev1.ObjectReference{{Name: "token"}}, ImagePullSecrets: []corev1.LocalObjectReference{{Name: "registry"}},
		},
		&corev1.ServiceAccount{TypeMeta: kind, ObjectMeta: mountable, Secrets: []corev1.ObjectReference{{Kind: "Secret", Name: "token"}}},
	}
}

func policyRules() []rbacv1.PolicyRule {
	return []rbacv1.PolicyRule{
		{Verbs: []string{"get", "list"}, APIGroups: []string{"", "apps"}, Resources: []string{"pods", "deployments/scale"}},
		{Verbs: []string{"get"}, APIGroups: []string{""}, Resources: []string{"secrets"}, ResourceNames: []string{"token"}},
	}
}

func roles() []bulkhead.Object {
	kind := typeMeta(rbacVersion, "Role")
	return []bulkhead.Object{
		&rbacv1.Role{TypeMeta: kind, ObjectMeta: bare("empty", true)},
		&rbacv1.Role{TypeMeta: kind, ObjectMeta: metadata("full", true), Rules: policyRules()},
		&rbacv1.Role{TypeMeta: kind, ObjectMeta: bare("system:reader", true), Rules: policyRules()[:1]},
	}
}

func clusterRoles() []bulkhead.Object {
	kind := typeMeta(rbacVersion, "ClusterRole")
	selectors := []metav1.LabelSelector{
		{MatchLabels: map[string]string{"example.com/aggregate": "true"}},
		{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "tier", Operator: metav1.LabelSelectorOpIn, Values: []string{"front", "back"}}}},
	}
	paths := rbacv1.PolicyRule{Verbs: []string{"get"}, NonResourceURLs: []string{"/healthz", "/metrics/*"}}
	return []bulkhead.Object{
		&rbacv1.ClusterRole{TypeMeta: kind, ObjectMeta: bare("empty", false)},
		&rbacv1.ClusterRole{TypeMeta: kind, ObjectMeta: metadata("full", false), Rules: append(policyRules(), paths)},
		&rbacv1.ClusterRole{
			TypeMeta: kind, ObjectMeta: metadata("aggregated", false), Rules: policyRules()[:1],
			AggregationRule: &rbacv1.AggregationRule{ClusterRoleSelectors: selectors},
		},
	}
}

func subjects() []rbacv1.Subject {
	return []rbacv1.Subject{
		{Kind: rbacv1.ServiceAccountKind, Namespace: "staging", Name: "web"},
		{Kind: rbacv1.UserKind, Name: "ann"},
		{Kind: rbacv1.GroupKind, APIGroup: rbacv1.GroupName, Name: "system:masters"},
	}
}

func roleBindings() []bulkhead.Object {
	kind := typeMeta(rbacVersion, "RoleBinding")
	return []bulkhead.Object{
		&rbacv1.RoleBinding{TypeMeta: kind, ObjectMeta: bare("empty", true), RoleRef: rbacv1.RoleRef{Kind: "Role", Name: "reader"}},
		&rbacv1.RoleBinding{
			TypeMeta: kind, ObjectMeta: metadata("full", true), Subjects: subjects(),
			RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "view"},
		},
	}
}

func clusterRoleBindings() []bulkhead.Object {
	kind := typeMeta(rbacVersion, "ClusterRoleBinding")
	return []bulkhead.Object{
		&rbacv1.ClusterRoleBinding{TypeMeta: kind, ObjectMeta: bare("empty", false), RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "view"}},
		&rbacv1.ClusterRoleBinding{
			TypeMeta: kind, ObjectMeta: metadata("full", false), Subjects: subjects(),
			RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "view"},
		},
	}
}
