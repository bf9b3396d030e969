// SPDX-License-Identifier: Apache-2.0

package admit_test

import (
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/quota"
	"github.com/watertight-go/watertight/quota/admit"
)

// staging is a capped namespace with the level restricted, and a Deployment of it
// whose pods are admitted.
func staging(namespace string) ([]bulkhead.Object, *corev1.PodTemplateSpec) {
	compute := func(cpu, memory string) quota.Compute {
		return quota.Compute{CPU: resource.MustParse(cpu), Memory: resource.MustParse(memory)}
	}
	share := bulkhead.Must(quota.Cap(namespace, quota.Budget{
		Requests: compute("400", "400Gi"), Limits: compute("400", "400Gi"), Pods: 500,
		Pod: compute("4", "4Gi"), Default: compute("500m", "512Mi"), DefaultRequest: compute("100m", "128Mi"),
	}))
	objs := append(share.Objects(), bulkhead.Must(quota.Namespace(namespace, quota.Restricted)))
	objs = append(objs, bulkhead.Must(guard.DefaultClass(namespace, share.Class)).Objects()...) // which pods need: they name no class
	pods := template()
	pods.Spec.SecurityContext = &corev1.PodSecurityContext{RunAsNonRoot: new(true), SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault}}
	pods.Spec.Containers = append(pods.Spec.Containers, container("proxy", nil))
	for i := range pods.Spec.Containers {
		pods.Spec.Containers[i].Resources.Limits = amounts("cpu", "1", "memory", "256Mi")
		pods.Spec.Containers[i].SecurityContext = &corev1.SecurityContext{AllowPrivilegeEscalation: new(false), Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}}
	}
	return objs, &pods
}

// BenchmarkPod admits a pod of two containers in a capped namespace of the level
// restricted: one that names its class, and one that an admission policy gives it.
func BenchmarkPod(b *testing.B) {
	objs, pods := staging("staging")
	given := bulkhead.Must(admit.New(objs, admit.Options{}))
	named := bulkhead.Must(admit.New(objs[:len(objs)-2], admit.Options{})) // without the policy and its binding
	for _, bench := range []struct {
		name, class string
		cluster     *admit.Cluster
	}{{"named class", "staging-low-priority", named}, {"given class", "", given}} {
		b.Run(bench.name, func(b *testing.B) {
			pod := &corev1.Pod{ObjectMeta: meta("pod"), Spec: *pods.Spec.DeepCopy()}
			pod.Spec.PriorityClassName = bench.class
			b.ReportAllocs()
			for b.Loop() {
				if r := bench.cluster.Pod(pod); r.Verdict != admit.Admitted {
					b.Fatal(r.Message, r.Missing)
				}
			}
		})
	}
}

// BenchmarkFit fits 10,000 Deployments into 500 capped namespaces.
func BenchmarkFit(b *testing.B) {
	var objs []bulkhead.Object
	for i := range 500 {
		namespace := fmt.Sprintf("ns-%d", i)
		share, pods := staging(namespace)
		objs = append(objs, share...)
		for j := range 20 {
			d := deployment(fmt.Sprintf("web-%d", j), 3, "", "")
			d.Namespace, d.Spec.Template = namespace, *pods
			objs = append(objs, d)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		report, err := admit.Fit(objs, admit.Options{})
		if err != nil || len(report.Namespaces) != 500 || report.Namespaces[0].Verdict < admit.FitsSurge {
			b.Fatal(err, report.Namespaces[0].Verdict, report.Namespaces[0].Deciding)
		}
	}
}
