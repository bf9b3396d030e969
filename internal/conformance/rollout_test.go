// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"context"
	"slices"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota"
	"github.com/watertight-go/watertight/quota/admit"
)

// A rollout needs room for pods beyond its replicas: with the default strategy
// three replicas under a quota of three pods never roll, under one of six they do
// (Budget.Pods says up to twice the replicas). admit.Fit says so before.
func TestRolloutsNeedRoomBeyondTheirReplicas(t *testing.T) {
	s := newStage(t)
	tests := map[string]struct {
		namespace string
		pods      int64
		want      admit.Rung
	}{
		"as many pods as replicas":    {"rollout-tight", 3, admit.WedgesOnRollout},
		"twice as many as replicas":   {"rollout-roomy", 6, admit.FitsPeak},
		"one pod beside the replicas": {"rollout-surge", 4, admit.FitsSurge},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := s.in(t)
			b := budget()
			b.Pods = tt.pods
			share := bulkhead.Must(quota.Cap(tt.namespace, b))
			s.set(bulkhead.Must(quota.Namespace(tt.namespace, quota.Restricted)))
			s.set(share.Objects()...)
			s.keepReady(tt.namespace)
			planned := deployment(tt.namespace, share.Class.Name)
			planned.Namespace = tt.namespace
			fits := bulkhead.Must(admit.Fit(append(share.Objects(), planned), admit.Options{})).Namespaces[0]
			if fits.Verdict != tt.want {
				t.Errorf("%s, want %s: %+v", fits.Verdict, tt.want, fits.Deciding)
			}

			deployments := s.client.AppsV1().Deployments(tt.namespace)
			d, err := deployments.Create(t.Context(), deployment(tt.namespace, share.Class.Name), metav1.CreateOptions{})
			if err != nil {
				t.Fatal(err)
			}
			s.until("the Deployment is complete", s.complete(d))
			d, err = deployments.Get(t.Context(), d.Name, metav1.GetOptions{})
			if err != nil {
				t.Fatal(err)
			}
			d.Spec.Template.Spec.Containers[0].Image = "image:2"
			if d, err = deployments.Update(t.Context(), d, metav1.UpdateOptions{}); err != nil {
				t.Fatal(err)
			}
			if tt.want > admit.WedgesOnRollout {
				s.until("the rollout is complete", s.complete(d))
				return
			}
			s.until("the rollout is refused a pod", func(ctx context.Context) bool {
				now, err := deployments.Get(ctx, d.Name, metav1.GetOptions{})
				return err == nil && slices.ContainsFunc(now.Status.Conditions, func(c appsv1.DeploymentCondition) bool {
					return c.Type == appsv1.DeploymentReplicaFailure && c.Status == corev1.ConditionTrue
				})
			})
			time.Sleep(2 * time.Second) // in which the controller tries again, several times
			if s.complete(d)(t.Context()) {
				t.Error("the rollout completed without room for a pod")
			}
		})
	}
	count(len(tests))
}

func deployment(namespace, class string) *appsv1.Deployment {
	three, labels := int32(3), map[string]string{"app": "web"}
	pod := hardened(namespace, class)
	requests(pod, amounts("cpu", "10m", "memory", "16Mi"), amounts("cpu", "10m", "memory", "16Mi"))
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: "web"},
		Spec: appsv1.DeploymentSpec{
			Replicas: &three, Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: pod.Spec},
		},
	}
}

// complete reports whether all pods of a Deployment are of its current template.
func (s stage) complete(d *appsv1.Deployment) func(context.Context) bool {
	return func(ctx context.Context) bool {
		got, err := s.client.AppsV1().Deployments(d.Namespace).Get(ctx, d.Name, metav1.GetOptions{})
		return err == nil && got.Status.ObservedGeneration >= d.Generation &&
			got.Status.UpdatedReplicas == *d.Spec.Replicas && got.Status.Replicas == *d.Spec.Replicas && got.Status.AvailableReplicas == *d.Spec.Replicas
	}
}

// keepReady says of every pod of a namespace that it runs, as a kubelet would, until
// the test ends.
func (s stage) keepReady(namespace string) {
	ctx, cancel := context.WithCancel(s.t.Context())
	done := make(chan struct{})
	s.t.Cleanup(func() {
		cancel()
		<-done
	})
	pods := s.client.CoreV1().Pods(namespace)
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			list, err := pods.List(ctx, metav1.ListOptions{})
			if err != nil {
				continue
			}
			for _, pod := range list.Items {
				if len(pod.Status.Conditions) > 0 && pod.Status.Phase == corev1.PodRunning {
					continue
				}
				pod.Status.Phase = corev1.PodRunning
				pod.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue, LastTransitionTime: metav1.Now()}}
				_, _ = pods.UpdateStatus(ctx, &pod, metav1.UpdateOptions{}) // the next round tries again
			}
			time.Sleep(50 * time.Millisecond)
		}
	}()
}
