// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// typed returns objects in which those of kinds that are read, as dynamic clients give
// them, have their own types. Roles and bindings that cannot be read leave open what
// they give.
func (c *Cluster) typed(objs []bulkhead.Object) []bulkhead.Object {
	out := make([]bulkhead.Object, 0, len(objs))
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		own, err := workload.Typed(obj, emptyOf)
		if ref := bulkhead.RefTo(obj); err != nil && ref.Group != groupRBAC {
			c.illegible = append(c.illegible, "what "+ref.String()+" says: a field has another type")
		}
		out = append(out, own)
	}
	return out
}

func emptyOf(apiVersion, kind string) bulkhead.Object {
	switch apiVersion + " " + kind {
	case "v1 ConfigMap":
		return &corev1.ConfigMap{}
	case "v1 Namespace":
		return &corev1.Namespace{}
	case "v1 Secret":
		return &corev1.Secret{}
	case "v1 ServiceAccount":
		return &corev1.ServiceAccount{}
	case "networking.k8s.io/v1 Ingress":
		return &networkingv1.Ingress{}
	case "rbac.authorization.k8s.io/v1 ClusterRole":
		return &rbacv1.ClusterRole{}
	case "rbac.authorization.k8s.io/v1 ClusterRoleBinding":
		return &rbacv1.ClusterRoleBinding{}
	case "rbac.authorization.k8s.io/v1 Role":
		return &rbacv1.Role{}
	case "rbac.authorization.k8s.io/v1 RoleBinding":
		return &rbacv1.RoleBinding{}
	default:
		return nil
	}
}
