// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"context"
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/conformance/servers"
	"github.com/watertight-go/watertight/quota"
	"github.com/watertight-go/watertight/quota/schedule"
)

// What quota/schedule says of two workloads is what kube-scheduler does with their
// pods: one fills a node, and the other comes.
func TestRanksAreThoseOfTheScheduler(t *testing.T) {
	s := newStage(t, servers.Scheduler)
	const staging, prod = "rank-staging", "rank-prod"
	s.set(bulkhead.Must(quota.Namespace(staging, quota.Restricted)), bulkhead.Must(quota.Namespace(prod, quota.Restricted)))
	never := corev1.PreemptNever
	lazy := bulkhead.Must(quota.Priority("rank-lazy", 1_000))
	lazy.PreemptionPolicy = &never
	classes := []bulkhead.Object{
		bulkhead.Must(quota.LowPriority("rank-low", -10)), bulkhead.Must(quota.Priority("rank-lower", -1_000_000)),
		bulkhead.Must(quota.Priority("rank-modest", 100)), bulkhead.Must(quota.Priority("rank-high", 1_000)), lazy,
	}
	s.set(classes...)
	known := s.classes()
	names := []string{"", "rank-low", "rank-lower", "rank-modest", "rank-high", "rank-lazy"}
	for _, guest := range names {
		for _, host := range names {
			name := fmt.Sprintf("rank-%s-%s", short(guest), short(host))
			t.Run(name, func(t *testing.T) {
				t.Parallel() // each on a node of its own
				s.in(t).rank(name, staging, prod, guest, host, known)
			})
		}
	}
	count(len(names) * len(names))
}

func short(class string) string {
	if class == "" {
		return "none"
	}
	return class[len("rank-"):]
}

// classes returns the priority classes of the cluster.
func (s stage) classes() []bulkhead.Object {
	s.t.Helper()
	list, err := s.client.SchedulingV1().PriorityClasses().List(s.t.Context(), metav1.ListOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	var out []bulkhead.Object
	for i := range list.Items {
		list.Items[i].TypeMeta = metav1.TypeMeta{APIVersion: schedulingv1.SchemeGroupVersion.String(), Kind: "PriorityClass"}
		out = append(out, &list.Items[i])
	}
	return out
}

// rank fills a node with a pod of staging, lets one of production come, and compares.
func (s stage) rank(node, staging, prod, guest, host string, classes []bulkhead.Object) {
	s.node(node, amounts("cpu", "250m", "memory", "8Gi", "pods", "10"))
	first := s.half(node, staging, node, guest)
	s.untilBound(first)
	second := s.half(node, prod, node, host)

	pods := []bulkhead.Object{manifestPod(staging, node, guest), manifestPod(prod, node, host)}
	c := bulkhead.Must(schedule.New(append(pods, classes...), schedule.Boundary{Production: []string{prod}, Staging: []string{staging}}, schedule.Options{Whole: true}))
	verdicts := make(map[schedule.Statement]bulkhead.Verdict)
	for _, j := range c.Ranks() {
		if j.Object.Namespace == prod {
			verdicts[j.Statement] = j.Verdict
		}
	}
	if verdicts[schedule.Preempts] == bulkhead.Sealed {
		s.untilBound(second)
		s.until("the pod of staging is gone", func(ctx context.Context) bool { return !s.exists(ctx, first) })
	} else {
		s.untilUnschedulable(second)
		if !s.exists(s.t.Context(), first) {
			s.t.Error("the pod of staging is gone")
		}
	}
	s.stored(second, verdicts[schedule.Outranks] == bulkhead.Sealed, first)
	for _, pod := range []*corev1.Pod{first, second} {
		_ = s.client.CoreV1().Pods(pod.Namespace).Delete(context.WithoutCancel(s.t.Context()), pod.Name, metav1.DeleteOptions{GracePeriodSeconds: new(int64)})
	}
}

// stored compares the priorities that admission wrote into the pods with the verdict.
func (s stage) stored(host *corev1.Pod, above bool, guest *corev1.Pod) {
	s.t.Helper()
	if host.Spec.Priority == nil || guest.Spec.Priority == nil {
		s.t.Fatal("a pod has no priority")
	}
	if got := *host.Spec.Priority > *guest.Spec.Priority; got != above {
		s.t.Errorf("production has %d and staging %d, and is said to be above: %t", *host.Spec.Priority, *guest.Spec.Priority, above)
	}
}

func manifestPod(namespace, name, class string) *corev1.Pod {
	pod := hardened(namespace, class)
	pod.TypeMeta, pod.Name = metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}, name
	return pod
}
