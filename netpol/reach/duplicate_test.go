// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"slices"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/reach"
)

// Of two policies of one name nobody knows which is in force: what both do is certain,
// what one of them does is not, until one of them is put in the place of both.
func TestPoliciesOfOneName(t *testing.T) {
	pods := read(t, `
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}}
---
{apiVersion: v1, kind: Pod, metadata: {name: db, namespace: shop, labels: {app: db}}}
`)
	policy := func(spec string) bulkhead.Object {
		return read(t, `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: db, namespace: shop}, spec: `+spec+`}`)[0]
	}
	web, dns, other := policy(`{podSelector: {}, ingress: [{ports: [{port: 80}]}]}`), policy(`{podSelector: {}, ingress: [{ports: [{port: 53}]}]}`), policy(`{podSelector: {matchLabels: {app: x}}}`)
	for name, tt := range map[string]struct {
		policies []bulkhead.Object
		want     map[uint16]reach.Verdict
	}{
		"one":                     {[]bulkhead.Object{web}, map[uint16]reach.Verdict{80: reach.Allowed, 53: reach.Denied}},
		"twice the same":          {[]bulkhead.Object{web, policy(`{podSelector: {}, ingress: [{ports: [{port: 80}]}]}`)}, map[uint16]reach.Verdict{80: reach.Allowed, 53: reach.Denied}},
		"two that open something": {[]bulkhead.Object{web, dns}, map[uint16]reach.Verdict{80: reach.Unknown, 53: reach.Unknown}},
		"one that selects no pod": {[]bulkhead.Object{web, other}, map[uint16]reach.Verdict{80: reach.Allowed, 53: reach.Unknown}},
		"three":                   {[]bulkhead.Object{web, dns, other}, map[uint16]reach.Verdict{80: reach.Unknown}},
	} {
		t.Run(name, func(t *testing.T) {
			backwards := slices.Clone(tt.policies)
			slices.Reverse(backwards)
			updated := newCluster(t, pods, reach.Reference)
			updated.Update(tt.policies...)
			for _, c := range []*reach.Cluster{
				newCluster(t, slices.Concat(pods, tt.policies), reach.Reference), newCluster(t, slices.Concat(backwards, pods), reach.Reference), updated,
			} {
				for port, want := range tt.want {
					a := c.Allowed(reach.Pod("shop/web"), reach.Pod("shop/db"), reach.TCP(port))
					if a.Verdict != want || want == reach.Unknown && !mentions(a.Why(), "another policy has the same name") {
						t.Errorf("TCP %d is %s, want %s: %v", port, a.Verdict, want, a.Why())
					}
				}
				c.Update(web)
				if a := c.Allowed(reach.Pod("shop/web"), reach.Pod("shop/db"), reach.TCP(53)); a.Verdict != reach.Denied || len(c.Findings()) != 1 {
					t.Errorf("with one in the place of all: %s: %v, %v", a.Verdict, a.Why(), c.Findings())
				}
				c.Remove(bulkhead.RefTo(web))
				if a := c.Allowed(reach.Pod("shop/web"), reach.Pod("shop/db"), reach.TCP(53)); a.Verdict != reach.Allowed {
					t.Errorf("without them: %s: %v", a.Verdict, a.Why())
				}
			}
		})
	}
}

// An address that two pods have is neither's, as a question and behind a Service.
func TestAddressOfTwoPods(t *testing.T) {
	c := newCluster(t, read(t, `
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}, status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: 10.0.0.1}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop, labels: {app: a}}, status: {podIP: 10.0.0.2}}
---
{apiVersion: v1, kind: Pod, metadata: {name: b, namespace: shop, labels: {app: b}}, status: {podIP: 10.0.0.2}}
---
{apiVersion: v1, kind: Service, metadata: {name: either, namespace: shop}, spec: {ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Endpoints, metadata: {name: either, namespace: shop}, subsets: [{addresses: [{ip: 10.0.0.2}], ports: [{port: 80}]}]}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a, namespace: shop}, spec: {podSelector: {matchLabels: {app: a}}}}
`), reach.Reference)
	for from, to := range map[string]string{"10.0.0.1": "10.0.0.2", "10.0.0.2": "shop/web"} {
		a := c.Allowed(endpoint(t, from), endpoint(t, to), reach.TCP(80))
		if a.Verdict != reach.Unknown || !mentions(a.Why(), "10.0.0.2 is the address of more than one pod: shop/a shop/b") {
			t.Errorf("%s to %s: %s: %v", from, to, a.Verdict, a.Why())
		}
	}
	if a := c.Allowed(endpoint(t, "10.0.0.1"), reach.Pod("shop/a"), reach.TCP(80)); a.Verdict != reach.Denied {
		t.Errorf("a pod that tells its address twice: %s: %v", a.Verdict, a.Why())
	}
	if a := c.Allowed(reach.Pod("shop/web"), reach.Service("shop/either"), reach.TCP(80)); a.Verdict != reach.Unknown {
		t.Errorf("behind a Service: %s: %v", a.Verdict, a.Why())
	}
}
