// SPDX-License-Identifier: Apache-2.0

package workload_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

func secrets(apiVersion, kind string) bulkhead.Object {
	if apiVersion == "v1" && kind == "Secret" {
		return &corev1.Secret{}
	}
	return nil
}

func TestTyped(t *testing.T) {
	object := func(apiVersion, kind string, spec any) bulkhead.Object {
		return &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": apiVersion, "kind": kind, "metadata": map[string]any{"namespace": "staging", "name": "web"}, "spec": spec,
		}}
	}
	for name, tt := range map[string]struct {
		obj         bulkhead.Object
		typed, fail bool
	}{
		"what runs pods gets its type":                 {obj: object("apps/v1", "Deployment", map[string]any{"replicas": int64(2)}), typed: true},
		"so does a kind that the caller knows":         {obj: object("v1", "Secret", nil), typed: true},
		"another kind stays":                           {obj: object("v1", "ConfigMap", nil)},
		"so does another version of one that is known": {obj: object("apps/v1beta1", "Deployment", nil)},
		"so does one with a field of another type":     {obj: object("v1", "Pod", map[string]any{"containers": "none"}), fail: true},
		"what has its type stays the same":             {obj: &corev1.Pod{}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := workload.Typed(tt.obj, secrets)
			if (err != nil) != tt.fail || (got != tt.obj) != tt.typed {
				t.Fatalf("got %T, %v", got, err)
			}
			if tt.typed && bulkhead.RefTo(got) != bulkhead.RefTo(tt.obj) {
				t.Errorf("got %v of %v", bulkhead.RefTo(got), bulkhead.RefTo(tt.obj))
			}
		})
	}
}

// A kind is made as what it says it is, or not at all.
func TestNewMakesKindsThatRunPods(t *testing.T) {
	for _, known := range []string{"v1 Pod", "v1 ReplicationController", "apps/v1 DaemonSet", "apps/v1 Deployment", "apps/v1 ReplicaSet", "apps/v1 StatefulSet", "batch/v1 CronJob", "batch/v1 Job"} {
		var apiVersion, kind string
		for i := range known {
			if known[i] == ' ' {
				apiVersion, kind = known[:i], known[i+1:]
			}
		}
		obj := workload.New(apiVersion, kind)
		if obj == nil || bulkhead.RefTo(obj).Kind != kind {
			t.Errorf("%s: got %T", known, obj)
		}
	}
}
