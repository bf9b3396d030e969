// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"fmt"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota"
)

// invalid notes what package quota finds in quotas, LimitRanges and priority classes:
// what the server refuses, and what caps nothing.
func (f *fitting) invalid(objs []bulkhead.Object) {
	var judged []bulkhead.Object
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		switch obj.(type) {
		case *corev1.ResourceQuota, *corev1.LimitRange, *schedulingv1.PriorityClass:
			judged = append(judged, obj)
		}
	}
	rules := slices.DeleteFunc(quota.Rules(), func(r bulkhead.Rule) bool {
		return !slices.Contains([]string{quota.Invalid, quota.UnreachableScope, quota.UncountedKey}, r.ID)
	})
	for _, found := range bulkhead.Check(judged, rules...) {
		p := Problem{Object: found.Object, Field: found.Field, Message: found.Message}
		if found.Rule == quota.Invalid {
			p.Message = "refused by the server: " + p.Message
			if found.Object.Kind != "PriorityClass" {
				f.missing[found.Object.Namespace] = append(f.missing[found.Object.Namespace], Problem{
					Object: found.Object, Message: "the server refuses it, so that what it would hold is not known",
				})
			}
		}
		f.problems = append(f.problems, p)
	}
}

// problem notes what is wrong with an object, and where that leaves open how its
// namespace is held.
func (f *fitting) problem(obj bulkhead.Object) {
	ref := bulkhead.RefTo(obj)
	note := func(field, format string, args ...any) {
		f.problems = append(f.problems, Problem{Object: ref, Field: field, Message: fmt.Sprintf(format, args...)})
	}
	open := func(message string) {
		f.missing[ref.Namespace] = append(f.missing[ref.Namespace], Problem{Object: ref, Message: message})
	}
	switch o := obj.(type) {
	case *unstructured.Unstructured:
		if slices.Contains([]string{"Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "HorizontalPodAutoscaler"}, ref.Kind) &&
			slices.Contains([]string{"apps", "batch", "extensions", "autoscaling"}, ref.Group) {
			note("apiVersion", "%s is no version of %s that Kubernetes 1.37 serves", o.GetAPIVersion(), ref.Kind)
			open("its apiVersion is not served, so that what it runs is not counted")
		}
	case *appsv1.Deployment:
		f.replicas(note, o.Spec.Replicas)
		if r := o.Spec.Strategy.RollingUpdate; r != nil {
			readable(note, "spec.strategy.rollingUpdate.maxSurge", r.MaxSurge)
			readable(note, "spec.strategy.rollingUpdate.maxUnavailable", r.MaxUnavailable)
		}
	case *appsv1.DaemonSet:
		if r := o.Spec.UpdateStrategy.RollingUpdate; r != nil {
			readable(note, "spec.updateStrategy.rollingUpdate.maxSurge", r.MaxSurge)
		}
	case *appsv1.StatefulSet:
		f.replicas(note, o.Spec.Replicas)
	case *appsv1.ReplicaSet:
		f.replicas(note, o.Spec.Replicas)
	case *batchv1.CronJob:
		if _, ok := shortestInterval(o.Spec.Schedule); !ok {
			note("spec.schedule", "%q is no schedule", o.Spec.Schedule)
		}
	}
}

func (*fitting) replicas(note func(string, string, ...any), n *int32) {
	if n != nil && *n < 0 {
		note("spec.replicas", "%d is negative", *n)
	}
}

// readable notes a number of pods that is neither a number nor a percentage.
func readable(note func(string, string, ...any), field string, v *intstr.IntOrString) {
	if v == nil {
		return
	}
	if n, err := intstr.GetScaledValueFromIntOrPercent(v, 100, true); err != nil || n < 0 {
		note(field, "%q is neither a number of pods nor a percentage", v.String())
	}
}
