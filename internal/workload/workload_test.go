// SPDX-License-Identifier: Apache-2.0

package workload_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

func meta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: "shop", Name: name, Labels: map[string]string{"on": "object"}}
}

func template() corev1.PodTemplateSpec {
	return corev1.PodTemplateSpec{
		ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "web"}},
		Spec:       corev1.PodSpec{NodeName: "this one"},
	}
}

func TestAll(t *testing.T) {
	done := []batchv1.JobCondition{{Type: batchv1.JobComplete, Status: corev1.ConditionTrue}}
	for name, tt := range map[string]struct {
		obj    bulkhead.Object
		path   string // empty: no workload
		labels map[string]string
	}{
		"a pod has its own labels": {
			obj:    &corev1.Pod{ObjectMeta: meta("web"), Spec: corev1.PodSpec{NodeName: "this one"}},
			path:   "spec",
			labels: map[string]string{"on": "object"},
		},
		"a running pod": {
			obj: &corev1.Pod{
				ObjectMeta: meta("web"), Spec: corev1.PodSpec{NodeName: "this one"},
				Status: corev1.PodStatus{Phase: corev1.PodRunning},
			},
			path:   "spec",
			labels: map[string]string{"on": "object"},
		},
		"a pod that succeeded": {obj: &corev1.Pod{Status: corev1.PodStatus{Phase: corev1.PodSucceeded}}},
		"a pod that failed":    {obj: &corev1.Pod{Status: corev1.PodStatus{Phase: corev1.PodFailed}}},
		"a Deployment": {
			obj:  &appsv1.Deployment{ObjectMeta: meta("web"), Spec: appsv1.DeploymentSpec{Template: template()}},
			path: "spec.template.spec",
		},
		"a ReplicaSet that nobody owns, without replicas": {
			obj: &appsv1.ReplicaSet{
				ObjectMeta: meta("web"),
				Spec:       appsv1.ReplicaSetSpec{Replicas: new(int32), Template: template()},
			},
			path: "spec.template.spec",
		},
		"a StatefulSet": {
			obj:  &appsv1.StatefulSet{ObjectMeta: meta("web"), Spec: appsv1.StatefulSetSpec{Template: template()}},
			path: "spec.template.spec",
		},
		"a DaemonSet": {
			obj:  &appsv1.DaemonSet{ObjectMeta: meta("web"), Spec: appsv1.DaemonSetSpec{Template: template()}},
			path: "spec.template.spec",
		},
		"a Job": {
			obj:  &batchv1.Job{ObjectMeta: meta("web"), Spec: batchv1.JobSpec{Template: template()}},
			path: "spec.template.spec",
		},
		"a Job that is only suspended": {
			obj: &batchv1.Job{
				ObjectMeta: meta("web"), Spec: batchv1.JobSpec{Template: template()},
				Status: batchv1.JobStatus{Conditions: []batchv1.JobCondition{
					{Type: batchv1.JobSuspended, Status: corev1.ConditionTrue},
					{Type: batchv1.JobFailed, Status: corev1.ConditionFalse},
				}},
			},
			path: "spec.template.spec",
		},
		"a Job that is complete": {obj: &batchv1.Job{Status: batchv1.JobStatus{Conditions: done}}},
		"a Job that failed": {obj: &batchv1.Job{Status: batchv1.JobStatus{Conditions: []batchv1.JobCondition{
			{Type: batchv1.JobFailed, Status: corev1.ConditionTrue},
		}}}},
		"a CronJob": {
			obj: &batchv1.CronJob{ObjectMeta: meta("web"), Spec: batchv1.CronJobSpec{
				JobTemplate: batchv1.JobTemplateSpec{Spec: batchv1.JobSpec{Template: template()}},
			}},
			path: "spec.jobTemplate.spec.template.spec",
		},
		"a ReplicationController": {
			obj: &corev1.ReplicationController{
				ObjectMeta: meta("web"),
				Spec:       corev1.ReplicationControllerSpec{Template: new(template())},
			},
			path: "spec.template.spec",
		},
		"a ReplicationController without a template": {obj: &corev1.ReplicationController{}},
		"a template alone":                           {obj: &corev1.PodTemplate{Template: template()}},
		"no pods at all":                             {obj: &corev1.Service{ObjectMeta: meta("web")}},
		"nothing":                                    {obj: nil},
		"a nil pod":                                  {obj: (*corev1.Pod)(nil)},
		"a nil Deployment":                           {obj: (*appsv1.Deployment)(nil)},
	} {
		t.Run(name, func(t *testing.T) {
			got := workload.All([]bulkhead.Object{tt.obj})
			if tt.path == "" {
				if len(got) != 0 {
					t.Fatalf("got %v, want none", got)
				}
				return
			}
			if len(got) != 1 {
				t.Fatalf("got %d workloads, want 1", len(got))
			}
			w := got[0]
			if tt.labels == nil {
				tt.labels = map[string]string{"app": "web"}
			}
			if diff := cmp.Diff(tt.labels, w.Labels); diff != "" {
				t.Errorf("labels of the pods (-want +got):\n%s", diff)
			}
			if w.Path.String() != tt.path {
				t.Errorf("path %s, want %s", w.Path, tt.path)
			}
			if w.Spec.NodeName != "this one" {
				t.Error("the spec is not that of the pods")
			}
			if w.Object != tt.obj || w.Owned {
				t.Errorf("object %v, owned %t", w.Object, w.Owned)
			}
		})
	}
}

func TestOwned(t *testing.T) {
	set := &appsv1.StatefulSet{ObjectMeta: meta("web")}
	owner := func(apiVersion, kind, name string) metav1.ObjectMeta {
		m := meta("web-1")
		m.OwnerReferences = []metav1.OwnerReference{{APIVersion: apiVersion, Kind: kind, Name: name, Controller: new(true)}}
		return m
	}
	elsewhere := owner("apps/v1", "StatefulSet", "web")
	elsewhere.Namespace = "blog"
	noController := owner("apps/v1", "StatefulSet", "web")
	noController.OwnerReferences[0].Controller = nil
	for name, tt := range map[string]struct {
		meta  metav1.ObjectMeta
		owned bool
	}{
		"the controller is in the set":                 {owner("apps/v1", "StatefulSet", "web"), true},
		"in another version":                           {owner("apps/v1beta1", "StatefulSet", "web"), true},
		"the controller has another name":              {owner("apps/v1", "StatefulSet", "api"), false},
		"the controller is of another group":           {owner("argoproj.io/v1alpha1", "StatefulSet", "web"), false},
		"the controller is of another namespace":       {elsewhere, false},
		"the owner does not control it":                {noController, false},
		"the owner's version is no version":            {owner("a/b/c", "StatefulSet", "web"), false},
		"nobody owns it":                               {meta("web-1"), false},
		"the owner is in the set and runs no workload": {owner("v1", "Service", "web"), false},
	} {
		t.Run(name, func(t *testing.T) {
			service := &corev1.Service{ObjectMeta: meta("web")}
			got := workload.All([]bulkhead.Object{&corev1.Pod{ObjectMeta: tt.meta}, service, set})
			if len(got) != 2 || got[0].Owned != tt.owned || got[1].Owned {
				t.Errorf("got %+v, want the pod first, owned %t, and the StatefulSet not owned", got, tt.owned)
			}
		})
	}
}

// The old ReplicaSets of a Deployment have the labels of templates that are gone.
func TestHistory(t *testing.T) {
	revision := func(name string, replicas *int32) *appsv1.ReplicaSet {
		m := meta(name)
		m.OwnerReferences = []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "Deployment", Name: "web", Controller: new(true)}}
		return &appsv1.ReplicaSet{ObjectMeta: m, Spec: appsv1.ReplicaSetSpec{Replicas: replicas}}
	}
	deployment := &appsv1.Deployment{ObjectMeta: meta("web")}
	old, current, unset := revision("old", new(int32)), revision("current", new(int32(2))), revision("unset", nil)
	var got []bulkhead.Object
	for _, w := range workload.All([]bulkhead.Object{old, current, unset, deployment}) {
		got = append(got, w.Object)
	}
	if diff := cmp.Diff([]bulkhead.Object{current, unset, deployment}, got); diff != "" {
		t.Errorf("workloads (-want +got):\n%s", diff)
	}
	if got := workload.All([]bulkhead.Object{old}); len(got) != 1 {
		t.Error("without its Deployment, an empty ReplicaSet may be scaled up")
	}
}

// What repeats its owner is not what an operator owns: an operator that runs as a
// Deployment may own StatefulSets, and nothing owns itself.
func TestOnlyWhatItsOwnerSaysIsOwned(t *testing.T) {
	controlled := func(obj bulkhead.Object, apiVersion, kind, name string, uid types.UID) bulkhead.Object {
		obj.SetOwnerReferences([]metav1.OwnerReference{{APIVersion: apiVersion, Kind: kind, Name: name, UID: uid, Controller: new(true)}})
		return obj
	}
	deployment := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "d", UID: "1"}}
	inside := metav1.ObjectMeta{Namespace: "staging", Name: "x"}
	for name, tt := range map[string]struct {
		obj  bulkhead.Object
		want bool
	}{
		"a ReplicaSet of a Deployment":        {controlled(&appsv1.ReplicaSet{ObjectMeta: inside}, "apps/v1", "Deployment", "d", "1"), true},
		"of one of an earlier life":           {controlled(&appsv1.ReplicaSet{ObjectMeta: inside}, "apps/v1", "Deployment", "d", "2"), false},
		"of one whose UID is not written":     {controlled(&appsv1.ReplicaSet{ObjectMeta: inside}, "apps/v1", "Deployment", "d", ""), true},
		"a StatefulSet of an operator":        {controlled(&appsv1.StatefulSet{ObjectMeta: inside}, "apps/v1", "Deployment", "d", "1"), false},
		"a Deployment of itself":              {controlled(&appsv1.Deployment{ObjectMeta: inside}, "apps/v1", "Deployment", "x", ""), false},
		"a ReplicaSet of a custom controller": {controlled(&appsv1.ReplicaSet{ObjectMeta: inside}, "argoproj.io/v1alpha1", "Rollout", "d", ""), false},
		"a pod of a Deployment":               {controlled(&corev1.Pod{ObjectMeta: inside}, "apps/v1", "Deployment", "d", "1"), false},
	} {
		for _, w := range workload.All([]bulkhead.Object{deployment, tt.obj}) {
			if w.Object.GetName() == "x" && w.Owned != tt.want {
				t.Errorf("%s: owned %t, want %t", name, w.Owned, tt.want)
			}
		}
	}
}
