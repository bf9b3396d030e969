// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"cmp"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// podDefaults is what a set of objects gives the pods of a namespace before an
// admission policy judges them (Kubernetes v1.37, pkg/kubeapiserver/options,
// plugins.go: LimitRanger and Priority come before).
type podDefaults struct {
	limits corev1.ResourceList // of a container
	class  string
}

func defaultsOf(objs []bulkhead.Object, namespace string) podDefaults {
	out := podDefaults{limits: make(corev1.ResourceList)}
	for limits := range bulkhead.Each[*corev1.LimitRange](objs) {
		if limits.Namespace != namespace {
			continue
		}
		for _, item := range limits.Spec.Limits {
			if item.Type == corev1.LimitTypeContainer {
				// The server takes the most for the default where there is none
				// (pkg/apis/core/v1/defaults.go, SetDefaults_LimitRangeItem).
				out.lower(item.Default, nil)
				out.lower(item.Max, item.Default)
			}
		}
	}
	var global, own string
	for class := range bulkhead.Each[*schedulingv1.PriorityClass](objs) {
		if class.GlobalDefault {
			global = cmp.Or(global, class.Name)
		}
		if gives(objs, namespace, class) {
			own = cmp.Or(own, class.Name)
		}
	}
	out.class = cmp.Or(global, own)
	return out
}

// lower notes defaults that are not among others. Which of two LimitRanges fills in a
// limit is chance, so the smaller counts.
func (d podDefaults) lower(limits, others corev1.ResourceList) {
	for name, amount := range limits {
		if _, ok := others[name]; ok {
			continue
		}
		if known, ok := d.limits[name]; !ok || amount.Cmp(known) < 0 {
			d.limits[name] = amount
		}
	}
}

// completed returns a copy of a pod spec in which what is absent is filled in.
func (d podDefaults) completed(spec *corev1.PodSpec) *corev1.PodSpec {
	out := spec.DeepCopy()
	out.PriorityClassName = cmp.Or(out.PriorityClassName, d.class)
	for _, containers := range [][]corev1.Container{out.InitContainers, out.Containers} {
		for i := range containers {
			limits := make(corev1.ResourceList)
			maps.Copy(limits, d.limits)
			maps.Copy(limits, containers[i].Resources.Limits)
			containers[i].Resources.Limits = limits
		}
	}
	deriveMemoryLimit(out)
	return out
}

// deriveMemoryLimit gives a pod that has resources of its own, without a limit of
// memory among them, one that is above zero if the API server does: if every
// container names a limit, it is what these add up to, or what the pod requests
// (Kubernetes v1.37, pkg/api/pod/util.go, DefaultPodLevelResources). How much it is
// matters to no restriction.
func deriveMemoryLimit(spec *corev1.PodSpec) {
	own := spec.Resources
	if own == nil || len(own.Requests)+len(own.Limits) == 0 {
		return
	}
	if _, ok := own.Limits[corev1.ResourceMemory]; ok {
		return
	}
	most := own.Requests[corev1.ResourceMemory]
	for _, c := range slices.Concat(spec.InitContainers, spec.Containers) {
		limit, ok := c.Resources.Limits[corev1.ResourceMemory]
		if !ok {
			return
		}
		if limit.Cmp(most) > 0 {
			most = limit
		}
	}
	if own.Limits == nil {
		own.Limits = make(corev1.ResourceList)
	}
	own.Limits[corev1.ResourceMemory] = most
}
