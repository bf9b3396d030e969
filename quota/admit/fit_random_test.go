// SPDX-License-Identifier: Apache-2.0

package admit_test

import (
	"fmt"
	"slices"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
	"pgregory.net/rapid"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/admit"
)

// draw makes workloads of one namespace.
func draw(t *rapid.T) []bulkhead.Object {
	number := func(name string, most int) int32 { return int32(rapid.IntRange(0, most).Draw(t, name)) }
	var objs []bulkhead.Object
	for i := range rapid.IntRange(1, 4).Draw(t, "workloads") {
		pods := template()
		pods.Spec.Containers[0].Resources.Requests = amounts("cpu", fmt.Sprintf("%dm", 100*number("cpu", 20)))
		name := fmt.Sprintf("w%d", i)
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			d := deployment(name, number("replicas", 6), "", "")
			d.Spec.Template = pods
			surge, unavailable := number("surge", 9), number("unavailable", 1)
			if surge == 0 { // the server refuses 0 of both
				unavailable = 1
			}
			d.Spec.Strategy.RollingUpdate = &appsv1.RollingUpdateDeployment{
				MaxSurge: new(intstr.FromInt32(surge)), MaxUnavailable: new(intstr.FromInt32(unavailable)),
			}
			objs = append(objs, d)
		case 1:
			objs = append(objs, &appsv1.StatefulSet{ObjectMeta: meta(name), Spec: appsv1.StatefulSetSpec{Replicas: new(number("replicas", 4)), Template: pods}})
		case 2:
			d := &appsv1.DaemonSet{ObjectMeta: meta(name), Spec: appsv1.DaemonSetSpec{Template: pods}}
			d.Spec.UpdateStrategy.RollingUpdate = &appsv1.RollingUpdateDaemonSet{MaxSurge: new(intstr.FromInt32(number("surge", 2)))}
			objs = append(objs, d)
		case 3:
			objs = append(objs, &batchv1.Job{ObjectMeta: meta(name), Spec: batchv1.JobSpec{
				Parallelism: new(number("parallelism", 4)), Completions: new(number("completions", 4)), Template: pods,
			}})
		}
	}
	return objs
}

func drawQuota(t *rapid.T) *corev1.ResourceQuota {
	return capped("cap",
		"requests.cpu", fmt.Sprintf("%dm", 100*rapid.IntRange(0, 300).Draw(t, "cpu")), "pods", fmt.Sprint(rapid.IntRange(0, 40).Draw(t, "pods")))
}

// What is charged between rollouts is not more than in them, and that not more than at
// their peak.
func TestPeaksAreHighest(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		got := fit(t, admit.Options{Nodes: rapid.IntRange(1, 5).Draw(r, "nodes")}, append(draw(r), drawQuota(r))...)
		for _, l := range got.Loads {
			if l.Steady > l.Surge || l.Surge > l.Peak {
				r.Fatalf("%s: %+v", l.Object, l.Counts)
			}
		}
	})
}

// More room never makes it fit worse.
func TestMoreRoomFitsBetter(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		objs, quota := draw(r), drawQuota(r)
		options := admit.Options{Nodes: 3, ConcurrentRollouts: rapid.IntRange(0, 3).Draw(r, "rollouts")}
		before := fit(t, options, append(slices.Clone(objs), quota)...)
		for _, name := range []corev1.ResourceName{"pods", "requests.cpu"} {
			hard := quota.Spec.Hard[name]
			hard.Add(resource.MustParse(fmt.Sprint(rapid.IntRange(0, 5).Draw(r, "more"))))
			quota.Spec.Hard[name] = hard
		}
		after := fit(t, options, append(slices.Clone(objs), quota)...)
		if after.Verdict < before.Verdict {
			r.Fatalf("%v with less room, %v with more", before.Verdict, after.Verdict)
		}
	})
}

// Decisions of quotas name all that is needed for a higher rung.
func TestWhatIsNeededIsEnough(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		objs, quota := draw(r), drawQuota(r)
		for range 8 {
			got := fit(t, admit.Options{Nodes: 3}, append(slices.Clone(objs), quota)...)
			if got.Verdict == admit.FitsPeak || got.Verdict == admit.NeverFits {
				return
			}
			for _, d := range got.Deciding {
				if hard := quota.Spec.Hard[d.Resource]; hard.Cmp(d.Need) < 0 {
					quota.Spec.Hard[d.Resource] = d.Need
				}
			}
			if next := fit(t, admit.Options{Nodes: 3}, append(slices.Clone(objs), quota)...); next.Verdict <= got.Verdict {
				r.Fatalf("still %v after %+v", next.Verdict, got.Deciding)
			}
		}
		r.Fatal("never reached the highest rung")
	})
}

// The report does not depend on the order of the objects.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		objs := append(draw(r), drawQuota(r), capped("other", "pods", "9"))
		one := fit(t, admit.Options{Nodes: 2}, objs...)
		two := fit(t, admit.Options{Nodes: 2}, rapid.Permutation(objs).Draw(r, "order")...)
		if diff := cmp.Diff(one, two); diff != "" {
			r.Fatalf("in another order (-one +two):\n%s", diff)
		}
	})
}
