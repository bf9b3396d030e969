// SPDX-License-Identifier: Apache-2.0

package admit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/admit"
)

// workloadOf writes a workload of a kind, with a spec beside its pods.
func workloadOf(apiVersion, kind, name, spec, pods string) string {
	return fmt.Sprintf(`
apiVersion: %s
kind: %s
metadata: {name: %s, namespace: staging}
spec: {%s template: {metadata: {labels: {app: web}}, spec: {%s containers: [{name: main, image: web}]}}}
---`, apiVersion, kind, name, spec, pods)
}

func web(spec string) string { return workloadOf("apps/v1", "Deployment", "web", spec, "") }

func cronJob(spec, job, pods string) string {
	return fmt.Sprintf(`
apiVersion: batch/v1
kind: CronJob
metadata: {name: report, namespace: staging}
spec: {%s jobTemplate: {spec: {%s template: {spec: {%s containers: [{name: main, image: web}]}}}}}
---`, spec, job, pods)
}

func quotaOf(hard string) string {
	return `
apiVersion: v1
kind: ResourceQuota
metadata: {name: cap, namespace: staging}
spec: {hard: {` + hard + `}}
---`
}

func scaler(least, most string) string {
	return `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: staging}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, ` + least + ` maxReplicas: ` + most + `}
---`
}

func node(name, labels, taints string) string {
	return `
apiVersion: v1
kind: Node
metadata: {name: ` + name + `, labels: {` + labels + `}}
spec: {taints: [` + taints + `]}
---`
}

func claim(name, owner string) string {
	return `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ` + name + `, namespace: staging` + owner + `}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---`
}

// What workloads take, and the rung that they are on for it, where it is not plain.
func TestFitInCorners(t *testing.T) {
	database := func(spec string) string {
		return workloadOf("apps/v1", "StatefulSet", "db", spec+` volumeClaimTemplates: [{metadata: {name: data}, spec: {resources: {requests: {storage: 1Gi}}}}],`, "")
	}
	agent := func(pods string) string { return workloadOf("apps/v1", "DaemonSet", "agent", "", pods) }
	owned := func(text, apiVersion, kind, name string) string {
		return strings.Replace(text, "namespace: staging}", "namespace: staging, ownerReferences: [{apiVersion: "+apiVersion+", kind: "+kind+", name: "+name+`, uid: "1", controller: true}]}`, 1)
	}
	tests := map[string]struct {
		manifest string
		want     admit.Rung
		taken    string // of the first quota, as "pods 1 2 2"
	}{
		"more surge than replicas makes no more pods":     {web("replicas: 1, strategy: {rollingUpdate: {maxSurge: 3}},") + quotaOf("pods: 2"), admit.FitsPeak, "pods 1 2 2"},
		"nor does any percentage":                         {web(`replicas: 2, strategy: {rollingUpdate: {maxSurge: "1000%"}},`) + quotaOf("pods: 4"), admit.FitsPeak, "pods 2 4 4"},
		"a surge beyond all numbers":                      {web(`replicas: 2000, strategy: {rollingUpdate: {maxSurge: "461168601842738739%"}},`) + quotaOf("pods: 4000"), admit.FitsPeak, "pods 2000 4000 4000"},
		"what an operator owns is counted":                {web("") + owned(workloadOf("apps/v1", "StatefulSet", "db", "replicas: 5,", ""), "apps/v1", "Deployment", "web") + quotaOf("pods: 2"), admit.SteadyExceeds, "pods 6 7 7"},
		"what owns itself is counted":                     {owned(web("replicas: 5,"), "apps/v1", "Deployment", "web") + quotaOf("pods: 1"), admit.SteadyExceeds, "pods 5 7 10"},
		"what owns each other is counted":                 {owned(workloadOf("apps/v1", "ReplicaSet", "a", "", ""), "apps/v1", "ReplicaSet", "b") + owned(workloadOf("apps/v1", "ReplicaSet", "b", "", ""), "apps/v1", "ReplicaSet", "a") + quotaOf("pods: 1"), admit.SteadyExceeds, "pods 2 2 4"},
		"the Job of a controller that is not read":        {owned(workloadOf("batch/v1", "Job", "a", "", ""), "jobset.x-k8s.io/v1alpha2", "JobSet", "set") + quotaOf("count/jobs.batch: 0"), admit.SteadyExceeds, "count/jobs.batch 1 1 1"},
		"a full number of ReplicaSets wedges":             {web("replicas: 4,") + quotaOf("count/replicasets.apps: 5"), admit.WedgesOnRollout, "count/replicasets.apps 1 11 12"},
		"room for one beside those that are kept":         {web("replicas: 4, revisionHistoryLimit: 3,") + quotaOf("count/replicasets.apps: 5"), admit.FitsPeak, "count/replicasets.apps 1 4 5"},
		"and for none":                                    {web("replicas: 4, revisionHistoryLimit: 3,") + quotaOf("count/replicasets.apps: 4"), admit.WedgesOnRollout, "count/replicasets.apps 1 4 5"},
		"a full number of revisions wedges a StatefulSet": {workloadOf("apps/v1", "StatefulSet", "db", "", "") + quotaOf("count/controllerrevisions.apps: 1"), admit.WedgesOnRollout, "count/controllerrevisions.apps 1 11 12"},
		"a StatefulSet needs no room to roll":             {workloadOf("apps/v1", "StatefulSet", "db", "replicas: 3,", "") + quotaOf("pods: 3"), admit.FitsPeak, "pods 3 3 3"},
		"nor does a DaemonSet":                            {agent("") + node("n1", "", "") + quotaOf("pods: 1"), admit.FitsPeak, "pods 1 1 1"},
		"an autoscaler of no replicas is refused":         {web("replicas: 10,") + scaler("", "0") + quotaOf("pods: 30"), admit.Unknown, "pods 10 13 20"},
		"one of more at least than at most is refused":    {web("replicas: 2,") + scaler("minReplicas: 4,", "3") + quotaOf("pods: 30"), admit.Unknown, "pods 2 3 4"},
		"what an autoscaler scales down is there first":   {web("replicas: 10,") + scaler("", "3") + quotaOf("pods: 20"), admit.FitsPeak, "pods 10 13 20"},
		"an autoscaler is off at no replicas":             {web("replicas: 0,") + scaler("", "3") + quotaOf("pods: 2"), admit.FitsPeak, "pods 0 0 0"},
		"of two autoscalers the most counts":              {web("") + scaler("", "3") + strings.Replace(scaler("", "5"), "name: web,", "name: too,", 1) + quotaOf("pods: 10"), admit.FitsPeak, "pods 5 7 10"},
		"runs that are replaced and terminate for long":   {cronJob(`schedule: "* * * * *", concurrencyPolicy: Replace,`, "", "terminationGracePeriodSeconds: 600,") + quotaOf("pods: 2"), admit.FitsSurge, "pods 0 1 11"},
		"suspended Jobs pile up":                          {cronJob(`schedule: "* * * * *",`, "suspend: true, activeDeadlineSeconds: 60,", "") + quotaOf("count/jobs.batch: 10"), admit.FitsSurge, "count/jobs.batch 4 5 5"},
		"so do Jobs of no pods":                           {cronJob(`schedule: "* * * * *",`, "parallelism: 0,", "") + quotaOf("count/jobs.batch: 10"), admit.FitsSurge, "count/jobs.batch 4 5 5"},
		"a suspended CronJob makes no Jobs":               {cronJob(`schedule: "* * * * *", suspend: true,`, "", "") + quotaOf("count/jobs.batch: 4"), admit.FitsPeak, "count/jobs.batch 4 4 4"},
		"where clocks are put forward runs are nearer":    {cronJob(`schedule: "0 1,3 * * *", timeZone: America/New_York,`, "activeDeadlineSeconds: 7100,", "") + quotaOf("pods: 9"), admit.FitsPeak, "pods 0 2 4"},
		"and in UTC they are not":                         {cronJob(`schedule: "0 1,3 * * *", timeZone: UTC,`, "activeDeadlineSeconds: 7100,", "") + quotaOf("pods: 9"), admit.FitsPeak, "pods 0 1 2"},
		"pods that fail are kept with their Job":          {workloadOf("batch/v1", "Job", "a", "backoffLimit: 2,", "restartPolicy: Never,") + quotaOf("count/pods: 4"), admit.FitsPeak, "count/pods 1 1 4"},
		"a limit by index is one for each":                {workloadOf("batch/v1", "Job", "a", "completions: 3, completionMode: Indexed, backoffLimitPerIndex: 2,", "restartPolicy: Never,") + quotaOf("count/pods: 20"), admit.FitsPeak, "count/pods 3 3 10"},
		"claims that are there are those of the set":      {database("replicas: 6,") + claim("data-db-5", "") + quotaOf("persistentvolumeclaims: 6"), admit.FitsPeak, "persistentvolumeclaims 6 6 6"},
		"also where ordinals start later":                 {database("replicas: 2, ordinals: {start: 10},") + claim("data-db-10", "") + claim("data-db-11", "") + quotaOf("persistentvolumeclaims: 2"), admit.FitsPeak, "persistentvolumeclaims 2 2 2"},
		"claims of replicas that are gone stay":           {database("replicas: 1,") + claim("data-db-0", "") + claim("data-db-1", "") + quotaOf("persistentvolumeclaims: 2"), admit.FitsPeak, "persistentvolumeclaims 2 2 2"},
		"a refused quota holds nothing":                   {web("replicas: 1,") + quotaOf("pods: -1"), admit.Unknown, ""},
		"two quotas of one name that differ":              {web("replicas: 1,") + quotaOf("pods: 0") + quotaOf("pods: 9"), admit.Unknown, ""},
		"two that are equal are one":                      {web("replicas: 2,") + web("replicas: 2,") + quotaOf("pods: 4") + quotaOf("pods: 4"), admit.FitsPeak, "pods 2 3 4"},
		"two Deployments of one name that differ":         {web("replicas: 2,") + web("replicas: 20,") + quotaOf("pods: 4"), admit.Unknown, "pods 0 0 0"},
		"a quota of a version that is not read":           {web("") + strings.Replace(quotaOf("pods: 0"), "apiVersion: v1\n", "apiVersion: v1beta3\n", 1), admit.Unknown, ""},
		"pods of a controller that is not read":           {workloadOf("argoproj.io/v1alpha1", "Rollout", "web", "replicas: 50,", "") + quotaOf("pods: 1"), admit.Unknown, "pods 0 0 0"},
		"a class of a version that is not read":           {web("replicas: 1,") + quotaOf("pods: 2") + "\napiVersion: scheduling.k8s.io/v1beta1\nkind: PriorityClass\nmetadata: {name: d}\nvalue: 1\nglobalDefault: true\n---", admit.Unknown, "pods 1 2 2"},
		"a DaemonSet runs where its nodes are":            {agent("nodeSelector: {gpu: yes-sir},") + node("n1", "gpu: yes-sir", "") + node("n2", "", "") + quotaOf("pods: 1"), admit.FitsPeak, "pods 1 1 1"},
		"and not where a taint keeps it off":              {agent("") + node("n1", "", "") + node("n2", "", "{key: dedicated, effect: NoSchedule}") + quotaOf("pods: 1"), admit.FitsPeak, "pods 1 1 1"},
		"unless it tolerates the taint":                   {agent("tolerations: [{key: dedicated, operator: Exists}],") + node("n1", "", "") + node("n2", "", "{key: dedicated, effect: NoSchedule}") + quotaOf("pods: 2"), admit.FitsPeak, "pods 2 2 2"},
		"or the taint passes":                             {agent("") + node("n1", "", "{key: node.kubernetes.io/not-ready, effect: NoExecute}") + quotaOf("pods: 1"), admit.FitsPeak, "pods 1 1 1"},
		"as that of a cloud does":                         {agent("") + node("n1", "", "{key: node.cloudprovider.kubernetes.io/uninitialized, value: \"true\", effect: NoSchedule}") + quotaOf("pods: 1"), admit.FitsPeak, "pods 1 1 1"},
		"refused pods of a DaemonSet without nodes":       {strings.Replace(agent(""), "image: web", "image: web, resources: {requests: {cpu: 1}}", 1) + quotaOf("requests.cpu: 500m"), admit.NeverFits, "requests.cpu 0 0 0"},
		"a Service has slices":                            {"\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: staging}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n---" + quotaOf("count/endpointslices.discovery.k8s.io: 0"), admit.SteadyExceeds, "count/endpointslices.discovery.k8s.io 1 1 1"},
		"a class that may be the default decides":         {web("replicas: 1,") + strings.Replace(quotaOf("pods: 0"), "spec: {", "spec: {scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: Exists}]}, ", 1), admit.Unknown, "pods 0 0 0"},
		"a quota of all but a class that is there":        {web("replicas: 1,") + strings.Replace(quotaOf("pods: 0"), "spec: {", "spec: {scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: NotIn, values: [low]}]}, ", 1) + "\napiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: low}\nvalue: -5\n---", admit.NeverFits, "pods 1 2 2"},
		"a StorageClass that may be the default decides":  {database("replicas: 1,") + quotaOf("gold.storageclass.storage.k8s.io/requests.storage: 0"), admit.Unknown, "gold.storageclass.storage.k8s.io/requests.storage 0 0 0"},
		"no surge and none unavailable is refused":        {web("strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0}},") + quotaOf("pods: 9"), admit.Unknown, "pods 1 1 2"},
		"a schedule of no day":                            {cronJob(`schedule: "0 0 32 1 *", concurrencyPolicy: Forbid,`, "", "") + quotaOf("pods: 9"), admit.Unknown, "pods 0 1 2"},
		"a schedule by names":                             {cronJob(`schedule: "0 0 1 JAN-mar mon,FRI", concurrencyPolicy: Forbid,`, "", "") + quotaOf("pods: 9"), admit.FitsPeak, "pods 0 1 2"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := fit(t, admit.Options{}, read(t, "manifest.yaml", []byte(tt.manifest))...)
			if got.Verdict != tt.want {
				t.Errorf("%v, want %v: %+v, missing %v", got.Verdict, tt.want, got.Deciding, got.Missing)
			}
			var taken string
			if len(got.Quotas) > 0 {
				u := got.Quotas[0]
				for name := range u.Hard {
					steady, surge, peak := u.Steady[name], u.Surge[name], u.Peak[name]
					taken = fmt.Sprintf("%s %d %d %d", name, steady.Value(), surge.Value(), peak.Value())
				}
			}
			if taken != tt.taken {
				t.Errorf("%q is taken, want %q", taken, tt.taken)
			}
			if got.Verdict == admit.Unknown && len(got.Missing) == 0 {
				t.Error("nothing is missing")
			}
		})
	}
}

// Objects of one name that differ are left out in whatever order they come.
func TestDifferingObjectsAreLeftOutInAnyOrder(t *testing.T) {
	objs := read(t, "manifest.yaml", []byte(web("replicas: 2,")+web("replicas: 3,")+quotaOf("pods: 4")+quotaOf("pods: 5")))
	one := bulkhead.Must(admit.Fit(objs, admit.Options{}))
	slices.Reverse(objs)
	if diff := cmp.Diff(one, bulkhead.Must(admit.Fit(objs, admit.Options{}))); diff != "" {
		t.Error(diff)
	}
	if len(one.Problems) != 2 {
		t.Errorf("%v", one.Problems)
	}
}
