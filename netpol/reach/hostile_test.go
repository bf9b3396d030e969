// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"maps"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/reach"
)

// What the API server would refuse in one object changes no answer about others, even
// if its text looks like something of theirs.
func TestRefusedObjectsChangeNothingElse(t *testing.T) {
	const pods = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: staging, labels: {app: a}}
status: {podIP: 10.7.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: prod, labels: {app: web, tier: db}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: prod}
spec:
  podSelector: {matchLabels: {tier: db}}
  ingress: [{from: [%s]}]
---
`
	const selector = `{namespaceSelector: {}, podSelector: {matchExpressions: [{key: app, operator: In, values: [a, b]}]}}`
	const block = `{ipBlock: {cidr: 10.0.0.0/8, except: [10.9.0.0/16, 10.8.0.0/16]}}`
	bad := func(peer string) string {
		return `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: bad, namespace: attic}, spec: {podSelector: {}, ingress: [{from: [` + peer + `]}]}}` + "\n---\n"
	}
	tests := map[string]struct{ peer, more string }{
		"a value with a space": {selector, bad(`{namespaceSelector: {}, podSelector: {matchExpressions: [{key: app, operator: In, values: ["a b"]}]}}`)},
		"an except of two":     {block, bad(`{ipBlock: {cidr: 10.0.0.0/8, except: ["10.9.0.0/16 10.8.0.0/16"]}}`)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			ask := func(more string) reach.Verdict {
				objs := read(t, more+replacePeer(pods, tt.peer)) // attic comes first by name as well
				return newCluster(t, objs, reach.Calico).Allowed(reach.Pod("staging/web"), reach.Pod("prod/db"), reach.TCP(5432)).Verdict
			}
			if without, with := ask(""), ask(tt.more); without != reach.Allowed || with != reach.Allowed {
				t.Errorf("%s, and with the refused policy %s", without, with)
			}
		})
	}

	t.Run("a label with a line end", func(t *testing.T) {
		odd := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "prod", Name: "a", Labels: map[string]string{"app": "web\ntier=db"}}}
		objs := append(read(t, replacePeer(pods, `{podSelector: {matchLabels: {app: none}}}`)), odd)
		a := newCluster(t, objs, reach.Reference).Allowed(reach.Pod("staging/web"), reach.Pod("prod/db"), reach.TCP(5432))
		if a.Verdict != reach.Denied {
			t.Errorf("%s: %v", a.Verdict, a.Why())
		}
	})
}

func replacePeer(text, peer string) string { return strings.Replace(text, "%s", peer, 1) }

// A pod that others belong to, such as the driver of a job, is a pod of its own, and
// pods that belong to each other are two.
func TestPodsThatOwnPods(t *testing.T) {
	owned := func(name, owner string) *corev1.Pod {
		pod := examplePod("prod", name)
		pod.OwnerReferences = []metav1.OwnerReference{{APIVersion: "v1", Kind: "Pod", Name: owner, Controller: new(true)}}
		return pod
	}
	closed := bulkhead.Must(netpol.Allow("prod", "executor", netpol.Pods{"app": "executor"}, netpol.From(netpol.Pods{"app": "none"}).TCP(1)))
	for name, objs := range map[string][]bulkhead.Object{
		"one of the other":  {examplePod("prod", "driver"), owned("executor", "driver")},
		"each of the other": {owned("driver", "executor"), owned("executor", "driver")},
	} {
		c := newCluster(t, append(objs, closed, examplePod("lab", "x")), reach.Reference)
		for pod, want := range map[string]reach.Verdict{"prod/driver": reach.Allowed, "prod/executor": reach.Denied} {
			if a := c.Allowed(reach.Pod("lab/x"), reach.Pod(pod), reach.TCP(80)); a.Verdict != want {
				t.Errorf("%s: %s %s, want %s", name, pod, a.Verdict, want)
			}
		}
	}
}

// replicaSet is one that others of its kind may control.
func replicaSet(namespace, name, owner string) *appsv1.ReplicaSet {
	rs := &appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
	if owner != "" {
		rs.OwnerReferences = []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "ReplicaSet", Name: owner, Controller: new(true)}}
	}
	return rs
}

// Pods are those of the workload that nobody controls. ReplicaSets make no ReplicaSets,
// whatever they say of their owners: each runs what it says.
func TestChainsOfOwners(t *testing.T) {
	pod := func(owner string) *corev1.Pod {
		pod := examplePod("shop", "pod-of-"+owner)
		pod.Labels = map[string]string{"kind": "pod"}
		pod.OwnerReferences = []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "ReplicaSet", Name: owner, Controller: new(true)}}
		return pod
	}
	ofDeployment := replicaSet("shop", "a", "web")
	ofDeployment.OwnerReferences[0].Kind = "Deployment"
	deployment := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}
	tests := map[string]struct {
		objs []bulkhead.Object
		want map[string]reach.Verdict // of connections to the workload; to pods they are denied
	}{
		"a chain":                    {[]bulkhead.Object{ofDeployment, deployment, pod("a")}, map[string]reach.Verdict{"shop/web": reach.Denied}},
		"an owner that is not there": {[]bulkhead.Object{ofDeployment, pod("a")}, map[string]reach.Verdict{"shop/a": reach.Denied}},
		"its own owner":              {[]bulkhead.Object{replicaSet("shop", "a", "a"), pod("a")}, map[string]reach.Verdict{"shop/a": reach.Denied}},
		"a circle": {
			[]bulkhead.Object{replicaSet("shop", "a", "b"), replicaSet("shop", "b", "a"), pod("a")},
			map[string]reach.Verdict{"shop/a": reach.Denied, "shop/b": reach.Allowed},
		},
	}
	closed := bulkhead.Must(netpol.Allow("shop", "pods", netpol.Pods{"kind": "pod"}, netpol.From(netpol.Pods{"app": "none"}).TCP(1)))
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := newCluster(t, append(tt.objs, closed, examplePod("lab", "x")), reach.Reference)
			got := make(map[string]reach.Verdict)
			for _, w := range c.Workloads() {
				if w.Namespace() == "shop" {
					got[w.String()] = c.Allowed(reach.Pod("lab/x"), w, reach.TCP(80)).Verdict
				}
			}
			if !maps.Equal(got, tt.want) {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}
