// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"context"
	"testing"
	"time"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/client-go/tools/record"
	"k8s.io/klog/v2"
	statsapi "k8s.io/kubelet/pkg/apis/stats/v1alpha1"
	"k8s.io/kubernetes/pkg/kubelet/eviction"
	evictionapi "k8s.io/kubernetes/pkg/kubelet/eviction/api"
	"k8s.io/utils/clock"
)

// A shortage is what happens on a node that runs short of memory: who is there, what
// they use, and whom the kubelet kills first, which stays nil if it kills nobody.
type shortage struct {
	pods  []*corev1.Pod
	usage map[string]int64 // by UID
	first *corev1.Pod
}

// A kubelet is all that its eviction manager sees of the world. The manager calls it
// from one goroutine, and takes every shortage for the same node, later.
type kubelet struct {
	shortages []*shortage
	now       int // among them
	done      context.CancelFunc
}

// evict lets the eviction manager of the kubelet decide shortages.
func evict(t *testing.T, shortages []*shortage) {
	t.Helper()
	ctx, cancel := context.WithCancel(klog.NewContext(t.Context(), logr.Discard()))
	defer cancel()
	k := &kubelet{shortages: shortages, now: -1, done: cancel}
	config := eviction.Config{Thresholds: []evictionapi.Threshold{{
		Signal: evictionapi.SignalMemoryAvailable, Operator: evictionapi.OpLessThan,
		Value: evictionapi.ThresholdValue{Quantity: resource.NewQuantity(1<<30, resource.BinarySI)},
	}}}
	manager, _ := eviction.NewManager(k, config, k.kill, k, k, &record.FakeRecorder{}, &corev1.ObjectReference{}, hurried{}, false)
	manager.Start(ctx, k, k.active, func(*corev1.Pod) bool { return true }, time.Nanosecond)
	<-ctx.Done()
	if k.now != len(shortages) {
		t.Fatalf("the kubelet stopped after %d of %d shortages", k.now, len(shortages))
	}
}

// active begins the next shortage.
func (k *kubelet) active() []*corev1.Pod {
	if k.now++; k.now >= len(k.shortages) {
		k.now = len(k.shortages)
		k.done()
		return nil
	}
	return append([]*corev1.Pod(nil), k.shortages[k.now].pods...)
}

func (k *kubelet) kill(pod *corev1.Pod, _ bool, _ *int64, _ func(*corev1.PodStatus)) error {
	k.shortages[k.now].first = pod
	return nil
}

// Get says that there is no memory left, and what the pods use.
func (k *kubelet) Get(context.Context, bool) (*statsapi.Summary, error) {
	none := uint64(0)
	memory := func(used uint64) *statsapi.MemoryStats {
		return &statsapi.MemoryStats{AvailableBytes: &none, WorkingSetBytes: &used}
	}
	summary := &statsapi.Summary{Node: statsapi.NodeStats{Memory: memory(8 << 30)}}
	if k.now < len(k.shortages) {
		for uid, used := range k.shortages[k.now].usage {
			summary.Pods = append(summary.Pods, statsapi.PodStats{PodRef: statsapi.PodReference{UID: uid}, Memory: memory(uint64(used))})
		}
	}
	return summary, nil
}

func (k *kubelet) GetCPUAndMemoryStats(ctx context.Context) (*statsapi.Summary, error) {
	return k.Get(ctx, false)
}

func (k *kubelet) HasDedicatedImageFs(context.Context) (bool, error)     { return false, nil }
func (k *kubelet) HasDedicatedContainerFs(context.Context) (bool, error) { return false, nil }
func (k *kubelet) DeleteUnusedImages(context.Context) error              { return nil }
func (k *kubelet) DeleteAllUnusedContainers(context.Context) error       { return nil }

// A hurried clock does not make the manager wait for killed pods to be gone.
type hurried struct{ clock.RealClock }

func (c hurried) NewTicker(time.Duration) clock.Ticker { return c.RealClock.NewTicker(time.Nanosecond) }
