// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	podutil "k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/apis/core"
	corev1defaults "k8s.io/kubernetes/pkg/apis/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
)

// restrictions lists all that say something about objects, by names that may be
// those of namespaces.
func restrictions() map[string]guard.Restriction {
	return map[string]guard.Restriction{
		"classes":          guard.Classes("low", "lower"),
		"memory-limits":    guard.MemoryLimits(),
		"cpu-limits":       guard.CPULimits(),
		"pod-level-bypass": guard.NoPodLevelBypass(),
		"host":             guard.NoHost(),
		"audiences":        guard.TokenAudiences("vault", `a"b\c`, "ü"),
		"no-audiences":     guard.TokenAudiences(),
		"cluster-ip":       guard.ServiceTypes(corev1.ServiceTypeClusterIP),
		"node-ports":       guard.ServiceTypes(corev1.ServiceTypeLoadBalancer, corev1.ServiceTypeNodePort),
		"identities":       guard.CloudIdentities("staging-sa@p.iam.gserviceaccount.com"),
		"no-identities":    guard.CloudIdentities(),
	}
}

// judged returns the policy of a guard about objects other than templates, and a
// random object of the kind that it judges.
func (m maker) judged(g *guard.Guard) (*guard.Admission, bulkhead.Object, asked) {
	v1 := corev1.SchemeGroupVersion.WithKind
	switch {
	case g.Pods != nil:
		pod := &corev1.Pod{Spec: m.podSpec()}
		return g.Pods, pod, asked{object: asStored(pod), kind: v1("Pod"), resource: "pods", operation: admission.Create}
	case g.Services != nil:
		service := m.service()
		return g.Services, service, asked{object: service, kind: v1("Service"), resource: "services", operation: admission.Create}
	default:
		account := m.account()
		return g.ServiceAccounts, account, asked{object: account, kind: v1("ServiceAccount"), resource: "serviceaccounts", operation: admission.Create}
	}
}

// asStored returns a pod with all defaults, as an API server judges and stores it.
// Containers for debugging were not there when it was created.
func asStored(pod *corev1.Pod) *corev1.Pod {
	defaulted, internal, out := pod.DeepCopy(), new(core.Pod), new(corev1.Pod)
	corev1defaults.SetObjectDefaults_Pod(defaulted)
	if err := corev1defaults.Convert_v1_Pod_To_core_Pod(defaulted, internal, nil); err != nil {
		panic(err) // no pod of a maker lacks a form
	}
	later := internal.Spec.EphemeralContainers
	internal.Spec.EphemeralContainers = nil
	podutil.DefaultPodLevelResources(internal)
	internal.Spec.EphemeralContainers = later
	if err := corev1defaults.Convert_core_Pod_To_v1_Pod(internal, out, nil); err != nil {
		panic(err)
	}
	return out
}

// What a policy refuses, in the evaluator of kube-apiserver, a rule finds, and the
// other way round.
func TestGuardsAndRulesAgree(t *testing.T) {
	all, n := restrictions(), *objects/4
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) {
			g := bulkhead.Must(guard.Enforce("staging", all[name]))
			policy, _, _ := maker{arguer{rand.New(rand.NewPCG(0, 0)), 0}, true}.judged(g)
			judge := mustCompile(t, policy)
			var refused, differing atomic.Int64
			each(n, func(worker int, random *rand.Rand) {
				_, obj, request := maker{arguer{random, worker}, true}.judged(g)
				obj.SetNamespace("staging")
				obj.SetName("x")
				refusals, err := judge.refusals(request)
				findings := bulkhead.Check([]bulkhead.Object{obj}, g.Rules()...)
				if len(refusals) > 0 {
					refused.Add(1)
				}
				if (err != nil || (len(refusals) > 0) != (len(findings) > 0)) && differing.Add(1) <= atMost {
					t.Errorf("the policy refuses %q, %v; the rules find %v:\n%s", refusals, err, findings, text(obj))
				}
			})
			count(n)
			fmt.Printf("%s: %d objects, %d of them refused, %d differences\n", t.Name(), n, refused.Load(), differing.Load())
			if refused := refused.Load(); refused == 0 || refused == int64(n) {
				t.Errorf("%d of %d objects were refused: nothing was compared", refused, n)
			}
		})
	}
}

// text is what a failure prints of an object.
func text(obj bulkhead.Object) string {
	out, err := yaml.Marshal(obj)
	if err != nil {
		return err.Error()
	}
	return string(out)
}

func mustCompile(t *testing.T, a *guard.Admission) *judge {
	t.Helper()
	j, err := compiled(a.Policy)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// A template is refused if and only if its pod would be after everything was filled
// in that it leaves out.
func TestTemplatesAreRefusedForTheirPods(t *testing.T) {
	all := restrictions()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		g := bulkhead.Must(guard.Enforce("staging", all[name]))
		if g.Templates == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			pods, templates := mustCompile(t, g.Pods), mustCompile(t, g.Templates)
			var differing atomic.Int64
			n := *objects / 10
			each(n, func(worker int, random *rand.Rand) {
				spec := maker{arguer{random, worker}, true}.podSpec()
				pod := &corev1.Pod{Spec: filledIn(spec)}
				want, err := pods.refusals(asked{object: pod, kind: corev1.SchemeGroupVersion.WithKind("Pod"), resource: "pods", operation: admission.Create})
				for kind, obj := range workloads(spec) {
					got, err2 := templates.refusals(asked{object: obj, kind: kind, resource: "any", operation: admission.Create})
					if (err != nil || err2 != nil || (len(got) > 0) != (len(want) > 0)) && differing.Add(1) <= atMost {
						t.Errorf("%s: the template is refused for %q, %v; its pod for %q, %v: %+v", kind.Kind, got, err2, want, err, spec)
					}
				}
			})
			count(n)
		})
	}
}

// filledIn returns a pod spec with a class and the limits that it leaves out.
func filledIn(spec corev1.PodSpec) corev1.PodSpec {
	out := *spec.DeepCopy()
	if out.PriorityClassName == "" {
		out.PriorityClassName = "low"
	}
	for _, containers := range [][]corev1.Container{out.Containers, out.InitContainers} {
		for i := range containers {
			limits := amountsOf("cpu", "1", "memory", "1Gi")
			maps.Copy(limits, containers[i].Resources.Limits)
			containers[i].Resources.Limits = limits
		}
	}
	return out
}

// workloads returns a workload of every kind with one pod spec.
func workloads(spec corev1.PodSpec) map[schema.GroupVersionKind]bulkhead.Object {
	template := corev1.PodTemplateSpec{Spec: spec}
	apps, batch, core := appsv1.SchemeGroupVersion.WithKind, batchv1.SchemeGroupVersion.WithKind, corev1.SchemeGroupVersion.WithKind
	return map[schema.GroupVersionKind]bulkhead.Object{
		apps("DaemonSet"):   &appsv1.DaemonSet{Spec: appsv1.DaemonSetSpec{Template: template}},
		apps("Deployment"):  &appsv1.Deployment{Spec: appsv1.DeploymentSpec{Template: template}},
		apps("ReplicaSet"):  &appsv1.ReplicaSet{Spec: appsv1.ReplicaSetSpec{Template: template}},
		apps("StatefulSet"): &appsv1.StatefulSet{Spec: appsv1.StatefulSetSpec{Template: template}},
		batch("Job"):        &batchv1.Job{Spec: batchv1.JobSpec{Template: template}},
		batch("CronJob"): &batchv1.CronJob{Spec: batchv1.CronJobSpec{
			JobTemplate: batchv1.JobTemplateSpec{Spec: batchv1.JobSpec{Template: template}},
		}},
		core("ReplicationController"): &corev1.ReplicationController{Spec: corev1.ReplicationControllerSpec{Template: &template}},
	}
}

// An update that leaves alone what is judged passes, and one that changes it is
// judged.
func TestUpdatesAreJudgedByWhatTheyChange(t *testing.T) {
	g := bulkhead.Must(guard.Enforce("staging", guard.NoHost(), guard.ServiceTypes(corev1.ServiceTypeClusterIP), guard.CloudIdentities()))
	deployment := &appsv1.Deployment{}
	deployment.Spec.Template.Spec.HostNetwork = true
	scaled, worse := deployment.DeepCopy(), deployment.DeepCopy()
	scaled.Spec.Replicas = new(int32)
	worse.Spec.Template.Spec.HostPID = true

	service := &corev1.Service{Spec: corev1.ServiceSpec{Type: corev1.ServiceTypeLoadBalancer}}
	released, moved := service.DeepCopy(), service.DeepCopy()
	released.Finalizers = []string{"service.kubernetes.io/load-balancer-cleanup"}
	moved.Spec.ClusterIP = "10.0.0.1"

	account := &corev1.ServiceAccount{}
	account.Annotations = map[string]string{"eks.amazonaws.com/role-arn": "arn"}
	labelled, other := account.DeepCopy(), account.DeepCopy()
	labelled.Labels = map[string]string{"a": "b"}
	other.Annotations["eks.amazonaws.com/role-arn"] = "another"

	core, apps := corev1.SchemeGroupVersion.WithKind, appsv1.SchemeGroupVersion.WithKind
	for name, tt := range map[string]struct {
		policy  *guard.Admission
		kind    schema.GroupVersionKind
		old     bulkhead.Object
		object  bulkhead.Object
		refused bool
	}{
		"a deployment that was there is scaled":     {g.Templates, apps("Deployment"), deployment, scaled, false},
		"its template changes and stays wrong":      {g.Templates, apps("Deployment"), deployment, worse, true},
		"a service that was there gets a finalizer": {g.Services, core("Service"), service, released, false},
		"its spec changes and stays wrong":          {g.Services, core("Service"), service, moved, true},
		"an account that was there gets a label":    {g.ServiceAccounts, core("ServiceAccount"), account, labelled, false},
		"its identity changes and stays wrong":      {g.ServiceAccounts, core("ServiceAccount"), account, other, true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := mustCompile(t, tt.policy).refusals(asked{object: tt.object, old: tt.old, kind: tt.kind, resource: "any", operation: admission.Update})
			if err != nil || (len(got) > 0) != tt.refused {
				t.Errorf("refused for %q, %v; want refused %t", got, err, tt.refused)
			}
		})
	}
}
