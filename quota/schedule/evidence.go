// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	"slices"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	nodev1 "k8s.io/api/node/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apiequality "k8s.io/apimachinery/pkg/api/equality"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota"
)

// A home is a namespace of the boundary with what governs its pods.
type home struct {
	name      string
	namespace *corev1.Namespace
	quotas    []*corev1.ResourceQuota
	limits    []*corev1.LimitRange
	doubts    []string // objects of it that are set aside, as missing evidence
}

func (c *Cluster) home(name string) *home {
	h := c.homes[name]
	if h == nil {
		h = &home{name: name}
		c.homes[name] = h
	}
	return h
}

// settle puts objects where they belong.
func (c *Cluster) settle(objs []bulkhead.Object) {
	for _, obj := range objs {
		switch o := obj.(type) {
		case *corev1.Namespace:
			c.home(o.Name).namespace = o
		case *corev1.ResourceQuota:
			h := c.home(o.Namespace)
			h.quotas = append(h.quotas, o)
		case *corev1.LimitRange:
			h := c.home(o.Namespace)
			h.limits = append(h.limits, o)
		}
	}
}

// readable returns the objects that count as evidence, sorted by name, each once. What
// is refused, contradictory or of an unknown version is noted as missing.
func (c *Cluster) readable(objs []bulkhead.Object) []bulkhead.Object {
	aside := make(map[bulkhead.Ref]bool)
	for _, problem := range c.problems {
		if problem.Rule == InvalidNode {
			continue // the rest of which counts
		}
		aside[problem.Object] = true
		c.note(problem.Object)
	}
	var out []bulkhead.Object
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		if !aside[bulkhead.RefTo(obj)] {
			out = append(out, obj)
		}
	}
	slices.SortStableFunc(out, func(a, b bulkhead.Object) int { return bulkhead.RefTo(a).Compare(bulkhead.RefTo(b)) })
	return out
}

// note remembers that an object is set aside.
func (c *Cluster) note(ref bulkhead.Ref) {
	missing := ref.String() + ", in a form that can be read and that the API server accepts"
	if ref.Namespace != "" && (ref.Kind == "ResourceQuota" || ref.Kind == "LimitRange") {
		h := c.home(ref.Namespace)
		h.doubts = append(h.doubts, missing)
		return
	}
	c.unread = append(c.unread, missing)
}

// reads reports whether objects of a kind are evidence, and whether obj is of the
// version that is read.
func reads(obj bulkhead.Object) (kind, version bool) {
	ref := bulkhead.RefTo(obj)
	var ok bool
	switch ref.Group + "/" + ref.Kind {
	case "/Namespace":
		_, ok = obj.(*corev1.Namespace)
	case "/Node":
		_, ok = obj.(*corev1.Node)
	case "/Pod":
		_, ok = obj.(*corev1.Pod)
	case "/ReplicationController":
		_, ok = obj.(*corev1.ReplicationController)
	case "/ResourceQuota":
		_, ok = obj.(*corev1.ResourceQuota)
	case "/LimitRange":
		_, ok = obj.(*corev1.LimitRange)
	case "apps/Deployment":
		_, ok = obj.(*appsv1.Deployment)
	case "apps/ReplicaSet":
		_, ok = obj.(*appsv1.ReplicaSet)
	case "apps/StatefulSet":
		_, ok = obj.(*appsv1.StatefulSet)
	case "apps/DaemonSet":
		_, ok = obj.(*appsv1.DaemonSet)
	case "batch/Job":
		_, ok = obj.(*batchv1.Job)
	case "batch/CronJob":
		_, ok = obj.(*batchv1.CronJob)
	case "scheduling.k8s.io/PriorityClass":
		_, ok = obj.(*schedulingv1.PriorityClass)
	case "node.k8s.io/RuntimeClass":
		_, ok = obj.(*nodev1.RuntimeClass)
	case "admissionregistration.k8s.io/ValidatingAdmissionPolicy":
		_, ok = obj.(*admissionregistrationv1.ValidatingAdmissionPolicy)
	case "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding":
		_, ok = obj.(*admissionregistrationv1.ValidatingAdmissionPolicyBinding)
	case "admissionregistration.k8s.io/MutatingAdmissionPolicy":
		_, ok = obj.(*admissionregistrationv1.MutatingAdmissionPolicy)
	case "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding":
		_, ok = obj.(*admissionregistrationv1.MutatingAdmissionPolicyBinding)
	case "admissionregistration.k8s.io/ValidatingWebhookConfiguration":
		_, ok = obj.(*admissionregistrationv1.ValidatingWebhookConfiguration)
	case "admissionregistration.k8s.io/MutatingWebhookConfiguration":
		_, ok = obj.(*admissionregistrationv1.MutatingWebhookConfiguration)
	case "extensions/Deployment", "extensions/DaemonSet", "extensions/ReplicaSet": // not served since 1.16
	default:
		return false, false
	}
	return true, ok
}

// same reports whether two objects of one name say the same.
func same(a, b bulkhead.Object) bool { return apiequality.Semantic.DeepEqual(a, b) }

// holdsOnlyOne reports whether a cluster has one object of a kind and name, and what
// it says matters here. Of workloads all that turn up are judged, and of classes that
// disagree package priority says so.
func holdsOnlyOne(obj bulkhead.Object) bool {
	kind, version := reads(obj)
	switch obj.(type) {
	case *corev1.Pod, *corev1.ReplicationController, *appsv1.Deployment, *appsv1.ReplicaSet, *appsv1.StatefulSet,
		*appsv1.DaemonSet, *batchv1.Job, *batchv1.CronJob, *schedulingv1.PriorityClass:
		return false
	}
	return kind && version
}

// refusesQuota returns what the API server refuses of an object of package quota.
func refusesQuota(obj bulkhead.Object) bulkhead.Findings {
	return quota.Validate(obj).Of(bulkhead.Error)
}
