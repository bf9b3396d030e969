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
	if selector.Matches(labels.Set(w.Labels)) {
		return true
	}
	requirements, selectable := selector.Requirements()
	if !selectable {
		return false
	}
	for _, r := range requirements {
		_, shown := w.Labels[r.Key()]
		given := !shown && w.given(r.Key()) && r.Operator() != selection.DoesNotExist
		if !given && !r.Matches(labels.Set(w.Labels)) {
			return false
		}
	}
	return true
}

// given reports whether pods may get a label beside those of their template: from
// their controller (Kubernetes 1.37: pkg/controller/deployment/util,
// pkg/controller/statefulset, pkg/controller/daemon/util, pkg/controller/job) or
// from the node that they run on (plugin/pkg/admission/podtopologylabels).
func (w Workload) given(key string) bool {
	switch key {
	case corev1.LabelTopologyRegion, corev1.LabelTopologyZone:
		return true
	}
	switch w.Object.(type) {
	case *appsv1.Deployment:
		return key == appsv1.DefaultDeploymentUniqueLabelKey
	case *appsv1.StatefulSet:
		return key == appsv1.StatefulSetPodNameLabel || key == appsv1.PodIndexLabel || key == appsv1.StatefulSetRevisionLabel
	case *appsv1.DaemonSet:
		return key == appsv1.DefaultDaemonSetUniqueLabelKey || key == "pod-template-generation"
	case *batchv1.Job, *batchv1.CronJob:
		switch key {
		case batchv1.JobNameLabel, batchv1.ControllerUidLabel, batchv1.JobCompletionIndexAnnotation, "job-name", "controller-uid":
			return true
		}
	}
	return false
}
