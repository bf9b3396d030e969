// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"fmt"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota"
)

// invalid notes what was left out, and which quotas cap nothing.
func (f *fitting) invalid(objs []bulkhead.Object) {
	for ref, problems := range f.cluster.left {
		f.problems = append(f.problems, problems...)
		if ref.Namespace != "" {
			f.missing[ref.Namespace] = append(f.missing[ref.Namespace], problems...)
		}
	}
	var judged []bulkhead.Object
	for q := range bulkhead.Each[*corev1.ResourceQuota](objs) {
		judged = append(judged, q)
	}
	rules := slices.DeleteFunc(quota.Rules(), func(r bulkhead.Rule) bool {
		return r.ID != quota.UnreachableScope && r.ID != quota.UncountedKey
	})
	for _, found := range bulkhead.Check(judged, rules...) {
		f.problems = append(f.problems, Problem{Object: found.Object, Field: found.Field, Message: found.Message})
	}
}

func (f *fitting) note(obj bulkhead.Object, field, format string, args ...any) Problem {
	p := Problem{Object: bulkhead.RefTo(obj), Field: field, Message: fmt.Sprintf(format, args...)}
	f.problems = append(f.problems, p)
	return p
}

// refused notes what the server does not take, so that it is not known what there
// will be.
func (f *fitting) refused(obj bulkhead.Object, field, format string, args ...any) {
	p := f.note(obj, field, format, args...)
	f.missing[p.Object.Namespace] = append(f.missing[p.Object.Namespace], Problem{p.Object, field, "refused by the server: " + p.Message})
}

// problem notes what is wrong with an object, and where that leaves open how its
// namespace is held.
func (f *fitting) problem(obj bulkhead.Object) {
	switch o := obj.(type) {
	case *unstructured.Unstructured:
		f.unread(o)
	case *appsv1.Deployment:
		f.replicas(obj, o.Spec.Replicas)
		f.strategy(o)
	case *appsv1.DaemonSet:
		if r := o.Spec.UpdateStrategy.RollingUpdate; r != nil {
			f.share(obj, "spec.updateStrategy.rollingUpdate.maxSurge", r.MaxSurge, false)
			f.share(obj, "spec.updateStrategy.rollingUpdate.maxUnavailable", r.MaxUnavailable, true)
			if isZero(r.MaxUnavailable) && (r.MaxSurge == nil || isZero(r.MaxSurge)) {
				f.refused(obj, "spec.updateStrategy.rollingUpdate.maxUnavailable", "it is 0, and so is maxSurge")
			}
		}
	case *appsv1.StatefulSet:
		f.replicas(obj, o.Spec.Replicas)
	case *appsv1.ReplicaSet:
		f.replicas(obj, o.Spec.Replicas)
	case *corev1.ReplicationController:
		f.replicas(obj, o.Spec.Replicas)
	case *batchv1.Job:
		f.job(obj, "spec", &o.Spec)
	case *batchv1.CronJob:
		f.job(obj, "spec.jobTemplate.spec", &o.Spec.JobTemplate.Spec)
		if !readable(o.Spec.Schedule) {
			f.refused(obj, "spec.schedule", "%q is no schedule", o.Spec.Schedule)
		}
		switch o.Spec.ConcurrencyPolicy {
		case "", batchv1.AllowConcurrent, batchv1.ForbidConcurrent, batchv1.ReplaceConcurrent:
		default:
			f.refused(obj, "spec.concurrencyPolicy", "%q is neither Allow, Forbid nor Replace", o.Spec.ConcurrencyPolicy)
		}
	}
}

func (f *fitting) replicas(obj bulkhead.Object, n *int32) {
	if n != nil && *n < 0 {
		f.refused(obj, "spec.replicas", "%d is negative", *n)
	}
}

func (f *fitting) job(obj bulkhead.Object, at string, spec *batchv1.JobSpec) {
	for field, n := range map[string]*int32{"parallelism": spec.Parallelism, "completions": spec.Completions, "backoffLimit": spec.BackoffLimit} {
		if n != nil && *n < 0 {
			f.refused(obj, at+"."+field, "%d is negative", *n)
		}
	}
}

// strategy notes what the server refuses in that of a Deployment (Kubernetes v1.37,
// pkg/apis/apps/validation, ValidateDeploymentStrategy).
func (f *fitting) strategy(d *appsv1.Deployment) {
	r := d.Spec.Strategy.RollingUpdate
	switch d.Spec.Strategy.Type {
	case "", appsv1.RollingUpdateDeploymentStrategyType:
	case appsv1.RecreateDeploymentStrategyType:
		if r != nil {
			f.refused(d, "spec.strategy.rollingUpdate", "the strategy is Recreate")
		}
		return
	default:
		f.refused(d, "spec.strategy.type", "%q is neither RollingUpdate nor Recreate", d.Spec.Strategy.Type)
		return
	}
	if r == nil {
		return
	}
	const at = "spec.strategy.rollingUpdate."
	f.share(d, at+"maxSurge", r.MaxSurge, false)
	f.share(d, at+"maxUnavailable", r.MaxUnavailable, true)
	if isZero(r.MaxSurge) && isZero(r.MaxUnavailable) {
		f.refused(d, at+"maxUnavailable", "it is 0, and so is maxSurge")
	}
}

func isZero(v *intstr.IntOrString) bool {
	if v == nil {
		return false
	}
	n, err := intstr.GetScaledValueFromIntOrPercent(v, 100, true)
	return err == nil && n == 0
}

// share notes a number of pods that is neither a number nor a percentage, which for
// some is at most all.
func (f *fitting) share(obj bulkhead.Object, field string, v *intstr.IntOrString, atMostAll bool) {
	if v == nil {
		return
	}
	n, err := intstr.GetScaledValueFromIntOrPercent(v, 100, true)
	switch {
	case err != nil || n < 0:
		f.refused(obj, field, "%q is neither a number of pods nor a percentage", v.String())
	case atMostAll && v.Type == intstr.String && n > 100:
		f.refused(obj, field, "%s is more than 100%%", v.String())
	}
}

// unread notes an object without its Go type, of a kind that decides, or that runs
// pods in a way which is not known.
func (f *fitting) unread(u *unstructured.Unstructured) {
	ref := bulkhead.RefTo(u)
	_, template, _ := unstructured.NestedMap(u.Object, "spec", "template", "spec")
	var message string
	switch {
	case decides(ref):
		message = u.GetAPIVersion() + " is not read, or a field has another type than it should; what it says is not counted"
	case template:
		message = "how many pods it runs is not known"
	default:
		return
	}
	p := f.note(u, "apiVersion", "%s", message)
	if ref.Namespace == "" {
		f.everywhere = append(f.everywhere, p)
		return
	}
	f.missing[ref.Namespace] = append(f.missing[ref.Namespace], p)
}

// decides reports whether objects of a kind are read for how pods are admitted, how
// many there are, or what quotas charge.
func decides(ref bulkhead.Ref) bool {
	switch ref.Group {
	case "":
		return slices.Contains([]string{"LimitRange", "Namespace", "Node", "PersistentVolumeClaim", "Pod", "ReplicationController", "ResourceQuota", "Service"}, ref.Kind)
	case "apps", "extensions":
		return slices.Contains([]string{"DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"}, ref.Kind)
	case "batch":
		return ref.Kind == "Job" || ref.Kind == "CronJob"
	case "autoscaling":
		return ref.Kind == "HorizontalPodAutoscaler"
	case "node.k8s.io":
		return ref.Kind == "RuntimeClass"
	case "scheduling.k8s.io":
		return ref.Kind == "PriorityClass"
	case "storage.k8s.io":
		return ref.Kind == "StorageClass"
	default:
		return false
	}
}
