// SPDX-License-Identifier: Apache-2.0

package workload_test

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

func TestMatches(t *testing.T) {
	pod, deployment := &corev1.Pod{}, &appsv1.Deployment{}
	for name, tt := range map[string]struct {
		obj      bulkhead.Object
		selector string
		want     bool
	}{
		"a label of the template":                        {deployment, "app=web", true},
		"another value":                                  {deployment, "app=api", false},
		"no condition":                                   {deployment, "", true},
		"the hash that a Deployment adds":                {deployment, "app=web,pod-template-hash=7d4b9", true},
		"the hash and a label that differs":              {deployment, "app=api,pod-template-hash=7d4b9", false},
		"the absence of a label that pods may get":       {deployment, "!pod-template-hash", true},
		"the name of a pod of a StatefulSet":             {&appsv1.StatefulSet{}, "statefulset.kubernetes.io/pod-name=web-0", true},
		"the index of a pod of a StatefulSet":            {&appsv1.StatefulSet{}, "apps.kubernetes.io/pod-index in (0,1)", true},
		"the pod name does not come from a Deployment":   {deployment, "statefulset.kubernetes.io/pod-name=web-0", false},
		"the revision of a DaemonSet":                    {&appsv1.DaemonSet{}, "controller-revision-hash", true},
		"the name of a Job":                              {&batchv1.Job{}, "batch.kubernetes.io/job-name=migrate", true},
		"the old name label of a Job of a CronJob":       {&batchv1.CronJob{}, "job-name=migrate", true},
		"the zone of the node":                           {pod, "topology.kubernetes.io/zone=a", true},
		"a bare pod has no controller":                   {pod, "pod-template-hash=7d4b9", false},
		"a value other than one the control plane gives": {deployment, "pod-template-hash!=x", true},
		"a given label cannot stand for one that is not": {deployment, "pod-template-hash,tier", false},
	} {
		t.Run(name, func(t *testing.T) {
			selector, err := labels.Parse(tt.selector)
			if err != nil {
				t.Fatal(err)
			}
			w := workload.Workload{Object: tt.obj, Labels: map[string]string{"app": "web"}}
			if got := w.Matches(selector); got != tt.want {
				t.Errorf("got %t, want %t", got, tt.want)
			}
		})
	}
	if (workload.Workload{Object: pod}).Matches(labels.Nothing()) {
		t.Error("a selector of nothing matches a pod")
	}
	if !(workload.Workload{Object: deployment, Labels: map[string]string{"pod-template-hash": "1"}}).Matches(
		labels.SelectorFromSet(labels.Set{"pod-template-hash": "1"})) {
		t.Error("a label that the template shows does not match")
	}
	if (workload.Workload{Object: deployment, Labels: map[string]string{"pod-template-hash": "1"}}).Matches(
		labels.SelectorFromSet(labels.Set{"pod-template-hash": "2"})) {
		t.Error("a label that the template shows may be taken for another")
	}
}

// Where no label of the control plane is involved, a workload matches as its pods do.
func TestMatchesLikePods(t *testing.T) {
	key := rapid.SampledFrom([]string{"app", "tier", "track"})
	value := rapid.SampledFrom([]string{"a", "b", ""})
	rapid.Check(t, func(t *rapid.T) {
		set := rapid.MapOf(key, value).Draw(t, "labels")
		text := rapid.SliceOfN(rapid.OneOf(
			rapid.Map(key, func(k string) string { return k }),
			rapid.Map(key, func(k string) string { return "!" + k }),
			rapid.Custom(func(t *rapid.T) string { return key.Draw(t, "key") + "=" + value.Draw(t, "value") }),
			rapid.Custom(func(t *rapid.T) string { return key.Draw(t, "key") + "!=" + value.Draw(t, "value") }),
			rapid.Custom(func(t *rapid.T) string { return key.Draw(t, "key") + " notin (a,b)" }),
		), 0, 3).Draw(t, "conditions")
		var joined string
		for i, condition := range text {
			if i > 0 {
				joined += ","
			}
			joined += condition
		}
		selector, err := labels.Parse(joined)
		if err != nil {
			t.Fatal(err)
		}
		w := workload.Workload{Object: &appsv1.StatefulSet{}, Labels: set}
		if got, want := w.Matches(selector), selector.Matches(labels.Set(set)); got != want {
			t.Fatalf("%q on %v: got %t, want %t", joined, set, got, want)
		}
	})
}
