// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/watertight-go/watertight/bulkhead"
)

// typed returns objects with the unstructured ones as their Go types, of those kinds of which
// more counts than the texts in them: what they name, select and lead to. One that does not fit
// its kind stays as it is, and wrong is called with it.
func typed(objs []bulkhead.Object, wrong func(bulkhead.Object)) []bulkhead.Object {
	out := make([]bulkhead.Object, len(objs))
	for i, obj := range objs {
		out[i] = obj
		u, ok := obj.(runtime.Unstructured)
		if !ok {
			continue
		}
		into := newTyped(obj.GetObjectKind().GroupVersionKind().GroupVersion().String(), obj.GetObjectKind().GroupVersionKind().Kind)
		if into == nil {
			continue
		}
		if runtime.DefaultUnstructuredConverter.FromUnstructured(u.UnstructuredContent(), into) != nil {
			wrong(obj)
			continue
		}
		out[i] = into
	}
	return out
}

func newTyped(version, kind string) bulkhead.Object {
	switch version + " " + kind {
	case "v1 Secret":
		return &corev1.Secret{}
	case "v1 ConfigMap":
		return &corev1.ConfigMap{}
	case "v1 Namespace":
		return &corev1.Namespace{}
	case "v1 Service":
		return &corev1.Service{}
	case "discovery.k8s.io/v1 EndpointSlice":
		return &discoveryv1.EndpointSlice{}
	case "v1 ServiceAccount":
		return &corev1.ServiceAccount{}
	case "v1 Pod":
		return &corev1.Pod{}
	case "v1 PodTemplate":
		return &corev1.PodTemplate{}
	case "v1 ReplicationController":
		return &corev1.ReplicationController{}
	case "apps/v1 Deployment":
		return &appsv1.Deployment{}
	case "apps/v1 ReplicaSet":
		return &appsv1.ReplicaSet{}
	case "apps/v1 StatefulSet":
		return &appsv1.StatefulSet{}
	case "apps/v1 DaemonSet":
		return &appsv1.DaemonSet{}
	case "batch/v1 Job":
		return &batchv1.Job{}
	case "batch/v1 CronJob":
		return &batchv1.CronJob{}
	default:
		return nil
	}
}
