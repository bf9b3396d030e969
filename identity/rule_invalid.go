// SPDX-License-Identifier: Apache-2.0

package identity

import (
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/created"
)

// Invalid is what kube-apiserver 1.37 refuses in a new ServiceAccount, Role,
// ClusterRole, RoleBinding or ClusterRoleBinding.
const Invalid = "identity/invalid"

func invalid(p *bulkhead.Pass) {
	for account := range bulkhead.Each[*corev1.ServiceAccount](p.Objects) {
		p.ReportInvalid(account, invalidAccount(created.InSomeNamespace(account)))
	}
	for role := range bulkhead.Each[*rbacv1.Role](p.Objects) {
		p.ReportInvalid(role, invalidRole(created.InSomeNamespace(role)))
	}
	for role := range bulkhead.Each[*rbacv1.ClusterRole](p.Objects) {
		p.ReportInvalid(role, invalidClusterRole(role))
	}
	for binding := range bulkhead.Each[*rbacv1.RoleBinding](p.Objects) {
		p.ReportInvalid(binding, invalidBinding(ofRoleBinding(created.InSomeNamespace(binding))))
	}
	for binding := range bulkhead.Each[*rbacv1.ClusterRoleBinding](p.Objects) {
		p.ReportInvalid(binding, invalidBinding(ofClusterRoleBinding(binding)))
	}
}

// missingNamespace is for an object that stands alone.
func missingNamespace(p *bulkhead.Pass) {
	for obj := range bulkhead.Each[bulkhead.Object](p.Objects) {
		switch obj.(type) {
		case *corev1.ServiceAccount, *rbacv1.Role, *rbacv1.RoleBinding:
			if obj.GetNamespace() == "" {
				p.Reportf(obj, field.NewPath("metadata", "namespace"), "name the namespace", "the object is in no namespace")
			}
		}
	}
}
