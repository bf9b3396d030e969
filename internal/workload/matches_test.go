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
	pod, deployment, statefulSet, daemonSet := &corev1.Pod{}, &appsv1.Deployment{}, &appsv1.StatefulSet{}, &appsv1.DaemonSet{}
	job, cronJob := &batchv1.Job{}, &batchv1.CronJob{}
	manual := &batchv1.Job{Spec: batchv1.JobSpec{ManualSelector: new(true)}}
	automatic := &batchv1.Job{Spec: batchv1.JobSpec{ManualSelector: new(false)}}
	indexed := &batchv1.Job{Spec: batchv1.JobSpec{CompletionMode: new(batchv1.IndexedCompletion)}}
	for name, tt := range map[string]struct {
		obj      bulkhead.Object
		selector string
		want     bool
	}{
		"a label of the template":                                  {deployment, "app=web", true},
		"another value":                                            {deployment, "app=api", false},
		"no condition":                                             {deployment, "", true},
		"the hash that a Deployment adds":                          {deployment, "app=web,pod-template-hash=7d4b9", true},
		"the hash and a label that differs":                        {deployment, "app=api,pod-template-hash=7d4b9", false},
		"a value other than the one of the hash":                   {deployment, "pod-template-hash!=x", true},
		"no hash, which every pod of a Deployment has":             {deployment, "!pod-template-hash", false},
		"no hash, which a ReplicaSet does not add":                 {&appsv1.ReplicaSet{}, "!pod-template-hash", true},
		"no hash, which a bare pod has not":                        {pod, "!pod-template-hash", true},
		"the name of a pod of a StatefulSet":                       {statefulSet, "statefulset.kubernetes.io/pod-name=web-0", true},
		"the index of a pod of a StatefulSet":                      {statefulSet, "apps.kubernetes.io/pod-index in (0,1)", true},
		"no pod name, which all of a StatefulSet have":             {statefulSet, "!statefulset.kubernetes.io/pod-name", false},
		"no pod index, which all of a StatefulSet have":            {statefulSet, "!apps.kubernetes.io/pod-index", false},
		"no revision, which all of a StatefulSet have":             {statefulSet, "!controller-revision-hash", false},
		"the pod name does not come from a Deployment":             {deployment, "statefulset.kubernetes.io/pod-name=web-0", false},
		"the revision of a DaemonSet":                              {daemonSet, "controller-revision-hash", true},
		"no revision, which all of a DaemonSet have":               {daemonSet, "!controller-revision-hash", false},
		"the generation of a DaemonSet":                            {daemonSet, "pod-template-generation=1", true},
		"no generation, which a DaemonSet may leave out":           {daemonSet, "!pod-template-generation", true},
		"the generation does not come from a Deployment":           {deployment, "pod-template-generation=1", false},
		"the name of a Job":                                        {job, "batch.kubernetes.io/job-name=migrate", true},
		"no Job name, which all pods of a Job have":                {job, "!batch.kubernetes.io/job-name", false},
		"no old Job name, which all pods of a Job have":            {job, "!job-name", false},
		"no Job UID, which all pods of a Job have":                 {job, "!batch.kubernetes.io/controller-uid", false},
		"no old Job UID, which all pods of a CronJob have":         {cronJob, "!controller-uid", false},
		"the old name label of a Job of a CronJob":                 {cronJob, "job-name=migrate", true},
		"no Job name, which a manual selector leaves out":          {manual, "!batch.kubernetes.io/job-name", true},
		"a Job name, which a manual selector leaves out":           {manual, "job-name=migrate", false},
		"no Job name, where the selector is said to be not manual": {automatic, "!job-name", false},
		"the index of a pod of an indexed Job":                     {indexed, "batch.kubernetes.io/job-completion-index=1", true},
		"no index, which all pods of an indexed Job have":          {indexed, "!batch.kubernetes.io/job-completion-index", false},
		"the index of a Job that has none":                         {job, "batch.kubernetes.io/job-completion-index=1", false},
		"the zone of the node":                                     {pod, "topology.kubernetes.io/zone=a", true},
		"no zone, which a node may leave out":                      {pod, "!topology.kubernetes.io/zone", true},
		"no region, which a node may leave out":                    {deployment, "!topology.kubernetes.io/region", true},
		"a bare pod has no controller":                             {pod, "pod-template-hash=7d4b9", false},
		"a given label cannot stand for one that is not":           {deployment, "pod-template-hash,tier", false},
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
	shown := workload.Workload{Object: job, Labels: map[string]string{"job-name": "migrate"}}
	if shown.Matches(bulkhead.Must(labels.Parse("!job-name"))) || shown.Matches(bulkhead.Must(labels.Parse("job-name=other"))) {
		t.Error("what a Job of a cluster shows is not taken as it stands")
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
