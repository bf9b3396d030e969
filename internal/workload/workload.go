// SPDX-License-Identifier: Apache-2.0

// Package workload finds the pods that objects run: of a bare Pod itself, of a
// Deployment and its like the pods of the template.
package workload

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// A Workload is an object that runs pods, and what those pods look like.
type Workload struct {
	Object bulkhead.Object
	Labels map[string]string // of the pods
	// Annotations are those of the pods, which Pod Security reads.
	Annotations map[string]string
	Spec        *corev1.PodSpec // of the pods; not a copy
	Path        *field.Path     // of Spec in Object
	// Owned says that the controller of Object is in the same set, so that Object
	// repeats what its owner says, with labels added: a ReplicaSet of a Deployment, and
	// not what an operator owns that runs as one.
	Owned bool
}

// All returns the workloads among objs, in order. Left out is what runs no pod and
// never will: nil objects, pods and jobs that have finished (they hold no address
// any more), and the empty ReplicaSets that a Deployment in the set keeps as its
// history, whose labels are those of a template that is gone.
func All(objs []bulkhead.Object) []Workload {
	present := make(map[bulkhead.Ref]types.UID, len(objs))
	out := make([]Workload, 0, len(objs))
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		if w, ok := of(obj); ok {
			out = append(out, w)
			present[bulkhead.RefTo(obj)] = obj.GetUID()
		}
	}
	for i := range out {
		out[i].Owned = ownerIn(present, out[i].Object)
	}
	return slices.DeleteFunc(out, history)
}

func of(obj bulkhead.Object) (Workload, bool) {
	spec := field.NewPath("spec")
	switch o := obj.(type) {
	case *corev1.Pod:
		done := o.Status.Phase == corev1.PodSucceeded || o.Status.Phase == corev1.PodFailed
		return Workload{Object: o, Labels: o.Labels, Annotations: o.Annotations, Spec: &o.Spec, Path: spec}, !done
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
		return fromTemplate(o, &o.Spec.Template, spec), !finished(o)
	case *batchv1.CronJob:
		return fromTemplate(o, &o.Spec.JobTemplate.Spec.Template, spec.Child("jobTemplate", "spec")), true
	default:
		return Workload{}, false
	}
}

func fromTemplate(obj bulkhead.Object, template *corev1.PodTemplateSpec, spec *field.Path) Workload {
	return Workload{
		Object: obj, Labels: template.Labels, Annotations: template.Annotations, Spec: &template.Spec, Path: spec.Child("template", "spec"),
	}
}

// finished reports whether the controller of a job has written that it ended
// (k8s.io/api/batch/v1, JobConditionType).
func finished(job *batchv1.Job) bool {
	return slices.ContainsFunc(job.Status.Conditions, func(c batchv1.JobCondition) bool {
		return c.Status == corev1.ConditionTrue && (c.Type == batchv1.JobComplete || c.Type == batchv1.JobFailed)
	})
}

// history reports whether w is an old revision of a Deployment of the set.
func history(w Workload) bool {
	rs, ok := w.Object.(*appsv1.ReplicaSet)
	return ok && w.Owned && rs.Spec.Replicas != nil && *rs.Spec.Replicas == 0
}

func ownerIn(present map[bulkhead.Ref]types.UID, obj bulkhead.Object) bool {
	owner := metav1.GetControllerOf(obj)
	if owner == nil {
		return false
	}
	gv, err := schema.ParseGroupVersion(owner.APIVersion)
	if err != nil || !Makes(gv.Group, owner.Kind, bulkhead.RefTo(obj).Kind) {
		return false
	}
	uid, there := present[bulkhead.Ref{Group: gv.Group, Kind: owner.Kind, Namespace: obj.GetNamespace(), Name: owner.Name}]
	return there && (uid == "" || owner.UID == "" || uid == owner.UID)
}

// Makes reports whether the controller of one kind makes objects of the other, by what
// it says itself.
func Makes(group, owner, owned string) bool {
	switch group + "/" + owner {
	case "apps/Deployment":
		return owned == "ReplicaSet"
	case "apps/ReplicaSet", "/ReplicationController", "batch/Job":
		return owned == "Pod"
	case "apps/StatefulSet", "apps/DaemonSet":
		return owned == "Pod" || owned == "ControllerRevision"
	case "batch/CronJob":
		return owned == "Job"
	default:
		return false
	}
}
