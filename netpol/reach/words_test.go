// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/reach"
)

// What somebody prints says what it is.
func TestStrings(t *testing.T) {
	web := reach.Pod("shop/web")
	flow := reach.Flow{From: web, To: reach.Pod("shop/db"), Ports: reach.PortsOf(reach.TCP(5432)), Verdict: reach.Allowed}
	c := newCluster(t, []bulkhead.Object{examplePod("shop", "web"), examplePod("shop", "db"), netpol.DefaultDeny("shop")}, reach.Generic)
	for want, value := range map[string]fmt.Stringer{
		"shop/web to shop/db: TCP 5432": flow,
		"unknown":                       reach.Answer{},
		"shop/web to shop/nobody: TCP 1 unknown\n  unknown: shop/nobody is not in the input": c.Allowed(web, reach.Pod("shop/nobody"), reach.TCP(1)),
		"shop/* (labelled app=web,role=x) to */* (namespace labelled team=a, without labels): TCP 5432 (unknown)": reach.Exposure{
			From:  reach.End{Name: "shop/*", Labels: map[string]string{"role": "x", "app": "web"}},
			To:    reach.End{Name: "*/*", Labels: map[string]string{}, NamespaceLabels: map[string]string{"team": "a"}},
			Ports: flow.Ports,
		},
		"shop/web to shop/*: all": reach.Exposure{From: reach.End{Name: "shop/web"}, To: reach.End{Name: "shop/*"}, Ports: reach.AllPorts(), Verdict: reach.Allowed},
		"Undetermined":            reach.Isolation{},
		"Sealed":                  reach.Isolation{Verdict: bulkhead.Sealed},
		"Breached: shop/web is not isolated, shop/db may not be isolated, a new pod without labels would not be isolated": reach.Isolation{
			Verdict: bulkhead.Breached, Open: []reach.Endpoint{web}, Unsure: []reach.Endpoint{flow.To}, NewPods: map[string]string{},
		},
	} {
		if got := value.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := c.Allowed(web, flow.To, reach.TCP(1)).String(); !strings.HasPrefix(got, "shop/web to shop/db: TCP 1 denied\n  Egress denied: NetworkPolicy/shop/default-deny selects") {
		t.Errorf("an answer says %q", got)
	}
}

// A flow that rests on several rules names each of them once.
func TestWhyOfAFlow(t *testing.T) {
	c := newCluster(t, read(t, `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{ports: [{port: 80}, {port: 90}]}, {ports: [{port: 53, protocol: UDP}]}]
`), reach.Generic)
	var got []string
	for f := range c.Flows() {
		if f.To == reach.Pod("shop/db") {
			for _, r := range c.Why(f) {
				got = append(got, fmt.Sprintf("%s %s %s %s", r.Side, r.Verdict, r.Object, r.Field))
			}
		}
	}
	want := "Egress allowed Pod/shop/web |Ingress allowed NetworkPolicy/shop/db spec.ingress[0]|Ingress allowed NetworkPolicy/shop/db spec.ingress[1]"
	if strings.Join(got, "|") != want {
		t.Errorf("%q, want %s", got, want)
	}
	if why := c.Why(reach.Flow{From: reach.Pod("shop/web"), To: reach.Pod("shop/db")}); why != nil {
		t.Errorf("no port has a reason: %v", why)
	}
	for _, ports := range []reach.Ports{reach.AllPorts(), reach.AllPorts().Minus(numbered())} {
		why := c.Why(reach.Flow{From: reach.Pod("shop/nobody"), To: reach.Pod("shop/db"), Ports: ports})
		if len(why) != 1 || why[0].Text != "shop/nobody is not in the input" {
			t.Errorf("nobody has a reason: %v", why)
		}
	}
}

// Protocols without ports have reasons too, where nothing else is open.
func TestWhyOfProtocolsWithoutPorts(t *testing.T) {
	c := newCluster(t, read(t, `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop}
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: ports}
spec:
  tier: Admin
  priority: 1
  subject: {namespaces: {}}
  ingress:
  - action: Deny
    from: [{namespaces: {}}]
    protocols: [{tcp: {destinationPort: {range: {start: 1, end: 65535}}}}, {udp: {destinationPort: {range: {start: 1, end: 65535}}}}, {sctp: {destinationPort: {range: {start: 1, end: 65535}}}}]
`), reach.Reference)
	n := 0
	for f := range c.Flows() {
		n++
		why := c.Why(f)
		if f.Ports.String() != "other" || len(why) != 2 || why[1].Verdict != reach.Allowed ||
			why[1].Text != "no policy decides about protocols without ports from "+f.From.String()+" to "+f.To.String()+", and what none denies is allowed" {
			t.Errorf("%s: %v", f, why)
		}
	}
	if n != 2 {
		t.Errorf("%d flows, want 2", n)
	}
}

// Every flow of any cluster has reasons, of which some speak for it and none against.
func TestEveryFlowHasReasons(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newCluster(t, append(drawPlaces(t), drawPolicies(t, true)...), reach.Generic)
		for f := range c.Flows() {
			speaks := false
			for _, r := range c.Why(f) {
				speaks = speaks || r.Verdict == f.Verdict
				if f.Verdict == reach.Allowed && r.Verdict == reach.Denied {
					t.Fatalf("%s, and yet %s", f, r)
				}
			}
			if !speaks {
				t.Fatalf("%s, and no reason says so: %v", f, c.Why(f))
			}
		}
	})
}
