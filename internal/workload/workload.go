// SPDX-License-Identifier: Apache-2.0

// Package workload finds the pods that objects run: of a bare Pod itself, of a
// Deployment and its like the pods of the template.
package workload

import (
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// A Workload is an object that runs pods, and what those pods look like.
type Workload struct {
	Object bulkhead.Object
	Labels map[string]string // of the pods
	Spec   *corev1.PodSpec   // of the pods; not a copy
	Path   *field.Path       // of Spec in Object
	// Owned says that the controller of Object is in the same set, so that Object
	// repeats what its owner says, with labels added.
	Owned bool
}

// All returns the workloads among objs, in order. Pods that have finished are
// left out: they hold no address any more.
func All(objs []bulkhead.Object) []Workload {
	present := make(map[bulkhead.Ref]bool)
	var out []Workload
	for _, obj := range objs {
		if w, ok := of(obj); ok {
			out = append(out, w)
			present[bulkhead.RefTo(obj)] = true
		}
	}
	for i := range out {
		out[i].Owned = ownerIn(present, out[i].Object)
	}
	return out
}

func of(obj bulkhead.Object) (Workload, bool) {
	spec := field.NewPath("spec")
	switch o := obj.(type) {
	case *corev1.Pod:
		finished := o.Status.Phase == corev1.PodSucceeded || o.Status.Phase == corev1.PodFailed
		return Workload{Object: o, Labels: o.Labels, Spec: &o.Spec, Path: spec}, !finished
	case *corev1.ReplicationController:
		if o.Spec.Template == nil {
			return Workload{}, false
		}
		return fromTemplate(o, o.Spec.Template, spec), true
	case *appsv1.Deployment:
		return fromTemplate(o, &o.Spec.Template, spec), true
	case *appsv1.ReplicaSet:
		return fromTemplate(o, &o.Spec.Template, spec), true
	case *appsv1.StatefulSet:
		return fromTemplate(o, &o.Spec.Template, spec), true
	case *appsv1.DaemonSet:
		return fromTemplate(o, &o.Spec.Template, spec), true
	case *batchv1.Job:
		return fromTemplate(o, &o.Spec.Template, spec), true
	case *batchv1.CronJob:
		return fromTemplate(o, &o.Spec.JobTemplate.Spec.Template, spec.Child("jobTemplate", "spec")), true
	default:
		return Workload{}, false
	}
}

func fromTemplate(obj bulkhead.Object, template *corev1.PodTemplateSpec, spec *field.Path) Workload {
	return Workload{Object: obj, Labels: template.Labels, Spec: &template.Spec, Path: spec.Child("template", "spec")}
}

func ownerIn(present map[bulkhead.Ref]bool, obj bulkhead.Object) bool {
	owner := metav1.GetControllerOf(obj)
	if owner == nil {
		return false
	}
	gv, err := schema.ParseGroupVersion(owner.APIVersion)
	if err != nil {
		return false
	}
	return present[bulkhead.Ref{Group: gv.Group, Kind: owner.Kind, Namespace: obj.GetNamespace(), Name: owner.Name}]
}
