// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/netpol/reach"
)

// A change shows in what pods that are yet to be made could do.
func TestDiffNamespaces(t *testing.T) {
	const places = `
{apiVersion: v1, kind: Namespace, metadata: {name: staging, labels: {team: a}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: prod}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: staging, labels: {app: web}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: db, namespace: prod, labels: {app: db}}}
---
`
	policy := func(namespace, name, spec string) string {
		return `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: ` + name + `, namespace: ` + namespace + `}, spec: {` + spec + "}}\n---\n"
	}
	walls := policy("prod", "deny", "podSelector: {}, policyTypes: [Ingress, Egress]") +
		policy("staging", "deny", "podSelector: {}, policyTypes: [Ingress, Egress]") +
		policy("staging", "out", "podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 5432}]}]")
	from := func(pods string) string {
		return policy("prod", "back", "podSelector: {}, ingress: [{from: [{"+pods+"namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: staging}}}], ports: [{port: 5432}]}]")
	}
	admin := func(action string) string {
		return `{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: wall}, spec: {tier: Admin, priority: 1, subject: {namespaces: {matchLabels: {team: a}}}, egress: [{action: ` + action + `, to: [{namespaces: {}}]}]}}` + "\n---\n"
	}
	for name, tt := range map[string]struct{ before, after, want string }{
		"nothing":                     {walls, walls, ""},
		"the order of policies":       {walls + policy("prod", "x", "podSelector: {}"), policy("prod", "x", "podSelector: {}") + walls, ""},
		"a policy that says the same": {walls, walls + policy("prod", "again", "podSelector: {}, policyTypes: [Ingress, Egress]"), ""},
		"a wall is gone, of pods too that are yet to be made": {
			policy("prod", "deny", "podSelector: {}"), "", `
prod Ingress Sealed to Breached: prod/db is not isolated, a new pod without labels would not be isolated
prod */* to prod/*: none before, all after
prod */* to prod/db: none before, all after
prod prod/* to prod/*: none before, all after
prod prod/* to prod/db: none before, all after
prod prod/db to prod/*: none before, all after
prod staging/web to prod/*: none before, all after`,
		},
		"what no pod of today has the labels for": {
			walls, walls + from("podSelector: {matchLabels: {app: backup}}, "), `
staging staging/* to prod/db: none before, TCP 5432 for staging/* (labelled app=backup) after`,
		},
		"the labels matter no longer": {
			walls + from("podSelector: {matchLabels: {app: backup}}, "), walls + from(""), `
prod staging/web to prod/*: none before, TCP 5432 after
staging staging/* to prod/db: TCP 5432 for staging/* (labelled app=backup) before, TCP 5432 after`,
		},
		"a policy of the cluster, of the namespaces that it selects": {
			walls + admin("Accept"), walls + admin("Deny"), `
staging staging/* to */*: all before, none after
staging staging/web to */*: all before, none after`,
		},
		"a policy that is not read leaves what it may decide open": {
			walls, walls + "{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: l7, namespace: prod}}\n---\n", `
prod */* to prod/*: none before, all (unknown) after
prod */* to prod/db: none before, all (unknown) after
prod prod/* to */*: none before, all (unknown) after
prod prod/* to prod/*: none before, all (unknown) after
prod prod/* to prod/db: none before, all (unknown) after
prod prod/db to */*: none before, all (unknown) after
prod prod/db to prod/*: none before, all (unknown) after
prod staging/web to prod/*: none before, TCP 5432 (unknown) after`,
		},
		"a namespace that is new, and a workload": {
			walls, walls + policy("lab", "deny", "podSelector: {}") + "{apiVersion: v1, kind: Pod, metadata: {name: x, namespace: lab}}\n---\n", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			before, after := newCluster(t, read(t, places+tt.before), reach.Reference), newCluster(t, read(t, places+tt.after), reach.Reference)
			var got []string
			for _, n := range reach.DiffNamespaces(before, after) {
				for _, c := range n.Isolation {
					got = append(got, fmt.Sprintf("%s %s %s to %s", n.Namespace, c.Direction, c.Before, c.After))
				}
				for _, c := range n.Exposed {
					got = append(got, fmt.Sprintf("%s %s to %s: %s before, %s after", n.Namespace, c.From, c.To, linesOf(c.Before), linesOf(c.After)))
				}
			}
			if text := strings.Join(got, "\n"); text != strings.TrimPrefix(tt.want, "\n") {
				t.Errorf("got\n%s\nwant%s", text, tt.want)
			}
		})
	}
}

func linesOf(list []reach.Exposure) string {
	var out []string
	for _, e := range list {
		text := e.Ports.String()
		if e.Verdict == reach.Unknown {
			text += " (unknown)"
		}
		for _, end := range []reach.End{e.From, e.To} {
			if end.Labels != nil || end.NamespaceLabels != nil {
				text += " for " + end.String()
			}
		}
		out = append(out, text)
	}
	if out == nil {
		return "none"
	}
	return strings.Join(slices.Compact(out), ", ")
}

// What is no change is none, and seen from the other side a change is the same one.
func TestDiffNamespacesOfRandomClusters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		places := drawPlaces(t)
		a := newCluster(t, slices.Concat(places, drawPolicies(t, true)), reach.Generic)
		b := newCluster(t, slices.Concat(places, drawPolicies(t, true)), reach.Generic)
		if same := reach.DiffNamespaces(a, a); same != nil {
			t.Fatalf("a cluster differs from itself: %v", same)
		}
		forth, back := reach.DiffNamespaces(a, b), reach.DiffNamespaces(b, a)
		for i := range back {
			for j, c := range back[i].Isolation {
				back[i].Isolation[j].Before, back[i].Isolation[j].After = c.After, c.Before
			}
			for j, c := range back[i].Exposed {
				back[i].Exposed[j].Before, back[i].Exposed[j].After = c.After, c.Before
			}
		}
		if got, want := fmt.Sprint(back), fmt.Sprint(forth); got != want {
			t.Fatalf("back %s, forth %s", got, want)
		}
	})
}
