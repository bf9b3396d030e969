// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/reach"
)

// The policy of the lower number is asked first, and the Admin tier before the others.
func TestPriorities(t *testing.T) {
	const pods = "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: b, namespace: shop}}\n---\n"
	policy := func(name, tier, action string, priority int) string {
		return fmt.Sprintf("{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: %s}, spec: {tier: %s, priority: %d, subject: {namespaces: {}}, ingress: [{action: %s, from: [{namespaces: {}}]}]}}\n---\n", name, tier, priority, action)
	}
	for name, tt := range map[string]struct {
		policies string
		want     reach.Verdict
	}{
		"the lower number accepts":         {policy("z", "Admin", "Accept", 1) + policy("a", "Admin", "Deny", 2), reach.Allowed},
		"the lower number denies":          {policy("z", "Admin", "Deny", 1) + policy("a", "Admin", "Accept", 2), reach.Denied},
		"ten comes after nine":             {policy("a", "Admin", "Accept", 10) + policy("z", "Admin", "Deny", 9), reach.Denied},
		"the Admin tier before Baseline":   {policy("z", "Admin", "Accept", 1000) + policy("a", "Baseline", "Deny", 0), reach.Allowed},
		"Baseline where Admin passes":      {policy("z", "Admin", "Pass", 0) + policy("a", "Baseline", "Deny", 1000), reach.Denied},
		"Baseline by the lower number":     {policy("z", "Baseline", "Deny", 3) + policy("a", "Baseline", "Accept", 4), reach.Denied},
		"passing on leaves the whole tier": {policy("a", "Admin", "Pass", 1) + policy("z", "Admin", "Deny", 2), reach.Allowed},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCluster(t, read(t, pods+tt.policies), reach.Reference)
			if a := c.Allowed(reach.Pod("shop/a"), reach.Pod("shop/b"), reach.TCP(80)); a.Verdict != tt.want {
				t.Errorf("%s, want %s: %v", a.Verdict, tt.want, a.Why())
			}
			open := false
			for f := range c.Flows() {
				open = open || f.From == reach.Pod("shop/a")
			}
			if open != (tt.want == reach.Allowed) {
				t.Errorf("among the flows it is %t", open)
			}
		})
	}
}

// A label of which only the key is known stays unknown among many pods as among few.
func TestHiddenLabelsAmongManyPods(t *testing.T) {
	for _, others := range []int{3, 600} {
		objs := read(t, `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {template: {metadata: {labels: {app: web}}}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: db, namespace: prod}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: db, namespace: prod}, spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {pod-template-hash: a1}}}]}]}}
`)
		for i := range others {
			objs = append(objs, &corev1.Pod{
				ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: fmt.Sprint("pod-", i), Labels: map[string]string{"app": fmt.Sprint(i), "pod-template-hash": fmt.Sprint("b", i)}},
				Status:     corev1.PodStatus{PodIP: fmt.Sprintf("10.0.%d.%d", i/250, i%250+1)},
			})
		}
		c := newCluster(t, objs, reach.Reference)
		for from, want := range map[string]reach.Verdict{"shop/web": reach.Unknown, "shop/pod-1": reach.Denied} {
			if a := c.Allowed(reach.Pod(from), reach.Pod("prod/db"), reach.TCP(80)); a.Verdict != want {
				t.Errorf("beside %d pods, from %s: %s, want %s: %v", others, from, a.Verdict, want, a.Why())
			}
		}
	}
}

// A target port has a protocol, and the same name may stand for another port of another.
func TestTargetPortsOfAProtocol(t *testing.T) {
	c := newCluster(t, read(t, `
{apiVersion: v1, kind: Pod, metadata: {name: dns, namespace: shop, labels: {app: dns}}, spec: {containers: [{name: main, ports: [{name: dns, containerPort: 5353, protocol: UDP}, {name: dns, containerPort: 5300}]}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: dns, namespace: shop}, spec: {selector: {app: dns}, ports: [{name: udp, port: 53, protocol: UDP, targetPort: dns}, {name: tcp, port: 53, targetPort: dns}]}}
`), reach.Reference)
	for asked, want := range map[reach.Port]reach.Port{reach.UDP(53): reach.UDP(5353), reach.TCP(53): reach.TCP(5300)} {
		if backends, _ := c.Backends("shop/dns", asked); len(backends) != 1 || backends[0].Port != want {
			t.Errorf("behind %s: %v, want %s", asked, backends, want)
		}
	}
}

// A policy that comes before the namespace that it is in counts when pods come, and a
// policy that is not read counts until it is removed.
func TestPoliciesThatComeFirst(t *testing.T) {
	c := newCluster(t, nil, reach.Reference)
	c.Update(read(t, `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny, namespace: shop}, spec: {podSelector: {}}}`)...)
	c.Update(read(t, `{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}}`)...)
	ask := func() reach.Verdict {
		return c.Allowed(endpoint(t, "203.0.113.9"), reach.Pod("shop/web"), reach.TCP(80)).Verdict
	}
	before := ask()
	unread := read(t, `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: l7, namespace: shop}}`)
	c.Update(unread...)
	beside, findings := ask(), len(c.Findings())
	c.Remove(bulkhead.RefTo(unread[0]))
	if after := ask(); before != reach.Denied || beside != reach.Unknown || after != reach.Denied {
		t.Errorf("before %s, beside %s, after %s", before, beside, after)
	}
	if left := len(c.Findings()); left != findings-1 {
		t.Errorf("%d findings, and %d without the policy", findings, left)
	}
}

// An address that two nodes claim is the first one's by name, and a pod without the
// name of its node is on the one that has the address of its host.
func TestNodesByTheirAddresses(t *testing.T) {
	c := newCluster(t, read(t, `
{apiVersion: v1, kind: Node, metadata: {name: node-1}, status: {addresses: [{type: InternalIP, address: 10.128.0.1}]}}
---
{apiVersion: v1, kind: Node, metadata: {name: node-2}, status: {addresses: [{type: InternalIP, address: 10.128.0.1}, {type: InternalIP, address: 10.128.0.2}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}, status: {hostIP: 10.128.0.2, podIP: 10.0.0.1}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny, namespace: shop}, spec: {podSelector: {}}}
`), reach.Calico)
	for from, want := range map[string]reach.Verdict{"10.128.0.1": reach.Denied, "10.128.0.2": reach.Allowed} {
		if a := c.Allowed(endpoint(t, from), reach.Pod("shop/web"), reach.TCP(80)); a.Verdict != want {
			t.Errorf("from %s: %s, want %s: %v", from, a.Verdict, want, a.Why())
		}
	}
}

// A new pod is not known to be isolated beside a policy that is not read, nor where a
// pod needs no owner and the dataplane leaves those alone.
func TestIsolationThatIsNotKnown(t *testing.T) {
	const closed = "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, ownerReferences: [{apiVersion: v1, kind: X, name: x, uid: x, controller: true}]}}\n---\n" +
		"{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny, namespace: shop}, spec: {podSelector: {}}}\n---\n"
	const some = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny, namespace: shop}, spec: {podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [x]}]}}}\n---\n"
	const unread = "{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: l7, namespace: shop}}\n---\n"
	for name, tt := range map[string]struct {
		objs    string
		profile reach.Profile
		want    bulkhead.Verdict
	}{
		"closed":                              {closed, reach.Calico, bulkhead.Sealed},
		"closed, on the VPC CNI":              {closed, reach.VPCCNI, bulkhead.Undetermined},
		"closed to most":                      {some, reach.Calico, bulkhead.Breached},
		"closed to most, beside another kind": {some + unread, reach.Calico, bulkhead.Undetermined},
	} {
		_, ingress := newCluster(t, read(t, tt.objs), tt.profile).Isolated("shop")
		if ingress.Verdict != tt.want {
			t.Errorf("%s: %s, want %s: %+v", name, ingress.Verdict, tt.want, ingress)
		}
	}
}
