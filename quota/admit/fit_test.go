// SPDX-License-Identifier: Apache-2.0

package admit_test

import (
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/admit"
)

func template() corev1.PodTemplateSpec {
	return corev1.PodTemplateSpec{Spec: podOf(container("main", amounts("cpu", "1"))).Spec}
}

func deployment(name string, replicas int32, surge, unavailable string) *appsv1.Deployment {
	d := &appsv1.Deployment{ObjectMeta: meta(name), Spec: appsv1.DeploymentSpec{Replicas: &replicas, Template: template()}}
	if surge != "" {
		d.Spec.Strategy.RollingUpdate = &appsv1.RollingUpdateDeployment{MaxSurge: new(intstr.Parse(surge)), MaxUnavailable: new(intstr.Parse(unavailable))}
	}
	return d
}

func fit(t *testing.T, options admit.Options, objs ...bulkhead.Object) admit.Fitness {
	t.Helper()
	report, err := admit.Fit(objs, options)
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Namespaces) != 1 {
		t.Fatalf("%d namespaces, want 1: %v", len(report.Namespaces), report)
	}
	return report.Namespaces[0]
}

// What a kube-controller-manager 1.37.2 was seen to take; internal/conformance looks
// again.
func TestCounts(t *testing.T) {
	stateful := &appsv1.StatefulSet{ObjectMeta: meta("db"), Spec: appsv1.StatefulSetSpec{Replicas: new(int32(3)), Template: template()}}
	daemon := func(surge string) *appsv1.DaemonSet {
		d := &appsv1.DaemonSet{ObjectMeta: meta("agent"), Spec: appsv1.DaemonSetSpec{Template: template()}}
		if surge != "" {
			d.Spec.UpdateStrategy.RollingUpdate = &appsv1.RollingUpdateDaemonSet{MaxSurge: new(intstr.Parse(surge))}
		}
		return d
	}
	recreate := deployment("web", 4, "", "")
	recreate.Spec.Strategy.Type = appsv1.RecreateDeploymentStrategyType
	job := func(parallelism, completions int32) *batchv1.Job {
		return &batchv1.Job{ObjectMeta: meta("job"), Spec: batchv1.JobSpec{Parallelism: &parallelism, Completions: &completions, Template: template()}}
	}
	failed := job(5, 3)
	failed.Spec.PodReplacementPolicy = new(batchv1.Failed)
	suspended := job(5, 9)
	suspended.Spec.Suspend = new(true)
	cron := func(policy batchv1.ConcurrencyPolicy, edit func(*batchv1.CronJobSpec)) *batchv1.CronJob {
		c := &batchv1.CronJob{ObjectMeta: meta("report"), Spec: batchv1.CronJobSpec{
			Schedule: "*/5 * * * *", ConcurrencyPolicy: policy, JobTemplate: batchv1.JobTemplateSpec{Spec: job(2, 2).Spec},
		}}
		edit(&c.Spec)
		return c
	}
	asIs := func(*batchv1.CronJobSpec) {}
	for name, tt := range map[string]struct {
		obj       bulkhead.Object
		want      admit.Counts
		unbounded bool
	}{
		"R02: a Deployment by default":                       {deployment("web", 10, "", ""), admit.Counts{Steady: 10, Surge: 13, Peak: 20}, false},
		"R03: one more, none less":                           {deployment("web", 4, "1", "0"), admit.Counts{Steady: 4, Surge: 5, Peak: 8}, false},
		"a surge in percent is rounded up":                   {deployment("web", 3, "34%", "0"), admit.Counts{Steady: 3, Surge: 5, Peak: 6}, false},
		"neither surge nor, rounded down, unavailable":       {deployment("web", 3, "0", "10%"), admit.Counts{Steady: 3, Surge: 3, Peak: 6}, false},
		"R04: Recreate":                                      {recreate, admit.Counts{Steady: 4, Surge: 4, Peak: 4}, false},
		"no replicas":                                        {deployment("web", 0, "", ""), admit.Counts{}, false},
		"a StatefulSet":                                      {stateful, admit.Counts{Steady: 3, Surge: 3, Peak: 3}, false},
		"R08: a DaemonSet":                                   {daemon(""), admit.Counts{Steady: 3, Surge: 3, Peak: 3}, false},
		"R08b: a DaemonSet that surges":                      {daemon("50%"), admit.Counts{Steady: 3, Surge: 5, Peak: 6}, false},
		"R09: a Job of fewer pods than run at once":          {job(5, 3), admit.Counts{Steady: 3, Surge: 3, Peak: 6}, false},
		"a Job that replaces pods when they are gone":        {failed, admit.Counts{Steady: 3, Surge: 3, Peak: 3}, false},
		"a Job that waits takes when it is resumed the same": {suspended, admit.Counts{Surge: 5, Peak: 10}, false},
		"a CronJob of one run":                               {cron(batchv1.ForbidConcurrent, asIs), admit.Counts{Surge: 2, Peak: 4}, false},
		"a CronJob that replaces its run":                    {cron(batchv1.ReplaceConcurrent, asIs), admit.Counts{Surge: 2, Peak: 4}, false},
		"a CronJob whose runs pile up":                       {cron("", asIs), admit.Counts{Surge: 2, Peak: 4}, true},
		"a CronJob whose runs end within 15 minutes and 30s": {cron("", func(s *batchv1.CronJobSpec) { s.JobTemplate.Spec.ActiveDeadlineSeconds = new(int64(900)) }), admit.Counts{Surge: 8, Peak: 16}, false},
		"a CronJob that waits":                               {cron("", func(s *batchv1.CronJobSpec) { s.Suspend = new(true) }), admit.Counts{}, false},
		"a bare pod":                                         {podOf(container("main", amounts("cpu", "1"))), admit.Counts{Steady: 1, Surge: 1, Peak: 1}, false},
	} {
		t.Run(name, func(t *testing.T) {
			got := fit(t, admit.Options{Nodes: 3}, tt.obj, capped("cap", "requests.cpu", "100", "pods", "100"))
			if len(got.Loads) != 1 {
				t.Fatalf("loads: %v", got.Loads)
			}
			if l := got.Loads[0]; l.Counts != tt.want || l.Unbounded != tt.unbounded {
				t.Errorf("%+v, unbounded %t, want %+v, %t", l.Counts, l.Unbounded, tt.want, tt.unbounded)
			}
			used := got.Quotas[0]
			for what, n := range map[string][2]int64{
				"steady": {used.Steady.Pods().Value(), tt.want.Steady}, "surge": {used.Surge.Pods().Value(), tt.want.Surge}, "peak": {used.Peak.Pods().Value(), tt.want.Peak},
			} {
				if n[0] != n[1] {
					t.Errorf("the quota is charged %d pods of %s, want %d", n[0], what, n[1])
				}
			}
		})
	}
}

// R07: claims outlive the pods that they were made for.
func TestClaims(t *testing.T) {
	db := &appsv1.StatefulSet{ObjectMeta: meta("db"), Spec: appsv1.StatefulSetSpec{Replicas: new(int32(3)), Template: template()}}
	claim := corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Name: "data"}}
	claim.Spec.Resources.Requests = amounts("storage", "10Gi")
	db.Spec.VolumeClaimTemplates = []corev1.PersistentVolumeClaim{claim}
	stored := claim.DeepCopy()
	stored.Namespace, stored.Name = "staging", "data-db-1"
	quota := capped("cap", "persistentvolumeclaims", "9", "requests.storage", "90Gi")
	claims := func(objs ...bulkhead.Object) string {
		used := fit(t, admit.Options{}, append(objs, quota)...).Quotas[0].Peak
		storage := used["requests.storage"]
		n := used["persistentvolumeclaims"]
		return n.String() + " " + storage.String()
	}
	if got := claims(db); got != "3 30Gi" {
		t.Errorf("three replicas take %s", got)
	}
	if got := claims(db, stored); got != "3 30Gi" {
		t.Errorf("one of them is there already, and all take %s", got)
	}
	db.Spec.Replicas = new(int32(0))
	if got := claims(db, stored); got != "1 10Gi" {
		t.Errorf("scaled to none, what is left takes %s", got)
	}
	scratch := deployment("web", 2, "", "")
	scratch.Spec.Template.Spec.Volumes = []corev1.Volume{{Name: "tmp"}}
	scratch.Spec.Template.Spec.Volumes[0].Ephemeral = &corev1.EphemeralVolumeSource{VolumeClaimTemplate: &corev1.PersistentVolumeClaimTemplate{Spec: claim.Spec}}
	if got := claims(scratch); got != "4 40Gi" {
		t.Errorf("a claim for each pod, at the peak %s", got)
	}
	bounded := &corev1.LimitRange{ObjectMeta: meta("claims"), Spec: corev1.LimitRangeSpec{Limits: []corev1.LimitRangeItem{
		{Type: corev1.LimitTypePersistentVolumeClaim, Max: amounts("storage", "1Gi")},
	}}}
	got := fit(t, admit.Options{}, scratch, bounded, quota)
	if got.Verdict != admit.NeverFits || got.Deciding[0].Field != "spec.template.spec.volumes[0].ephemeral.volumeClaimTemplate" {
		t.Errorf("%v by %+v", got.Verdict, got.Deciding)
	}
}

// M04: a pod that terminates is charged, whatever its grace period.
func TestWhatIsThereIsCharged(t *testing.T) {
	gone := podOf(container("main", amounts("cpu", "1")))
	gone.DeletionTimestamp, gone.DeletionGracePeriodSeconds = &metav1.Time{}, new(int64(4))
	ended := podOf(container("main", amounts("cpu", "1")))
	ended.Name, ended.Status.Phase = "ended", corev1.PodSucceeded
	job := &batchv1.Job{ObjectMeta: meta("job"), Spec: batchv1.JobSpec{Parallelism: new(int32(2)), Completions: new(int32(5)), Template: template()}}
	got := fit(t, admit.Options{}, gone, ended, job, capped("cap", "pods", "9", "count/pods", "9", "configmaps", "1", "count/jobs.batch", "1", "resourcequotas", "1"))
	want := map[string]string{"pods": "3", "count/pods": "7", "configmaps": "1", "count/jobs.batch": "1", "resourcequotas": "1"}
	for name, n := range want {
		if used := got.Quotas[0].Steady[corev1.ResourceName(name)]; used.String() != n {
			t.Errorf("%s: %s, want %s", name, used.String(), n)
		}
	}
}

// A set that was read from a cluster repeats what owners say.
func TestOwnedObjectsAreNotCountedTwice(t *testing.T) {
	web := deployment("web", 2, "", "")
	owned := func(name, kind, owner string) metav1.ObjectMeta {
		m := meta(name)
		m.OwnerReferences = []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: kind, Name: owner, Controller: new(true)}}
		return m
	}
	rs := &appsv1.ReplicaSet{ObjectMeta: owned("web-1", "Deployment", "web"), Spec: appsv1.ReplicaSetSpec{Replicas: new(int32(2)), Template: template()}}
	pod := podOf(container("main", amounts("cpu", "1")))
	pod.ObjectMeta = owned("web-1-a", "ReplicaSet", "web-1")
	got := fit(t, admit.Options{}, web, rs, pod, capped("cap", "pods", "9", "count/replicasets.apps", "20"))
	if pods, sets := got.Quotas[0].Steady["pods"], got.Quotas[0].Steady["count/replicasets.apps"]; pods.String() != "2" || sets.String() != "1" {
		t.Errorf("%s pods in %s ReplicaSets, want 2 in 1", pods.String(), sets.String())
	}
}

func TestBadInput(t *testing.T) {
	negative := capped("negative", "requests.cpu", "-1")
	contradictory := capped("contradictory", "pods", "1")
	contradictory.Spec.Scopes = []corev1.ResourceQuotaScope{corev1.ResourceQuotaScopeTerminating}
	contradictory.Spec.ScopeSelector = &corev1.ScopeSelector{MatchExpressions: []corev1.ScopedResourceSelectorRequirement{
		{ScopeName: corev1.ResourceQuotaScopeNotTerminating, Operator: corev1.ScopeSelectorOpExists},
	}}
	old := &unstructured.Unstructured{}
	old.SetAPIVersion("extensions/v1beta1")
	old.SetKind("Deployment")
	old.SetNamespace("staging")
	old.SetName("old")
	odd := deployment("odd", -3, "some", "1")
	odd.Spec.Template.Spec.Containers[0].Resources.Requests = amounts("cpu", "-1")
	daemon := &appsv1.DaemonSet{ObjectMeta: meta("agent"), Spec: appsv1.DaemonSetSpec{Template: template()}}
	cron := &batchv1.CronJob{ObjectMeta: meta("report"), Spec: batchv1.CronJobSpec{Schedule: "whenever"}}
	report, err := admit.Fit([]bulkhead.Object{nil, (*corev1.Pod)(nil), negative, contradictory, old, odd, daemon, cron, &appsv1.Deployment{}}, admit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range report.Problems {
		got = append(got, p.Object.Name+" "+p.Field)
	}
	want := []string{
		"report spec.schedule", "odd spec.replicas", "odd spec.strategy.rollingUpdate.maxSurge", "old apiVersion",
		"contradictory spec", "negative spec.hard[requests.cpu]",
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	for _, n := range report.Namespaces {
		if n.Namespace != "staging" {
			continue
		}
		var missing []string
		for _, m := range n.Missing {
			missing = append(missing, m.Object.Name)
		}
		if diff := cmp.Diff([]string{"report", "agent", "odd", "odd", "old", "negative"}, missing); diff != "" {
			t.Errorf("missing (-want +got):\n%s", diff)
		}
		for _, l := range n.Loads {
			if l.Object.Name == "odd" && (l.Result.Verdict != admit.Refused || !strings.Contains(l.Result.Message, "must be greater than or equal to 0")) {
				t.Errorf("a negative request: %v %q", l.Result.Verdict, l.Result.Message)
			}
		}
	}
}
