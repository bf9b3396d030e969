// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/reach"
)

// A change shows in what it opens: between workloads, within one, and to addresses
// outside.
func TestDiff(t *testing.T) {
	const places = `
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: db, namespace: shop}, spec: {template: {metadata: {labels: {app: db}}}}}
---
`
	policy := func(spec string) string {
		return `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: all, namespace: shop}, spec: {podSelector: {}, ` + spec + `}}`
	}
	from := func(app string, port int) string {
		return fmt.Sprintf("ingress: [{from: [{podSelector: {matchLabels: {app: %s}}}], ports: [{port: %d}]}]", app, port)
	}
	const closed = "policyTypes: [Ingress, Egress]"
	for name, tt := range map[string]struct{ before, after, want string }{
		"nothing": {closed, closed, ""},
		"a namespace is opened to the world": {
			closed, "policyTypes: [Ingress, Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]",
			"shop/db Egress [] to [0.0.0.0/0 all]\nshop/web Egress [] to [0.0.0.0/0 all]",
		},
		"the world comes in": {
			closed, "policyTypes: [Ingress, Egress], ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 443}]}]",
			"shop/db Ingress [] to [203.0.113.0/24 TCP 443]\nshop/web Ingress [] to [203.0.113.0/24 TCP 443]",
		},
		"a port less": {
			"ingress: [{ports: [{port: 80}, {port: 443}]}]", "ingress: [{ports: [{port: 443}]}]",
			"changed shop/db shop/db TCP 80,443 to TCP 443\nchanged shop/db shop/web TCP 80,443 to TCP 443\nchanged shop/web shop/db TCP 80,443 to TCP 443\n" +
				"shop/db Ingress [0.0.0.0/0,::/0 TCP 80,443] to [0.0.0.0/0,::/0 TCP 443]\nshop/web Ingress [0.0.0.0/0,::/0 TCP 80,443] to [0.0.0.0/0,::/0 TCP 443]",
		},
		"a flow less": {
			from("web", 5432), "policyTypes: [Ingress]",
			"removed shop/web shop/db TCP 5432",
		},
		"one for the other": {
			from("web", 5432), from("db", 5432),
			"added shop/db shop/db TCP 5432\nadded shop/db shop/web TCP 5432\nremoved shop/web shop/db TCP 5432",
		},
		"another port": {
			from("web", 5432), from("web", 6432),
			"changed shop/web shop/db TCP 5432 to TCP 6432",
		},
		"pods of one label see each other": {
			closed, "policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {matchLabels: {app: db}}}]}], egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]",
			"added shop/db shop/db all",
		},
	} {
		t.Run(name, func(t *testing.T) {
			before, after := newCluster(t, read(t, places+policy(tt.before)), reach.Calico), newCluster(t, read(t, places+policy(tt.after)), reach.Calico)
			diff := reach.Diff(before, after)
			var got []string
			for _, f := range diff.Added {
				got = append(got, fmt.Sprint("added ", f.From, " ", f.To, " ", f.Ports))
			}
			for _, f := range diff.Removed {
				got = append(got, fmt.Sprint("removed ", f.From, " ", f.To, " ", f.Ports))
			}
			for _, c := range diff.Changed {
				got = append(got, fmt.Sprint("changed ", c.From, " ", c.To, " ", c.Before.Allowed, " to ", c.After.Allowed))
			}
			for _, c := range diff.External {
				got = append(got, fmt.Sprint(c.Workload, " ", c.Direction, " ", outside(c.Before), " to ", outside(c.After)))
			}
			if all := strings.Join(got, "\n"); all != tt.want || diff.None() != (tt.want == "") {
				t.Errorf("got\n%s\nwant\n%s", all, tt.want)
			}
		})
	}
}

func outside(list []reach.External) []string {
	var out []string
	for _, e := range list {
		out = append(out, strings.ReplaceAll(strings.Trim(fmt.Sprint(e.Prefixes), "[]"), " ", ",")+" "+e.Ports.String())
	}
	return out
}

// That ports are no longer known to be open is a change of the pair.
func TestDiffTellsWhatIsNotKnownAnyMore(t *testing.T) {
	objs := []bulkhead.Object{examplePod("shop", "web"), examplePod("shop", "db")}
	before, after := newCluster(t, objs, reach.Generic), newCluster(t, objs, reach.Generic)
	after.Update(read(t, `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: l7, namespace: shop}}`)...)
	changes := reach.Diff(before, after)
	if len(changes.Changed) != 2 || len(changes.Added)+len(changes.Removed) > 0 {
		t.Fatalf("%+v", changes)
	}
	for _, c := range changes.Changed {
		if !c.Before.Allowed.All() || !c.After.Allowed.None() || !c.After.Unknown.All() {
			t.Errorf("%+v", c)
		}
	}
}
