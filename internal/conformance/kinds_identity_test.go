// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/kubernetes/pkg/registry/core/serviceaccount"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrole"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding"
	"k8s.io/kubernetes/pkg/registry/rbac/role"
	"k8s.io/kubernetes/pkg/registry/rbac/rolebinding"

	"github.com/watertight-go/watertight/identity"
)

func identityKinds() map[string]judged {
	rules := only(identity.Rules(), identity.Invalid)
	rbac := rbacv1.SchemeGroupVersion
	return map[string]judged{
		"ServiceAccount": {
			registry: ofKubernetes(serviceaccount.Strategy, corev1.SchemeGroupVersion.WithResource("serviceaccounts")), namespaced: true,
			rules: rules, seeds: serviceAccounts(),
		},
		"Role":               {registry: ofKubernetes(role.Strategy, rbac.WithResource("roles")), namespaced: true, rules: rules, seeds: roles()},
		"ClusterRole":        {registry: ofKubernetes(clusterrole.Strategy, rbac.WithResource("clusterroles")), rules: rules, seeds: clusterRoles()},
		"RoleBinding":        {registry: ofKubernetes(rolebinding.Strategy, rbac.WithResource("rolebindings")), namespaced: true, rules: rules, seeds: roleBindings()},
		"ClusterRoleBinding": {registry: ofKubernetes(clusterrolebinding.Strategy, rbac.WithResource("clusterrolebindings")), rules: rules, seeds: clusterRoleBindings()},
	}
}
