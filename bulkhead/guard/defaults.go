// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"cmp"

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
			limits := &containers[i].Resources.Limits
			for name, amount := range d.limits {
				if _, ok := (*limits)[name]; ok {
					continue
				}
				if *limits == nil {
					*limits = make(corev1.ResourceList)
				}
				(*limits)[name] = amount
			}
		}
	}
	return out
}
