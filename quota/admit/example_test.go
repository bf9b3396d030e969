// SPDX-License-Identifier: Apache-2.0

package admit_test

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/admit"
)

// A quota of memory has a hole, which a LimitRange closes.
func Example() {
	capped := capped("cap", "requests.memory", "4Gi", "limits.memory", "4Gi")
	pod := podOf(corev1.Container{Name: "main"}, corev1.Container{Name: "proxy"})
	ask := func(what string, objs ...bulkhead.Object) {
		cluster, err := admit.New(objs, admit.Options{})
		if err != nil {
			fmt.Println(err)
			return
		}
		r := cluster.Pod(pod)
		memory := r.Charged()["requests.memory"]
		fmt.Printf("%s: %v, charged %s\n", what, r.Verdict, memory.String())
		if r.Verdict == admit.Refused {
			fmt.Printf("  %s: %s %q\n", r.Stage, r.Message, r.Containers())
		}
	}
	ask("no memory named", capped)
	pod.Spec.Resources = &corev1.ResourceRequirements{Requests: amounts("cpu", "1m")}
	ask("cpu named for the pod", capped)
	limits := &corev1.LimitRange{ObjectMeta: meta("cap"), Spec: corev1.LimitRangeSpec{Limits: []corev1.LimitRangeItem{
		{Type: corev1.LimitTypePod, Max: amounts("memory", "2Gi")},
	}}}
	ask("beside a LimitRange", capped, limits)
	// Output:
	// no memory named: Refused, charged 0
	//   ResourceQuota: failed quota: cap: must specify limits.memory for: main,proxy; requests.memory for: main,proxy ["main" "proxy"]
	// cpu named for the pod: Admitted, charged 0
	// beside a LimitRange: Refused, charged 0
	//   LimitRanger: maximum memory usage per Pod is 2Gi.  No limit is specified ["main" "proxy"]
}

// As many pods as replicas are not enough: the default strategy takes none of three
// pods away before it has added one.
func ExampleFit() {
	report, err := admit.Fit([]bulkhead.Object{deployment("web", 3, "", ""), capped("cap", "pods", "3")}, admit.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, ns := range report.Namespaces {
		used := ns.Quotas[0]
		fmt.Println(ns.Namespace, ns.Verdict)
		fmt.Printf("pods: %v, in a rollout %v, at the peak %v, of %v\n", used.Steady.Pods(), used.Surge.Pods(), used.Peak.Pods(), used.Hard.Pods())
		for _, d := range ns.Deciding {
			fmt.Printf("%s: %s\n%s\n", d.Object, d.Message, d.Change)
		}
	}
	// Output:
	// staging WedgesOnRollout
	// pods: 3, in a rollout 4, at the peak 6, of 3
	// Deployment/staging/web: a rollout adds a pod before it takes one away; the pod takes 1 of pods, with which all workloads need 4, and ResourceQuota cap caps it at 3
	// raise pods of ResourceQuota cap from 3 to 4, or set spec.strategy.rollingUpdate.maxUnavailable to 1
}
