// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"
	"math/rand/v2"

	corev1 "k8s.io/api/core/v1"
	nodev1 "k8s.io/api/node/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota"
	"github.com/watertight-go/watertight/quota/admit"
)

// A lottery draws pods, and the objects that decide about them. What it draws is
// close to the bounds, so that all stages refuse some and let some through.
type lottery struct{ *rand.Rand }

// chance is true once in n times.
func (l lottery) chance(n int) bool { return l.IntN(n) == 0 }

func draw[T any](l lottery, from ...T) T { return from[l.IntN(len(from))] }

func (l lottery) amount(name corev1.ResourceName) resource.Quantity {
	switch name {
	case "cpu", "requests.cpu", "limits.cpu":
		return resource.MustParse(draw(l, "0", "1m", "100m", "250m", "500m", "1", "1500m", "2", "0.0001"))
	case "hugepages-2Mi", "requests.hugepages-2Mi":
		return resource.MustParse(draw(l, "0", "2Mi", "4Mi", "8Mi"))
	case "example.com/gpu", "requests.example.com/gpu", "pods", "count/pods":
		return resource.MustParse(draw(l, "0", "1", "2", "3"))
	default:
		return resource.MustParse(draw(l, "0", "64Mi", "128Mi", "128M", "256Mi", "1Gi", "100m", "1e9"))
	}
}

func (l lottery) amounts(most int, names ...corev1.ResourceName) corev1.ResourceList {
	var out corev1.ResourceList
	for range l.IntN(most + 1) {
		if out == nil {
			out = make(corev1.ResourceList)
		}
		name := draw(l, names...)
		out[name] = l.amount(name)
	}
	return out
}

// world draws what decides about the pods of a namespace: what a server could have
// stored.
func (l lottery) world(namespace string) ([]bulkhead.Object, []admit.LimitedResource) {
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}
	if l.chance(3) {
		ns.Labels = map[string]string{quota.EnforceLabel: draw(l, "privileged", "baseline", "restricted")}
		if l.chance(2) {
			ns.Labels[quota.EnforceLabel+"-version"] = draw(l, "latest", "v1.0", "v1.22", "v1.25", "v1.99")
		}
	}
	objs := []bulkhead.Object{ns}
	for i := range l.IntN(3) {
		objs = appendValid(objs, l.limits(namespace, i))
	}
	for i := range l.IntN(4) {
		objs = appendValid(objs, l.quota(namespace, i))
	}
	for i, name := range []string{"prod", "staging"}[:min(l.IntN(6), 2)] {
		class := &schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: name}, Value: draw(l, int32(-5), 0, 100), GlobalDefault: i == 0 && l.chance(2)}
		if l.chance(2) {
			class.PreemptionPolicy = new(draw(l, corev1.PreemptNever, corev1.PreemptLowerPriority))
		}
		objs = append(objs, class)
	}
	if l.chance(2) {
		runtime := &nodev1.RuntimeClass{ObjectMeta: metav1.ObjectMeta{Name: "kata"}, Handler: "kata"}
		if !l.chance(3) {
			runtime.Overhead = &nodev1.Overhead{PodFixed: l.amounts(2, "cpu", "memory")}
		}
		if l.chance(3) {
			runtime.Scheduling = &nodev1.Scheduling{NodeSelector: map[string]string{"runtime": "kata"}}
		}
		objs = append(objs, runtime)
	}
	var limited []admit.LimitedResource
	if l.chance(6) {
		limited = append(limited, admit.LimitedResource{Resource: "pods", MatchContains: []string{draw(l, "memory", "requests.", "pods")}})
	}
	if l.chance(6) {
		limited = append(limited, admit.LimitedResource{Resource: "pods", MatchScopes: []corev1.ScopedResourceSelectorRequirement{{
			ScopeName: corev1.ResourceQuotaScopePriorityClass, Operator: corev1.ScopeSelectorOpIn, Values: []string{"system-node-critical", "prod"},
		}}})
	}
	return objs, limited
}

// appendValid adds an object that a server takes.
func appendValid(objs []bulkhead.Object, obj bulkhead.Object) []bulkhead.Object {
	if len(bulkhead.Check([]bulkhead.Object{obj}, only(quota.Rules(), quota.Invalid)...)) > 0 {
		return objs
	}
	return append(objs, obj)
}

func (l lottery) limits(namespace string, i int) *corev1.LimitRange {
	lr := &corev1.LimitRange{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: fmt.Sprintf("limits-%d", i)}}
	names := []corev1.ResourceName{"cpu", "memory", "ephemeral-storage", "hugepages-2Mi", "example.com/gpu"}
	item := corev1.LimitRangeItem{Type: corev1.LimitTypeContainer, Max: l.amounts(1, names...), Min: l.amounts(1, names...)}
	if l.chance(2) {
		item.Default = l.amounts(2, "cpu", "memory")
	}
	if l.chance(2) {
		item.DefaultRequest = l.amounts(2, "cpu", "memory")
	}
	if l.chance(3) {
		item.MaxLimitRequestRatio = amounts(string(draw(l, names...)), draw(l, "1", "2", "2500m", "10"))
	}
	lr.Spec.Limits = append(lr.Spec.Limits, item)
	if l.chance(2) {
		pod := corev1.LimitRangeItem{Type: corev1.LimitTypePod, Max: l.amounts(1, names...), Min: l.amounts(1, names...)}
		if l.chance(3) {
			pod.MaxLimitRequestRatio = amounts("cpu", "2")
		}
		lr.Spec.Limits = append(lr.Spec.Limits, pod)
	}
	return lr
}

func (l lottery) quota(namespace string, i int) *corev1.ResourceQuota {
	q := &corev1.ResourceQuota{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: fmt.Sprintf("quota-%d", i)}}
	q.Spec.Hard = l.amounts(4, "pods", "count/pods", "cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory",
		"ephemeral-storage", "requests.ephemeral-storage", "limits.ephemeral-storage", "hugepages-2Mi", "requests.hugepages-2Mi",
		"requests.example.com/gpu", "limits.example.com/gpu", "configmaps", "count/deployments.apps")
	for name, hard := range q.Spec.Hard {
		if hard.IsZero() && !l.chance(5) {
			delete(q.Spec.Hard, name)
		}
	}
	scope := func() corev1.ScopedResourceSelectorRequirement {
		s := corev1.ScopedResourceSelectorRequirement{Operator: corev1.ScopeSelectorOpExists, ScopeName: draw(l,
			corev1.ResourceQuotaScopeTerminating, corev1.ResourceQuotaScopeNotTerminating, corev1.ResourceQuotaScopeBestEffort,
			corev1.ResourceQuotaScopeNotBestEffort, corev1.ResourceQuotaScopeCrossNamespacePodAffinity, corev1.ResourceQuotaScopePriorityClass)}
		if s.ScopeName == corev1.ResourceQuotaScopePriorityClass {
			s.Operator = draw(l, corev1.ScopeSelectorOpExists, corev1.ScopeSelectorOpDoesNotExist, corev1.ScopeSelectorOpIn, corev1.ScopeSelectorOpNotIn)
			if s.Operator == corev1.ScopeSelectorOpIn || s.Operator == corev1.ScopeSelectorOpNotIn {
				s.Values = []string{draw(l, "prod", "staging"), draw(l, "prod", "system-node-critical")}
			}
		}
		return s
	}
	if l.chance(3) {
		q.Spec.ScopeSelector = &corev1.ScopeSelector{MatchExpressions: []corev1.ScopedResourceSelectorRequirement{scope()}}
		if l.chance(4) {
			q.Spec.Scopes = []corev1.ResourceQuotaScope{scope().ScopeName}
		}
	}
	switch l.IntN(12) {
	case 0: // not counted yet
	case 1: // counted in part
		q.Status.Hard, q.Status.Used = q.Spec.Hard.DeepCopy(), amounts("pods", "0")
	default:
		q.Status.Hard, q.Status.Used = q.Spec.Hard.DeepCopy(), make(corev1.ResourceList)
		for name := range q.Status.Hard {
			q.Status.Used[name] = resource.MustParse("0")
			if l.chance(4) {
				q.Status.Used[name] = l.amount(name)
			}
		}
	}
	return q
}

// pod draws a pod that is valid but for its resources and classes.
func (l lottery) pod(namespace string) *corev1.Pod {
	pod := &corev1.Pod{TypeMeta: typeMeta("v1", "Pod"), ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "pod"}}
	spec := &pod.Spec
	for i := range 1 + l.IntN(3) {
		spec.Containers = append(spec.Containers, l.container(fmt.Sprintf("main-%d", i)))
	}
	for i := range l.IntN(4) * l.IntN(2) {
		c := l.container(fmt.Sprintf("init-%d", i))
		if l.chance(2) {
			c.RestartPolicy = new(corev1.ContainerRestartPolicyAlways)
		}
		spec.InitContainers = append(spec.InitContainers, c)
	}
	if l.chance(4) {
		spec.Resources = &corev1.ResourceRequirements{
			Requests: l.amounts(2, "cpu", "memory", "hugepages-2Mi", "ephemeral-storage"), Limits: l.amounts(2, "cpu", "memory", "hugepages-2Mi"),
		}
		if l.chance(2) {
			spec.Resources.Requests = amounts("cpu", "3")
		}
	}
	if l.chance(3) {
		spec.PriorityClassName = draw(l, "prod", "staging", "system-node-critical")
	}
	if l.chance(40) {
		spec.Priority = new(draw(l, int32(0), 100))
	}
	if l.chance(40) {
		spec.PreemptionPolicy = new(draw(l, corev1.PreemptNever, corev1.PreemptLowerPriority))
	}
	if l.chance(9) {
		spec.RuntimeClassName = new("kata")
	}
	if l.chance(50) {
		spec.Overhead = l.amounts(1, "cpu", "memory")
	}
	if l.chance(8) {
		spec.NodeSelector = map[string]string{"runtime": draw(l, "kata", "runc")}
	}
	if l.chance(4) {
		spec.ActiveDeadlineSeconds = new(int64(1 + l.IntN(9)))
	}
	if l.chance(5) {
		spec.Affinity = l.affinity()
	}
	l.security(spec)
	return pod
}

func (l lottery) container(name string) corev1.Container {
	names := []corev1.ResourceName{"cpu", "memory", "ephemeral-storage", "hugepages-2Mi", "example.com/gpu"}
	c := corev1.Container{Name: name, Image: "image"}
	switch l.IntN(18) {
	case 0, 1, 2: // nothing
	case 3: // whatever comes
		c.Resources = corev1.ResourceRequirements{Requests: l.amounts(3, names...), Limits: l.amounts(3, names...)}
	default: // what goes together
		c.Resources.Requests = make(corev1.ResourceList)
		if l.chance(3) {
			c.Resources.Limits = l.amounts(2, "ephemeral-storage", "hugepages-2Mi", "example.com/gpu", "cpu", "memory")
		}
		for _, name := range []corev1.ResourceName{"cpu", "memory"} {
			if l.chance(2) {
				c.Resources.Requests[name] = resource.MustParse(draw(l, "0", "1m", "50m", "100m"))
			}
			if l.chance(3) && c.Resources.Limits != nil {
				c.Resources.Limits[name] = l.amount(name)
			}
		}
	}
	if l.chance(8) {
		c.Ports = []corev1.ContainerPort{{ContainerPort: int32(8000 + l.IntN(1000)), Protocol: corev1.ProtocolTCP}}
	}
	return c
}

func (l lottery) affinity() *corev1.Affinity {
	term := corev1.PodAffinityTerm{TopologyKey: "zone", LabelSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}}}
	switch l.IntN(3) {
	case 0:
		term.Namespaces = []string{"shop"}
	case 1:
		term.NamespaceSelector = &metav1.LabelSelector{}
	}
	if l.chance(2) {
		return &corev1.Affinity{PodAffinity: &corev1.PodAffinity{RequiredDuringSchedulingIgnoredDuringExecution: []corev1.PodAffinityTerm{term}}}
	}
	weighted := corev1.WeightedPodAffinityTerm{Weight: 1, PodAffinityTerm: term}
	return &corev1.Affinity{PodAntiAffinity: &corev1.PodAntiAffinity{PreferredDuringSchedulingIgnoredDuringExecution: []corev1.WeightedPodAffinityTerm{weighted}}}
}

// security draws what Pod Security looks at.
func (l lottery) security(spec *corev1.PodSpec) {
	if !l.chance(4) {
		spec.SecurityContext = &corev1.PodSecurityContext{RunAsNonRoot: new(true), SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault}}
		for _, list := range [][]corev1.Container{spec.Containers, spec.InitContainers} {
			for i := range list {
				list[i].SecurityContext = &corev1.SecurityContext{AllowPrivilegeEscalation: new(false), Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}}
			}
		}
	}
	if l.chance(8) {
		spec.Containers[0].SecurityContext = &corev1.SecurityContext{Privileged: new(true)}
	}
	spec.HostNetwork = l.chance(10)
	spec.HostPID = l.chance(15)
	if l.chance(5) {
		spec.Volumes = []corev1.Volume{{Name: "data"}}
		if l.chance(2) {
			spec.Volumes[0].HostPath = &corev1.HostPathVolumeSource{Path: "/"}
		}
	}
}
