// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"context"
	"maps"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/conformance/servers"
	"github.com/watertight-go/watertight/quota"
)

// A stage is a control plane with controllers, on which a test plays one case.
type stage struct {
	t      *testing.T
	config *rest.Config
	client *kubernetes.Clientset
	apply  *applier
}

func newStage(t *testing.T, programs ...servers.Program) stage {
	t.Helper()
	c := cluster(t, append(programs, servers.ControllerManager)...)
	client, err := kubernetes.NewForConfig(c.Config)
	if err != nil {
		t.Fatal(err)
	}
	a, err := newApplier(c.Config)
	if err != nil {
		t.Fatal(err)
	}
	return stage{t: t, config: c.Config, client: client, apply: a}
}

// in returns the stage for a subtest.
func (s stage) in(t *testing.T) stage {
	s.t = t
	return s
}

// set applies objects in order and waits until they take effect: until each
// namespace has its ServiceAccount and each quota is counted. Before that a quota
// refuses nothing.
func (s stage) set(objs ...bulkhead.Object) {
	s.t.Helper()
	for _, obj := range objs {
		if _, err := s.apply.apply(s.t.Context(), obj); err != nil {
			s.t.Fatal(err)
		}
	}
	for _, obj := range objs {
		switch obj := obj.(type) {
		case *corev1.Namespace:
			s.until("the namespace has its ServiceAccount", func(ctx context.Context) bool {
				_, err := s.client.CoreV1().ServiceAccounts(obj.Name).Get(ctx, "default", metav1.GetOptions{})
				return err == nil
			})
		case *corev1.ResourceQuota:
			s.until("the quota is counted", func(ctx context.Context) bool {
				got, err := s.client.CoreV1().ResourceQuotas(obj.Namespace).Get(ctx, obj.Name, metav1.GetOptions{})
				return err == nil && maps.EqualFunc(got.Status.Hard, obj.Spec.Hard, func(a, b resource.Quantity) bool { return a.Cmp(b) == 0 })
			})
		}
	}
}

// until waits for what controllers bring about.
func (s stage) until(what string, done func(context.Context) bool) {
	s.t.Helper()
	err := wait.PollUntilContextTimeout(s.t.Context(), 50*time.Millisecond, time.Minute, true, func(ctx context.Context) (bool, error) {
		return done(ctx), nil
	})
	if err != nil {
		s.t.Fatalf("%s: %v", what, err)
	}
}

// dryRun creates a pod, but for storing it. A quota is asked and charges nothing.
func (s stage) dryRun(pod *corev1.Pod) (*corev1.Pod, error) {
	return s.client.CoreV1().Pods(pod.Namespace).Create(s.t.Context(), pod, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
}

// budget is one that is easy to go beyond.
func budget() quota.Budget {
	compute := func(cpu, memory string) quota.Compute {
		return quota.Compute{CPU: resource.MustParse(cpu), Memory: resource.MustParse(memory)}
	}
	return quota.Budget{
		Requests: compute("1", "1Gi"), Limits: compute("4", "4Gi"), Pods: 6,
		Pod: compute("4", "4Gi"), Default: compute("500m", "512Mi"), DefaultRequest: compute("100m", "128Mi"),
		Storage: resource.MustParse("10Gi"), Claims: 2,
	}
}

// hardened is a pod that the level restricted allows, of a class, with one
// container that names no resources.
func hardened(namespace, class string) *corev1.Pod {
	yes, no := true, false
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "pod"},
		Spec: corev1.PodSpec{
			PriorityClassName: class,
			SecurityContext:   &corev1.PodSecurityContext{RunAsNonRoot: &yes, SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault}},
			Containers: []corev1.Container{{
				Name: "main", Image: "image",
				SecurityContext: &corev1.SecurityContext{AllowPrivilegeEscalation: &no, Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}},
			}},
		},
	}
}

// requests sets the requests and limits of a pod's container.
func requests(pod *corev1.Pod, requests, limits corev1.ResourceList) {
	pod.Spec.Containers[0].Resources = corev1.ResourceRequirements{Requests: requests, Limits: limits}
}
