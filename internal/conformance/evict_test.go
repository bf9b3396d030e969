// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	v1resource "k8s.io/kubernetes/pkg/api/v1/resource"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
	"k8s.io/kubernetes/pkg/kubelet/cm"
	kubelettypes "k8s.io/kubernetes/pkg/kubelet/types"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/schedule"
)

// Whom quota/schedule expects the kubelet to evict first of a pod of staging and one of
// production is whom its eviction manager kills, be their usage known or only bounded.
func TestEvictionsAreThoseOfTheKubelet(t *testing.T) {
	l := lottery{rand.New(rand.NewPCG(*seed, 14))}
	n := max(10_000, *objects/10)
	shortages := make([]*shortage, n)
	verdicts := make([]schedule.Judgement, n)
	decided := make(map[bulkhead.Verdict]int)
	for i := range shortages {
		staging, prod := l.stored("staging"), l.stored("prod")
		s := &shortage{pods: []*corev1.Pod{prod, staging}, usage: make(map[string]int64)}
		known := make(map[bulkhead.Ref]corev1.ResourceList)
		for _, pod := range s.pods {
			used := l.uses(pod)
			s.usage[string(pod.UID)] = used
			if !l.chance(3) {
				known[bulkhead.RefTo(pod)] = corev1.ResourceList{corev1.ResourceMemory: *resource.NewQuantity(used, resource.BinarySI)}
			}
		}
		shortages[i], verdicts[i] = s, evictedLast(t, known, prod, staging)
		decided[verdicts[i].Verdict]++
	}
	evict(t, shortages)
	for i, s := range shortages {
		prodFirst := s.first == s.pods[0]
		if v := verdicts[i].Verdict; v == bulkhead.Sealed && prodFirst || v == bulkhead.Breached && !prodFirst && !kubelettypes.IsCriticalPod(s.pods[1]) {
			t.Fatalf("%v\nthe kubelet evicts production first: %t\nusage %v\nprod %s\nstaging %s", verdicts[i], prodFirst, s.usage, text(s.pods[0]), text(s.pods[1]))
		}
	}
	for _, v := range []bulkhead.Verdict{bulkhead.Sealed, bulkhead.Breached, bulkhead.Undetermined} {
		if decided[v] < n/10 {
			t.Errorf("%d of %d are %v", decided[v], n, v)
		}
	}
	t.Logf("%v", decided)
	count(n)
}

func evictedLast(t *testing.T, usage map[bulkhead.Ref]corev1.ResourceList, pods ...bulkhead.Object) schedule.Judgement {
	t.Helper()
	c, err := schedule.New(pods, schedule.Boundary{Production: []string{"prod"}, Staging: []string{"staging"}}, schedule.Options{Whole: true, Usage: usage})
	if err != nil {
		t.Fatal(err)
	}
	js := c.Evictions()
	if len(js) != 1 {
		t.Fatalf("got %v", js)
	}
	return js[0]
}

// stored draws a pod that a server has stored, of which resources and priority count.
func (l lottery) stored(namespace string) *corev1.Pod {
	pod := &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "web", UID: types.UID(namespace)},
	}
	if !l.chance(8) {
		pod.Spec.Priority = new(draw(l, int32(-10), 0, 0, 5, 1_999_999_999, 2_000_000_000))
	}
	if l.chance(20) {
		pod.Annotations = map[string]string{kubelettypes.ConfigMirrorAnnotationKey: "x", kubelettypes.ConfigSourceAnnotationKey: draw(l, "file", "http")}
	}
	always := corev1.ContainerRestartPolicyAlways
	for i := range 1 + l.IntN(2) {
		pod.Spec.Containers = append(pod.Spec.Containers, corev1.Container{Name: fmt.Sprint("c", i), Resources: l.memory()})
	}
	for i := range l.IntN(3) {
		init := corev1.Container{Name: fmt.Sprint("i", i), Resources: l.memory()}
		if l.chance(2) {
			init.RestartPolicy = &always
		}
		pod.Spec.InitContainers = append(pod.Spec.InitContainers, init)
	}
	if l.chance(3) {
		own := l.memory()
		pod.Spec.Resources = &own
	}
	if l.chance(3) {
		pod.Spec.Overhead = l.amounts(2, corev1.ResourceMemory, corev1.ResourceCPU)
	}
	return pod
}

// memory draws requests and limits of memory and cores, requests being the lower.
func (l lottery) memory() corev1.ResourceRequirements {
	r := corev1.ResourceRequirements{Requests: l.amounts(2, corev1.ResourceMemory, corev1.ResourceCPU), Limits: l.amounts(2, corev1.ResourceMemory, corev1.ResourceCPU)}
	for name, limit := range r.Limits {
		if request := r.Requests[name]; r.Requests != nil && (l.chance(2) || request.Cmp(limit) > 0) {
			r.Requests[name] = limit
		}
	}
	return r
}

// uses draws what a pod uses: something, no more than its cgroup lets it, and about as
// much as the kubelet takes it to request.
func (l lottery) uses(pod *corev1.Pod) int64 {
	request := v1resource.GetResourceRequest(pod, corev1.ResourceMemory)
	used := max(1, request+draw(l, int64(-1), 0, 1, 1<<20, -1<<20))
	if limit := cm.ResourceConfigForPod(pod, false, 100_000, false, kubeletconfig.NoneMemoryReservationPolicy).Memory; limit != nil && *limit > 0 {
		used = min(used, *limit)
	}
	return used
}
