// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/conformance/servers"
	"github.com/watertight-go/watertight/quota"
	"github.com/watertight-go/watertight/quota/admit"
)

// Real controllers take what Fit says: before a rollout, and at its peak when no pod
// that is told to go has gone.
func TestRolloutsTakeWhatFitSays(t *testing.T) {
	s := newStage(t)
	const nodes = 3
	s.tainted(nodes)
	running := func(image string) corev1.PodTemplateSpec {
		return corev1.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "web"}},
			Spec: corev1.PodSpec{
				NodeName: "fit-0", TerminationGracePeriodSeconds: new(int64(servers.SlowGrace)), Containers: []corev1.Container{{Name: "main", Image: image, Resources: corev1.ResourceRequirements{Requests: amounts("cpu", "1m")}}},
				Tolerations: []corev1.Toleration{{Operator: corev1.TolerationOpExists}},
			},
		}
	}
	selector := &metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}}
	deployment := func(replicas int32, strategy appsv1.DeploymentStrategy) *appsv1.Deployment {
		return &appsv1.Deployment{
			TypeMeta: typeMeta("apps/v1", "Deployment"), ObjectMeta: metav1.ObjectMeta{Name: "web"},
			Spec: appsv1.DeploymentSpec{Replicas: &replicas, Selector: selector, Template: running("image:1"), Strategy: strategy},
		}
	}
	surging := func(surge, unavailable int32) appsv1.DeploymentStrategy {
		return appsv1.DeploymentStrategy{RollingUpdate: &appsv1.RollingUpdateDeployment{
			MaxSurge: new(intstr.FromInt32(surge)), MaxUnavailable: new(intstr.FromInt32(unavailable)),
		}}
	}
	daemon := func(surge string) *appsv1.DaemonSet {
		d := &appsv1.DaemonSet{
			TypeMeta: typeMeta("apps/v1", "DaemonSet"), ObjectMeta: metav1.ObjectMeta{Name: "web"},
			Spec: appsv1.DaemonSetSpec{Selector: selector, Template: running("image:1")},
		}
		d.Spec.Template.Spec.NodeName, d.Spec.Template.Spec.NodeSelector = "", map[string]string{"fit": "yes"}
		if surge != "" {
			d.Spec.UpdateStrategy = appsv1.DaemonSetUpdateStrategy{Type: appsv1.RollingUpdateDaemonSetStrategyType, RollingUpdate: &appsv1.RollingUpdateDaemonSet{
				MaxSurge: new(intstr.Parse(surge)), MaxUnavailable: new(intstr.FromInt32(0)),
			}}
		}
		return d
	}
	stateful := &appsv1.StatefulSet{
		TypeMeta: typeMeta("apps/v1", "StatefulSet"), ObjectMeta: metav1.ObjectMeta{Name: "web"},
		Spec: appsv1.StatefulSetSpec{Replicas: new(int32(3)), Selector: selector, Template: running("image:1"), PodManagementPolicy: appsv1.ParallelPodManagement},
	}
	job := &batchv1.Job{
		TypeMeta: typeMeta("batch/v1", "Job"), ObjectMeta: metav1.ObjectMeta{Name: "web"},
		Spec: batchv1.JobSpec{Parallelism: new(int32(5)), Completions: new(int32(3)), Template: running("image:1")},
	}
	job.Spec.Template.Spec.RestartPolicy = corev1.RestartPolicyNever
	tests := map[string]struct {
		workload bulkhead.Object
		rolls    bool
	}{
		"a Deployment by default":             {deployment(10, appsv1.DeploymentStrategy{}), true},
		"a Deployment of one more":            {deployment(4, surging(1, 0)), true},
		"a Deployment of one less":            {deployment(4, surging(0, 1)), true},
		"a Deployment that is recreated":      {deployment(4, appsv1.DeploymentStrategy{Type: appsv1.RecreateDeploymentStrategyType}), true},
		"a DaemonSet":                         {daemon(""), true},
		"a DaemonSet that surges":             {daemon("50%"), true},
		"a StatefulSet":                       {stateful, true},
		"a Job of fewer pods than it may run": {job, false},
	}
	n := 0
	for name, tt := range tests {
		n++
		namespace := fmt.Sprintf("fit-%d", n)
		t.Run(name, func(t *testing.T) {
			s := s.in(t)
			tt.workload.SetNamespace(namespace)
			capped := bulkhead.Must(quota.ResourceQuota(namespace, "cap", amounts("pods", "100", "requests.cpu", "100")))
			s.set(bulkhead.Must(quota.Namespace(namespace, quota.Privileged)), capped)
			report := bulkhead.Must(admit.Fit([]bulkhead.Object{tt.workload, capped}, admit.Options{Nodes: nodes}))
			want := report.Namespaces[0].Quotas[0]
			most := s.mostUsed(namespace)
			s.keepReady(namespace)
			s.keepBound(namespace)

			u, err := unstructuredOf(tt.workload)
			if err != nil {
				t.Fatal(err)
			}
			client, err := s.apply.client(u)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := client.Create(t.Context(), u, metav1.CreateOptions{}); err != nil {
				t.Fatal(err)
			}
			steady := want.Steady.Pods().Value()
			s.until(fmt.Sprintf("%d pods are charged", steady), func(context.Context) bool { return most.now.Load() == steady })
			time.Sleep(time.Second)
			if got := most.ever.Load(); got != steady {
				t.Errorf("%d pods are charged before a rollout, want %d", got, steady)
			}
			if !tt.rolls {
				return
			}
			patch := []byte(`{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"image:2"}]}}}}`)
			if _, err := client.Patch(t.Context(), u.GetName(), "application/strategic-merge-patch+json", patch, metav1.PatchOptions{}); err != nil {
				t.Fatal(err)
			}
			peak := want.Peak.Pods().Value()
			s.until(fmt.Sprintf("%d pods are charged", peak), func(context.Context) bool { return most.ever.Load() >= peak })
			time.Sleep(3 * time.Second) // in which it would take more
			if got := most.ever.Load(); got != peak {
				t.Errorf("%d pods are charged at the peak, want %d", got, peak)
			}
		})
	}
	count(len(tests))
}

// tainted makes nodes for no other pods than those of this test.
func (s stage) tainted(n int) {
	s.t.Helper()
	for i := range n {
		node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("fit-%d", i), Labels: map[string]string{"fit": "yes"}}}
		node.Spec.Taints = []corev1.Taint{{Key: "fit", Value: "yes", Effect: corev1.TaintEffectNoSchedule}}
		node.Status.Allocatable = amounts("cpu", "100", "pods", "100")
		node.Status.Conditions = []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionTrue}}
		if _, err := s.client.CoreV1().Nodes().Create(s.t.Context(), node, metav1.CreateOptions{}); err != nil {
			s.t.Fatal(err)
		}
		s.t.Cleanup(func() { _ = s.client.CoreV1().Nodes().Delete(context.Background(), node.Name, metav1.DeleteOptions{}) })
	}
}

// every does something again and again until the test ends.
func (s stage) every(pause time.Duration, do func(context.Context)) {
	ctx, cancel := context.WithCancel(s.t.Context())
	done := make(chan struct{})
	s.t.Cleanup(func() {
		cancel()
		<-done
	})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			do(ctx)
			time.Sleep(pause)
		}
	}()
}

// keepBound binds the pods of DaemonSets to their nodes, as a scheduler would. A pod
// with a node and without a kubelet that stops it terminates for ever.
func (s stage) keepBound(namespace string) {
	s.every(50*time.Millisecond, func(ctx context.Context) {
		list, err := s.client.CoreV1().Pods(namespace).List(ctx, metav1.ListOptions{})
		if err != nil {
			return
		}
		for _, pod := range list.Items {
			if pod.Spec.NodeName != "" || pod.Spec.Affinity == nil || pod.Spec.Affinity.NodeAffinity == nil {
				continue
			}
			node := pod.Spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms[0].MatchFields[0].Values[0]
			_ = s.client.CoreV1().Pods(namespace).Bind(ctx, &corev1.Binding{
				ObjectMeta: metav1.ObjectMeta{Name: pod.Name}, Target: corev1.ObjectReference{Kind: "Node", Name: node},
			}, metav1.CreateOptions{}) // the next round tries again
		}
	})
}

// A meter says how many pods a quota is charged, now and at most.
type meter struct{ now, ever atomic.Int64 }

// mostUsed reads the quota of a namespace until the test ends.
func (s stage) mostUsed(namespace string) *meter {
	m := &meter{}
	s.every(10*time.Millisecond, func(ctx context.Context) {
		q, err := s.client.CoreV1().ResourceQuotas(namespace).Get(ctx, "cap", metav1.GetOptions{})
		if err == nil {
			m.now.Store(q.Status.Used.Pods().Value())
			m.ever.Store(max(m.ever.Load(), m.now.Load()))
		}
	})
	return m
}
