// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/reach"
)

// What is wrong with the input is told with its place, and the rest is answered: in
// each case shop/web cannot connect to shop/db.
func TestFindings(t *testing.T) {
	const good = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
---
`
	tests := map[string]struct {
		more string
		want []string
	}{
		"nothing is wrong": {},
		"a policy that the API server refuses": {
			more: `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: bad, namespace: shop}, spec: {podSelector: {}, ingress: [{ports: [{port: 70000}]}]}}`,
			want: []string{"netpol/invalid NetworkPolicy/shop/bad spec.ingress[0].ports[0].port"},
		},
		"an AdminNetworkPolicy of a priority that there is not": {
			more: `{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: bad}, spec: {priority: 1001, subject: {namespaces: {}}}}`,
			want: []string{"reach/invalid-admin-policy AdminNetworkPolicy/bad spec.priority"},
		},
		"an AdminNetworkPolicy with an action that there is not": {
			more: `{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: bad}, spec: {priority: 1, subject: {namespaces: {}}, ingress: [{action: Accept, from: [{namespaces: {}}]}]}}`,
			want: []string{"reach/invalid-admin-policy AdminNetworkPolicy/bad spec.ingress[0].action"},
		},
		"a second BaselineAdminNetworkPolicy": {
			more: `{apiVersion: policy.networking.k8s.io/v1alpha1, kind: BaselineAdminNetworkPolicy, metadata: {name: other}, spec: {subject: {namespaces: {}}, egress: [{action: Pass, to: [{namespaces: {}}]}]}}`,
			want: []string{
				"reach/invalid-admin-policy BaselineAdminNetworkPolicy/other metadata.name",
				"reach/invalid-admin-policy BaselineAdminNetworkPolicy/other spec.egress[0].action",
			},
		},
		"a policy of a kind that is not read": {
			more: `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: l7, namespace: other}, spec: {endpointSelector: {}}}`,
			want: []string{"netpol/unread-policy CiliumNetworkPolicy/other/l7 ", "reach/absent-namespace CiliumNetworkPolicy/other/l7 metadata.namespace"},
		},
		"one name for two objects": {
			more: `{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: other}}}`,
			want: []string{"reach/duplicate-object Pod/shop/web "},
		},
		"a pod that names no namespace": {
			more: `{apiVersion: v1, kind: Pod, metadata: {name: stray}}`,
			want: []string{"reach/absent-namespace Pod/stray metadata.namespace", "reach/default-namespace Pod/stray metadata.namespace"},
		},
		"a namespace without its object": {
			more: `{apiVersion: v1, kind: Pod, metadata: {name: x, namespace: lab}}`,
			want: []string{"reach/absent-namespace Pod/lab/x metadata.namespace"},
		},
		"a Service in a namespace without its object, which has no labels that matter": {
			more: `{apiVersion: v1, kind: Service, metadata: {name: x, namespace: lab}, spec: {ports: [{port: 80}]}}`,
		},
		"a policy that selects no pod": {
			more: `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: idle, namespace: shop}, spec: {podSelector: {matchLabels: {app: none}}}}`,
			want: []string{"reach/selects-nothing NetworkPolicy/shop/idle spec.podSelector"},
		},
		"a policy of a namespace without pods": {
			more: `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: idle, namespace: lab}, spec: {podSelector: {}}}`,
			want: []string{"reach/absent-namespace NetworkPolicy/lab/idle metadata.namespace", "reach/selects-nothing NetworkPolicy/lab/idle spec.podSelector"},
		},
		"a ClusterNetworkPolicy that selects no pod": {
			more: `{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: idle}, spec: {tier: Admin, priority: 1, subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: lab}}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}}`,
			want: []string{"reach/selects-nothing ClusterNetworkPolicy/idle spec.subject"},
		},
		"a rule whose peers are nobody": {
			more: `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: lone, namespace: shop}, spec: {podSelector: {}, policyTypes: [Ingress, Egress], egress: [{to: [{podSelector: {matchLabels: {app: none}}}]}], ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}]}}`,
			want: []string{"reach/peer-selects-nothing NetworkPolicy/shop/lone spec.egress[0].to"},
		},
		"a rule whose peers are in a namespace that is not in the input": {
			more: `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: far, namespace: shop}, spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]}]}}`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := newCluster(t, read(t, good+tt.more), reach.Generic)
			var got []string
			for _, f := range c.Findings() {
				got = append(got, fmt.Sprintf("%s %s %s", f.Rule, f.Object, f.Field))
				if f.Message == "" {
					t.Errorf("%s says nothing", f.Rule)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
			if a := c.Allowed(reach.Pod("shop/web"), reach.Pod("shop/db"), reach.TCP(5432)); a.Verdict != reach.Denied {
				t.Errorf("shop/web to shop/db: %s %v", a.Verdict, a.Why())
			}
		})
	}
}

// What was wrong with a policy is forgotten when a better one takes its place, and
// when it goes.
func TestFindingsFollowTheCluster(t *testing.T) {
	policy := func(port string) []bulkhead.Object {
		return read(t, `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, ingress: [{ports: [{port: `+port+`}]}]}}`)
	}
	pods := read(t, "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}}")
	c := newCluster(t, append(pods, policy("70000")...), reach.Generic)
	before := len(c.Findings())
	c.Update(policy("80")...)
	mended := len(c.Findings())
	c.Update(policy("70000")...)
	again := len(c.Findings())
	c.Remove(bulkhead.Ref{Group: "networking.k8s.io", Kind: "NetworkPolicy", Namespace: "shop", Name: "p"})
	if gone := len(c.Findings()); before != 1 || mended != 0 || again != 1 || gone != 0 {
		t.Errorf("%d, then %d, %d and %d findings", before, mended, again, gone)
	}
}
