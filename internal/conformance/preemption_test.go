// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/conformance/servers"
	"github.com/watertight-go/watertight/quota"
)

// On a full node production makes room for itself at staging's expense, also where
// its pods name no class, and staging never does.
func TestProductionPreemptsStaging(t *testing.T) {
	s := newStage(t, servers.Scheduler)
	const node, staging, prod = "full", "preempted", "preempting"
	share := bulkhead.Must(quota.Cap(staging, budget()))
	s.set(bulkhead.Must(quota.Namespace(staging, quota.Restricted)), bulkhead.Must(quota.Namespace(prod, quota.Restricted)))
	s.set(share.Objects()...)
	s.set(bulkhead.Must(quota.Priority("preempting-high", 1_000_000)))
	s.node(node, amounts("cpu", "500m", "memory", "8Gi", "pods", "10"))

	// Two pods of staging fill the node.
	first, second := s.half(node, staging, "first", share.Class.Name), s.half(node, staging, "second", share.Class.Name)
	s.untilBound(first)
	s.untilBound(second)
	if s.bound(s.half(node, staging, "third", share.Class.Name), 2*time.Second) {
		t.Error("a third pod of staging found room on a full node")
	}

	s.untilBound(s.half(node, prod, "with-class", "preempting-high"))
	s.untilBound(s.half(node, prod, "without-class", ""))
	s.until("both pods of staging are gone", func(ctx context.Context) bool { return !s.exists(ctx, first) && !s.exists(ctx, second) })

	// Now production fills it, and staging waits.
	waiting := s.half(node, staging, "waiting", share.Class.Name)
	s.untilUnschedulable(waiting)
	for _, name := range []string{"with-class", "without-class"} {
		got, err := s.client.CoreV1().Pods(prod).Get(t.Context(), name, metav1.GetOptions{})
		if err != nil || got.DeletionTimestamp != nil {
			t.Errorf("production's pod %s is gone: %v", name, err)
		}
	}
	count(6)
}

// node makes a node that is ready and has nothing on it, for as long as the test runs.
// A taint of its name keeps other tests' pods from it.
func (s stage) node(name string, allocatable corev1.ResourceList) {
	s.t.Helper()
	nodes := s.client.CoreV1().Nodes()
	_, err := nodes.Create(s.t.Context(), &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Status:     corev1.NodeStatus{Allocatable: allocatable, Capacity: allocatable},
	}, metav1.CreateOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	// Admission taints every new node as not ready; the controller that takes the
	// taint away needs a kubelet.
	taints := fmt.Sprintf(`{"spec":{"taints":[{"key":%q,"effect":"NoSchedule"}]}}`, name)
	if _, err := nodes.Patch(s.t.Context(), name, merge, []byte(taints), metav1.PatchOptions{}); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := nodes.Delete(context.WithoutCancel(s.t.Context()), name, metav1.DeleteOptions{}); err != nil {
			s.t.Error(err)
		}
	})
}

// half creates a pod that takes half of a node and runs on no other.
func (s stage) half(node, namespace, name, class string) *corev1.Pod {
	s.t.Helper()
	pod := hardened(namespace, class)
	pod.Name, pod.Spec.Tolerations = name, []corev1.Toleration{{Key: node, Operator: corev1.TolerationOpExists}}
	requests(pod, amounts("cpu", "250m", "memory", "64Mi"), amounts("cpu", "250m", "memory", "64Mi"))
	pod, err := s.client.CoreV1().Pods(namespace).Create(s.t.Context(), pod, metav1.CreateOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	return pod
}

func (s stage) untilBound(pod *corev1.Pod) {
	s.t.Helper()
	s.until(fmt.Sprintf("pod %s/%s is bound to a node", pod.Namespace, pod.Name), func(ctx context.Context) bool { return s.isBound(ctx, pod) })
}

// untilUnschedulable waits until the scheduler has tried a pod, and fails if it found
// a place after all.
func (s stage) untilUnschedulable(pod *corev1.Pod) {
	s.t.Helper()
	s.until("the scheduler has tried", func(ctx context.Context) bool {
		got, err := s.client.CoreV1().Pods(pod.Namespace).Get(ctx, pod.Name, metav1.GetOptions{})
		return err == nil && len(got.Status.Conditions) > 0 && got.Status.Conditions[0].Reason == corev1.PodReasonUnschedulable
	})
	if s.bound(pod, 2*time.Second) {
		s.t.Errorf("pod %s/%s found a place on a full node", pod.Namespace, pod.Name)
	}
}

// bound reports whether a pod is bound within a time that the scheduler needs only a
// little of.
func (s stage) bound(pod *corev1.Pod, within time.Duration) bool {
	for end := time.Now().Add(within); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if s.isBound(s.t.Context(), pod) {
			return true
		}
	}
	return false
}

func (s stage) isBound(ctx context.Context, pod *corev1.Pod) bool {
	got, err := s.client.CoreV1().Pods(pod.Namespace).Get(ctx, pod.Name, metav1.GetOptions{})
	return err == nil && got.Spec.NodeName != ""
}

func (s stage) exists(ctx context.Context, pod *corev1.Pod) bool {
	got, err := s.client.CoreV1().Pods(pod.Namespace).Get(ctx, pod.Name, metav1.GetOptions{})
	return err == nil && got.UID == pod.UID
}
