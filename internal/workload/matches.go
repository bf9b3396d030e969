// SPDX-License-Identifier: Apache-2.0

package workload

import (
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
)

// Matches reports whether selector matches a pod of w, or could: a label that the
// control plane gives to pods, such as the name of a pod of a StatefulSet, has
// the value that the selector asks for, since the template does not show it.
func (w Workload) Matches(selector labels.Selector) bool {
	requirements, selectable := selector.Requirements()
	if !selectable {
		return false
	}
	for _, r := range requirements {
		if !w.meets(r) {
			return false
		}
	}
	return true
}

// meets reports whether a pod of w meets one requirement, or could.
func (w Workload) meets(r labels.Requirement) bool {
	absent := r.Operator() == selection.DoesNotExist
	switch _, shown := w.Labels[r.Key()]; {
	case !shown && w.alwaysGiven(r.Key()):
		return !absent
	case !shown && w.perhapsGiven(r.Key()) && !absent:
		return true
	default:
		return r.Matches(labels.Set(w.Labels))
	}
}

// Given reports whether the control plane gives a label to every pod of w beside
// those of its template, or perhaps gives it.
func (w Workload) Given(key string) (always, perhaps bool) {
	return w.alwaysGiven(key), w.perhapsGiven(key)
}

// alwaysGiven reports whether every pod gets a label beside those of its template,
// from the controller or, for a Job, from the API server (Kubernetes 1.37:
// pkg/controller/deployment/sync.go, pkg/controller/statefulset/stateful_set_utils.go,
// pkg/controller/daemon/util, pkg/registry/batch/job/strategy.go,
// pkg/controller/job/indexed_job_utils.go). A ReplicaSet gives none: what a
// Deployment adds stands in the template of its ReplicaSets.
func (w Workload) alwaysGiven(key string) bool {
	switch o := w.Object.(type) {
	case *appsv1.Deployment:
		return key == appsv1.DefaultDeploymentUniqueLabelKey
	case *appsv1.StatefulSet:
		return key == appsv1.StatefulSetPodNameLabel || key == appsv1.PodIndexLabel || key == appsv1.StatefulSetRevisionLabel
	case *appsv1.DaemonSet:
		return key == appsv1.DefaultDaemonSetUniqueLabelKey
	case *batchv1.Job:
		return givenByJob(&o.Spec, key)
	case *batchv1.CronJob:
		return givenByJob(&o.Spec.JobTemplate.Spec, key)
	}
	return false
}

// givenByJob reports whether the pods of a Job get a label. Who sets manualSelector
// gets no selector, and none of the labels that it would ask for.
func givenByJob(spec *batchv1.JobSpec, key string) bool {
	switch key {
	case batchv1.JobNameLabel, batchv1.ControllerUidLabel, "job-name", "controller-uid":
		return spec.ManualSelector == nil || !*spec.ManualSelector
	case batchv1.JobCompletionIndexAnnotation: // a label of the same name too
		return spec.CompletionMode != nil && *spec.CompletionMode == batchv1.IndexedCompletion
	}
	return false
}

// perhapsGiven reports whether pods may get a label: the region and zone of the
// node that they run on, if that has them (Kubernetes 1.37:
// plugin/pkg/admission/podtopologylabels), and the generation of a DaemonSet's
// template, if that has the deprecated annotation (pkg/controller/daemon/util).
func (w Workload) perhapsGiven(key string) bool {
	switch key {
	case corev1.LabelTopologyRegion, corev1.LabelTopologyZone:
		return true
	case "pod-template-generation":
		_, ok := w.Object.(*appsv1.DaemonSet)
		return ok
	}
	return false
}
