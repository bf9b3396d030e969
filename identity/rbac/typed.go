// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/watertight-go/watertight/bulkhead"
)

// typed returns objects in which those of kinds that are read, as dynamic clients give
// them, have their own types. Roles and bindings that cannot be read leave open what
// they give.
func (c *Cluster) typed(objs []bulkhead.Object) []bulkhead.Object {
	out := make([]bulkhead.Object, 0, len(objs))
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		u, ok := obj.(*unstructured.Unstructured)
		if !ok {
			out = append(out, obj)
			continue
		}
		into := emptyOf(u.GetAPIVersion(), u.GetKind())
		if into != nil && runtime.DefaultUnstructuredConverter.FromUnstructured(u.Object, into) == nil {
			out = append(out, into)
			continue
		}
		if ref := bulkhead.RefTo(obj); into != nil && ref.Group != groupRBAC {
			c.illegible = append(c.illegible, "what "+ref.String()+" says: a field has another type")
		}
		out = append(out, obj)
	}
	return out
}

func emptyOf(apiVersion, kind string) bulkhead.Object {
	switch apiVersion + " " + kind {
	case "v1 ConfigMap":
		return &corev1.ConfigMap{}
	case "v1 Namespace":
		return &corev1.Namespace{}
	case "v1 Pod":
		return &corev1.Pod{}
	case "v1 ReplicationController":
		return &corev1.ReplicationController{}
	case "v1 Secret":
		return &corev1.Secret{}
	case "v1 ServiceAccount":
		return &corev1.ServiceAccount{}
	case "apps/v1 DaemonSet":
		return &appsv1.DaemonSet{}
	case "apps/v1 Deployment":
		return &appsv1.Deployment{}
	case "apps/v1 ReplicaSet":
		return &appsv1.ReplicaSet{}
	case "apps/v1 StatefulSet":
		return &appsv1.StatefulSet{}
	case "batch/v1 CronJob":
		return &batchv1.CronJob{}
	case "batch/v1 Job":
		return &batchv1.Job{}
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
