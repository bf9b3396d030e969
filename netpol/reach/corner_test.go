// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/reach"
)

// The policy of the lower number is asked first, of kinds of one tier too, and the Admin
// tier before the others, whatever their names and the order in which they come.
func TestPriorities(t *testing.T) {
	const pods = "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: b, namespace: shop}}\n---\n"
	policy := func(name, tier, action string, priority int) string {
		return fmt.Sprintf("{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: %s}, spec: {tier: %s, priority: %d, subject: {namespaces: {}}, ingress: [{action: %s, from: [{namespaces: {}}]}]}}\n---\n", name, tier, priority, action)
	}
	older := func(name, action string, priority int) string {
		return fmt.Sprintf("{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: %s}, spec: {priority: %d, subject: {namespaces: {}}, ingress: [{action: %s, from: [{namespaces: {}}]}]}}\n---\n", name, priority, action)
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
		"three of them":                    {policy("a", "Admin", "Deny", 30) + policy("b", "Admin", "Accept", 20) + policy("c", "Admin", "Deny", 40), reach.Allowed},
		"the older kind, which denies":     {older("z", "Deny", 1) + older("a", "Allow", 2), reach.Denied},
		"the older kind, which allows":     {older("z", "Allow", 1) + older("a", "Deny", 2), reach.Allowed},
		"both kinds of one tier":           {older("a", "Allow", 2) + policy("z", "Admin", "Deny", 1), reach.Denied},
	} {
		t.Run(name, func(t *testing.T) {
			policies := read(t, tt.policies)
			c := newCluster(t, append(read(t, pods), policies...), reach.Reference)
			updated := newCluster(t, read(t, pods), reach.Reference)
			for _, p := range slices.Backward(policies) {
				updated.Update(p)
			}
			if a := updated.Allowed(reach.Pod("shop/a"), reach.Pod("shop/b"), reach.TCP(80)); a.Verdict != tt.want {
				t.Errorf("one by one, the last first: %s, want %s: %v", a.Verdict, tt.want, a.Why())
			}
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

// A target port has a protocol, and the same name may stand for another port of another.
func TestTargetPortsOfAProtocol(t *testing.T) {
	c := newCluster(t, read(t, `
{apiVersion: v1, kind: Pod, metadata: {name: dns, namespace: shop, labels: {app: dns}}, spec: {containers: [{name: main, ports: [{name: dns, containerPort: 5353, protocol: UDP}, {name: dns, containerPort: 5300}, {name: metrics, containerPort: 9090}]}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: dns, namespace: shop}, spec: {selector: {app: dns}, ports: [{name: udp, port: 53, protocol: UDP, targetPort: dns}, {name: tcp, port: 53, targetPort: dns}, {name: metrics, port: 80, protocol: UDP, targetPort: metrics}]}}
`), reach.Reference)
	for asked, want := range map[reach.Port]reach.Port{reach.UDP(53): reach.UDP(5353), reach.TCP(53): reach.TCP(5300)} {
		if backends, _ := c.Backends("shop/dns", asked); len(backends) != 1 || backends[0].Port != want {
			t.Errorf("behind %s: %v, want %s", asked, backends, want)
		}
	}
	if backends, known := c.Backends("shop/dns", reach.UDP(80)); len(backends) > 0 || !known {
		t.Errorf("behind a name that the pod has for TCP only: %v, known %t", backends, known)
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
