// SPDX-License-Identifier: Apache-2.0

package servers

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

// SlowGrace is the grace period, in seconds, of pods that do not stop when they are
// told to. They terminate as long as the servers run.
const SlowGrace = 3600

// finishPods does what a kubelet does with a pod that was deleted: it deletes it
// without grace, unless it has the grace period SlowGrace. It stops with ctx, and
// closes the channel when it has stopped.
func finishPods(ctx context.Context, config *rest.Config) (<-chan struct{}, error) {
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	finish := func(obj any) {
		pod, ok := obj.(*corev1.Pod)
		if !ok || pod.DeletionTimestamp == nil || pod.DeletionGracePeriodSeconds != nil && *pod.DeletionGracePeriodSeconds == SlowGrace {
			return
		}
		// Whoever deleted it meanwhile has done the same.
		_ = client.CoreV1().Pods(pod.Namespace).Delete(ctx, pod.Name, metav1.DeleteOptions{
			GracePeriodSeconds: new(int64),
			Preconditions:      metav1.NewUIDPreconditions(string(pod.UID)),
		})
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	_, err = factory.Core().V1().Pods().Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    finish,
		UpdateFunc: func(_, obj any) { finish(obj) },
	})
	if err != nil {
		return nil, err
	}
	factory.Start(ctx.Done())
	finished := make(chan struct{})
	go func() {
		<-ctx.Done()
		factory.Shutdown()
		close(finished)
	}()
	return finished, nil
}
