// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/reach"
)

// What the input does not tell is Unknown, and some reason says what is missing.
func TestUnknownNamesWhatIsMissing(t *testing.T) {
	const pods = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
status: {podIP: 10.0.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
status: {podIP: 10.0.0.2}
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop, labels: {app: agent}}
spec: {hostNetwork: true, nodeName: node-1}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec: {template: {metadata: {labels: {app: cart}}}}
---
apiVersion: v1
kind: Pod
metadata: {name: x, namespace: lab}
---
`
	const deny = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny, namespace: shop}, spec: {podSelector: {}}}` + "\n---\n"
	tests := map[string]struct {
		more, from, to string
		says           string
	}{
		"a policy of Cilium, by its name": {
			more: `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: l7, namespace: shop}}`,
			from: "shop/web", to: "shop/db", says: "CiliumNetworkPolicy/shop/l7 is of a kind that is not read",
		},
		"a policy of Calico for the whole cluster": {
			more: `{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: all}}`,
			from: "shop/web", to: "shop/db", says: "GlobalNetworkPolicy/all is of a kind that is not read",
		},
		"the labels of a namespace without its object": {
			more: deny + `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: in, namespace: shop}, spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: lab}}}]}]}}`,
			from: "lab/x", to: "shop/db", says: "there is no Namespace object of lab",
		},
		"the label that a Deployment gives its pods": {
			more: deny + `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: in, namespace: shop}, spec: {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {pod-template-hash: a1}}}]}]}}`,
			from: "shop/cart", to: "shop/db", says: "the control plane gives the pods a label",
		},
		"whether a block matches pods": {
			more: deny + `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: in, namespace: shop}, spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}}`,
			from: "shop/web", to: "shop/db", says: "dataplanes differ in whether an ipBlock matches the addresses of pods",
		},
		"the address of a pod": {
			more: deny + `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: in, namespace: shop}, spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}}`,
			from: "shop/cart", to: "shop/db", says: "the address of the pod is not in the input",
		},
		"whether a policy selects a pod on the host network": {
			more: deny,
			from: "203.0.113.9", to: "shop/agent", says: "dataplanes differ in whether a policy selects pods on the host network",
		},
		"whether a pod is on the node of another": {
			more: deny,
			from: "shop/agent", to: "shop/db", says: "and if that is the node of shop/db",
		},
		"whether the dataplane acts on ClusterNetworkPolicy": {
			more: `{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: wall}, spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}}`,
			from: "shop/web", to: "shop/db", says: "not every dataplane acts on policies of the kind ClusterNetworkPolicy",
		},
		"whether a policy that the API server refuses is in force": {
			more: `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: bad, namespace: shop}, spec: {podSelector: {}, ingress: [{ports: [{port: 70000}]}]}}`,
			from: "shop/web", to: "shop/db", says: "the API server refuses the policy",
		},
		"which port a name means that is there twice": {
			more: deny + `{apiVersion: v1, kind: Pod, metadata: {name: twice, namespace: shop, labels: {app: twice}}, spec: {containers: [{name: a, ports: [{name: http, containerPort: 80}]}, {name: b, ports: [{name: http, containerPort: 8080}]}]}}` + "\n---\n" +
				`{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: in, namespace: shop}, spec: {podSelector: {matchLabels: {app: twice}}, ingress: [{ports: [{port: http}]}]}}`,
			from: "203.0.113.9", to: "shop/twice", says: "containers of shop/twice give the name of the port to different ones",
		},
		"an end that is not in the input": {
			from: "shop/web", to: "shop/nobody", says: "shop/nobody is not in the input",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a := newCluster(t, read(t, pods+tt.more), reach.Generic).Allowed(endpoint(t, tt.from), endpoint(t, tt.to), reach.TCP(80))
			if a.Verdict != reach.Unknown {
				t.Errorf("%s: %v", a.Verdict, a.Why())
			}
			var reasons []string
			for _, r := range a.Why() {
				reasons = append(reasons, r.Text)
			}
			if !strings.Contains(strings.Join(reasons, "\n"), tt.says) {
				t.Errorf("no reason says %q: %q", tt.says, reasons)
			}
		})
	}
}

// Policies of other kinds may be about nodes and the pods on their network, and those
// that cannot be leave them open.
func TestUnreadPoliciesOfNodes(t *testing.T) {
	const host = `
{apiVersion: v1, kind: Node, metadata: {name: node-1}, status: {addresses: [{type: InternalIP, address: 10.128.0.1}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: agent, namespace: shop}, spec: {hostNetwork: true, nodeName: node-1}}
---
`
	for name, tt := range map[string]struct {
		policy string
		want   reach.Verdict
	}{
		"of Cilium, about nodes":            {`{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: host}, spec: {nodeSelector: {}}}`, reach.Unknown},
		"of Cilium, among several":          {`{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: host}, specs: [{endpointSelector: {}}, {nodeSelector: {}}]}`, reach.Unknown},
		"of Cilium, about pods":             {`{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: pods}, spec: {endpointSelector: {}}}`, reach.Allowed},
		"of Calico, about host endpoints":   {`{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: host}, spec: {selector: "role == 'node'"}}`, reach.Unknown},
		"of Cilium, in the pod's namespace": {`{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: l7, namespace: shop}, spec: {endpointSelector: {}}}`, reach.Allowed},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCluster(t, read(t, host+tt.policy), reach.Cilium)
			for _, to := range []string{"shop/agent", "10.128.0.1"} {
				a := c.Allowed(endpoint(t, "203.0.113.9"), endpoint(t, to), reach.TCP(22))
				if a.Verdict != tt.want || len(a.Why()) == 0 {
					t.Errorf("to %s: %s, want %s: %v", to, a.Verdict, tt.want, a.Why())
				}
			}
			c.Remove(bulkhead.RefTo(read(t, tt.policy)[0]))
			if a := c.Allowed(endpoint(t, "203.0.113.9"), endpoint(t, "10.128.0.1"), reach.TCP(22)); a.Verdict != reach.Allowed {
				t.Errorf("without the policy: %s: %v", a.Verdict, a.Why())
			}
		})
	}
}

// The agent of the VPC CNI plugin may leave pods alone that nobody owns; of a pod that
// has an owner, in the input or not, it enforces policies.
func TestPodsWithoutAnOwner(t *testing.T) {
	objs := read(t, `
{apiVersion: v1, kind: Pod, metadata: {name: alone, namespace: shop}}
---
{apiVersion: v1, kind: Pod, metadata: {name: owned, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: "1", controller: true}]}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {template: {}}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny, namespace: shop}, spec: {podSelector: {}}}
`)
	c := newCluster(t, objs, reach.VPCCNI)
	for to, want := range map[string]reach.Verdict{"shop/alone": reach.Unknown, "shop/owned": reach.Denied, "shop/web": reach.Denied} {
		a := c.Allowed(endpoint(t, "203.0.113.9"), reach.Pod(to), reach.TCP(80))
		if a.Verdict != want || want == reach.Unknown && !mentions(a.Why(), "may leave a pod alone that has no owner") {
			t.Errorf("to %s: %s, want %s: %v", to, a.Verdict, want, a.Why())
		}
	}
}

// What a domain name stands for decides under every profile, and nobody knows it.
func TestDomainNamesAreUnknown(t *testing.T) {
	objs := read(t, `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress]}
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: names}
spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Accept, to: [{domainNames: [example.com]}]}]}
`)
	a := newCluster(t, objs, reach.Reference).Allowed(reach.Pod("shop/web"), endpoint(t, "203.0.113.9"), reach.TCP(443))
	if a.Verdict != reach.Unknown || !strings.Contains(a.Why()[0].Text, "what a domain name stands for is not in the input") {
		t.Errorf("%s: %v", a.Verdict, a.Why())
	}
}

// Of two policies of one priority that disagree a dataplane may follow either; where
// they agree it does not matter.
func TestEqualPriorities(t *testing.T) {
	policy := func(name, action string) string {
		return `{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: ` + name + `}, spec: {priority: 5, subject: {namespaces: {}}, ingress: [{action: ` + action + `, from: [{namespaces: {}}]}]}}` + "\n---\n"
	}
	const pods = "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: b, namespace: shop}}\n---\n"
	for name, tt := range map[string]struct {
		first, second string
		want          reach.Verdict
	}{
		"they disagree":           {"Allow", "Deny", reach.Unknown},
		"both deny":               {"Deny", "Deny", reach.Unknown}, // not every dataplane acts on them
		"both allow what is open": {"Allow", "Allow", reach.Allowed},
		"one passes what is open": {"Allow", "Pass", reach.Allowed},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCluster(t, read(t, pods+policy("first", tt.first)+policy("second", tt.second)), reach.Generic)
			if a := c.Allowed(reach.Pod("shop/a"), reach.Pod("shop/b"), reach.TCP(80)); a.Verdict != tt.want {
				t.Errorf("%s, want %s: %v", a.Verdict, tt.want, a.Why())
			}
		})
	}
}
