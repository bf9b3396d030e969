// SPDX-License-Identifier: Apache-2.0

package workload

import (
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/watertight-go/watertight/bulkhead"
)

// New returns an empty object of a kind that runs pods, or nil for another kind.
func New(apiVersion, kind string) bulkhead.Object {
	switch apiVersion + " " + kind {
	case "v1 Pod":
		return &corev1.Pod{}
	case "v1 ReplicationController":
		return &corev1.ReplicationController{}
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
	default:
		return nil
	}
}

// Typed returns the object of its own Go type that an unstructured one stands for, as
// dynamic clients give them, if it runs pods or more makes an empty one of its kind. All
// others stay what they are. So does one whose fields have other types than the API
// says, and the error says why.
func Typed(obj bulkhead.Object, more func(apiVersion, kind string) bulkhead.Object) (bulkhead.Object, error) {
	u, ok := obj.(runtime.Unstructured)
	if !ok {
		return obj, nil
	}
	apiVersion, kind := u.GetObjectKind().GroupVersionKind().ToAPIVersionAndKind()
	into := New(apiVersion, kind)
	if into == nil {
		into = more(apiVersion, kind)
	}
	if into == nil {
		return obj, nil
	}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(u.UnstructuredContent(), into); err != nil {
		return obj, err
	}
	return into, nil
}
