// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/reach"
)

// Asked about itself, a workload answers for two pods: also for two that nothing tells
// apart, and never for one pod and itself, which can always connect.
func TestReplicasOfSeveralKinds(t *testing.T) {
	tests := map[string]struct {
		roles []string
		from  netpol.Pods // may connect to a replica; nobody may to a primary
		want  reach.Verdict
	}{
		"two replicas, after a primary by name":                {[]string{"primary", "replica", "replica"}, netpol.Pods{"role": "replica"}, reach.Allowed},
		"two replicas, before a primary by name":               {[]string{"replica", "replica", "primary"}, netpol.Pods{"role": "replica"}, reach.Allowed},
		"one replica, which could only connect to itself":      {[]string{"primary", "replica"}, netpol.Pods{"role": "replica"}, reach.Denied},
		"a replica and a primary":                              {[]string{"primary", "replica"}, netpol.Pods{"role": "primary"}, reach.Allowed},
		"two primaries, to which nobody connects":              {[]string{"primary", "primary"}, netpol.Pods{"role": "primary"}, reach.Denied},
		"one pod, which is not asked about any other":          {[]string{"primary"}, netpol.Pods{"role": "none"}, reach.Allowed},
		"one of each, and nobody lets in the other":            {[]string{"primary", "replica"}, netpol.Pods{"role": "none"}, reach.Denied},
		"many, of which two replicas are the last in the list": {[]string{"primary", "primary", "other", "replica", "replica"}, netpol.Pods{"role": "replica"}, reach.Allowed},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			objs := replicas("shop", "db", len(tt.roles))
			for i, pod := range collect[*corev1.Pod](objs) {
				pod.Labels["role"] = tt.roles[i]
			}
			objs = append(objs, netpol.DefaultDeny("shop"),
				bulkhead.Must(netpol.Allow("shop", "out", netpol.AllPods, netpol.To(netpol.AllPods).AnyPort())),
				bulkhead.Must(netpol.Allow("shop", "in", netpol.Pods{"role": "replica"}, netpol.From(tt.from).TCP(5432))))
			a := newCluster(t, objs, reach.Reference).Allowed(reach.Pod("shop/db"), reach.Pod("shop/db"), reach.TCP(5432))
			if a.Verdict != tt.want {
				t.Errorf("%s, want %s: %v", a.Verdict, tt.want, a.Why())
			}
		})
	}
}

// collect returns the objects of a type.
func collect[T bulkhead.Object](objs []bulkhead.Object) (out []T) {
	for obj := range bulkhead.Each[T](objs) {
		out = append(out, obj)
	}
	return out
}

// What labels leave open is left open in a cluster of any size: beyond some hundreds of
// kinds of pods an index of labels is asked instead of each kind.
func TestHiddenLabelsInClustersOfAnySize(t *testing.T) {
	const set = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec: {serviceName: db, template: {metadata: {labels: {app: db, role: main}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}}}
---
apiVersion: v1
kind: Pod
metadata: {name: target, namespace: shop, labels: {app: target}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: target, namespace: shop}
spec:
  podSelector: {matchLabels: {app: target}}
  ingress: [{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [%s]}}]}]
`
	tests := map[string]struct {
		requirements string
		db, web      reach.Verdict
	}{
		"a hidden label of some value":         {`{key: statefulset.kubernetes.io/pod-name, operator: In, values: [db-0]}`, reach.Unknown, reach.Denied},
		"a hidden label of another value":      {`{key: statefulset.kubernetes.io/pod-name, operator: NotIn, values: [db-0]}`, reach.Unknown, reach.Allowed},
		"a hidden label that is always there":  {`{key: statefulset.kubernetes.io/pod-name, operator: Exists}`, reach.Allowed, reach.Denied},
		"the pods without it":                  {`{key: statefulset.kubernetes.io/pod-name, operator: DoesNotExist}`, reach.Denied, reach.Allowed},
		"a hidden label and one that is shown": {`{key: statefulset.kubernetes.io/pod-name, operator: In, values: [db-0]}, {key: app, operator: In, values: [db]}`, reach.Unknown, reach.Denied},
		"one that is shown and does not match": {`{key: statefulset.kubernetes.io/pod-name, operator: In, values: [db-0]}, {key: role, operator: In, values: [standby]}`, reach.Denied, reach.Denied},
		"one that another kind of pods hides":  {`{key: pod-template-hash, operator: In, values: [a1]}`, reach.Denied, reach.Unknown},
		"one that nothing hides":               {`{key: app, operator: In, values: [db]}`, reach.Allowed, reach.Denied},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for _, size := range []int{0, 400} {
				objs := read(t, fmt.Sprintf(set, tt.requirements))
				for i := range size {
					pod := examplePod("lab", fmt.Sprint("p-", i)) // each a kind of its own
					pod.Status.PodIP, pod.Spec.NodeName = "", "node-1"
					objs = append(objs, pod)
				}
				c := newCluster(t, objs, reach.Generic)
				for from, want := range map[string]reach.Verdict{"shop/db": tt.db, "shop/web": tt.web} {
					if a := c.Allowed(reach.Pod(from), reach.Pod("shop/target"), reach.TCP(80)); a.Verdict != want {
						t.Errorf("beside %d others, from %s: %s, want %s: %v", size, from, a.Verdict, want, a.Why())
					}
				}
			}
		})
	}
}

// So is what labels a new pod may have.
func TestNewPodsInClustersOfAnySize(t *testing.T) {
	for _, size := range []int{0, 400} {
		objs := read(t, `
apiVersion: v1
kind: Pod
metadata: {name: target, namespace: shop, labels: {app: target}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: target, namespace: shop}
spec:
  podSelector: {matchLabels: {app: target}}
  ingress: [{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: app, operator: In, values: [friend]}]}}]}]
`)
		for i := range size {
			objs = append(objs, examplePod("lab", fmt.Sprint("p-", i)))
		}
		found := false
		for _, e := range newCluster(t, objs, reach.Reference).Exposed("shop") {
			if e.From.Name == "shop/*" && e.To.Name == "shop/target" {
				found = found || e.Verdict == reach.Allowed && e.From.Labels["app"] == "friend"
				if e.From.Labels == nil {
					t.Errorf("beside %d others: %+v", size, e)
				}
			}
		}
		if !found {
			t.Errorf("beside %d others no labels let a new pod in", size)
		}
	}
}
