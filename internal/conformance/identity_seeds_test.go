// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// Seeds of the kinds that package identity judges.

func serviceAccounts() []bulkhead.Object {
	no, kind := false, typeMeta("v1", "ServiceAccount")
	return []bulkhead.Object{
		&corev1.ServiceAccount{TypeMeta: kind, ObjectMeta: bare("empty", true)},
		&corev1.ServiceAccount{
			TypeMeta: kind, ObjectMeta: metadata("full", true), AutomountServiceAccountToken: &no,
			Secrets: []corev1.ObjectReference{{Name: "secret"}}, ImagePullSecrets: []corev1.LocalObjectReference{{Name: "pull"}},
		},
	}
}

func policyRules() []rbacv1.PolicyRule {
	return []rbacv1.PolicyRule{
		{APIGroups: []string{""}, Resources: []string{"pods", "pods/log"}, Verbs: []string{"get", "list"}},
		{APIGroups: []string{"apps"}, Resources: []string{"deployments"}, ResourceNames: []string{"web"}, Verbs: []string{"update"}},
	}
}

func roles() []bulkhead.Object {
	kind := typeMeta("rbac.authorization.k8s.io/v1", "Role")
	return []bulkhead.Object{
		&rbacv1.Role{TypeMeta: kind, ObjectMeta: bare("empty", true)},
		&rbacv1.Role{TypeMeta: kind, ObjectMeta: metadata("full", true), Rules: policyRules()},
	}
}

func clusterRoles() []bulkhead.Object {
	kind := typeMeta("rbac.authorization.k8s.io/v1", "ClusterRole")
	paths := rbacv1.PolicyRule{NonResourceURLs: []string{"/healthz"}, Verbs: []string{"get"}}
	web := metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}}
	return []bulkhead.Object{
		&rbacv1.ClusterRole{TypeMeta: kind, ObjectMeta: bare("empty", false)},
		&rbacv1.ClusterRole{TypeMeta: kind, ObjectMeta: metadata("full", false), Rules: append(policyRules(), paths)},
		&rbacv1.ClusterRole{TypeMeta: kind, ObjectMeta: bare("sum", false), AggregationRule: &rbacv1.AggregationRule{ClusterRoleSelectors: []metav1.LabelSelector{web}}},
	}
}

func subjects() []rbacv1.Subject {
	return []rbacv1.Subject{
		{Kind: rbacv1.ServiceAccountKind, Name: "web", Namespace: "default"},
		{Kind: rbacv1.UserKind, APIGroup: rbacv1.GroupName, Name: "jane@example.com"},
		{Kind: rbacv1.GroupKind, APIGroup: rbacv1.GroupName, Name: "system:authenticated"},
	}
}

func roleRef(kind string) rbacv1.RoleRef {
	return rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: kind, Name: "view"}
}

func roleBindings() []bulkhead.Object {
	kind := typeMeta("rbac.authorization.k8s.io/v1", "RoleBinding")
	return []bulkhead.Object{
		&rbacv1.RoleBinding{TypeMeta: kind, ObjectMeta: bare("empty", true), RoleRef: roleRef("ClusterRole")},
		&rbacv1.RoleBinding{TypeMeta: kind, ObjectMeta: metadata("full", true), RoleRef: roleRef("Role"), Subjects: subjects()},
	}
}

func clusterRoleBindings() []bulkhead.Object {
	kind := typeMeta("rbac.authorization.k8s.io/v1", "ClusterRoleBinding")
	return []bulkhead.Object{
		&rbacv1.ClusterRoleBinding{TypeMeta: kind, ObjectMeta: bare("empty", false), RoleRef: roleRef("ClusterRole")},
		&rbacv1.ClusterRoleBinding{TypeMeta: kind, ObjectMeta: metadata("full", false), RoleRef: roleRef("ClusterRole"), Subjects: subjects()},
	}
}
