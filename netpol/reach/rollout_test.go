// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"strings"
	"testing"

	"github.com/watertight-go/watertight/netpol/reach"
)

// Pods of a Deployment that look like an older template stand beside those that the
// new one will bring; where they look like it, they are all.
func TestTemplatesBesideOlderPods(t *testing.T) {
	const rollout = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, uid: d}
spec: {template: {metadata: {labels: {app: web, track: TRACK}}, spec: {containers: [{name: main, ports: [{name: http, containerPort: 8080}]}]}}}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-1, namespace: shop, uid: r, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d, controller: true}]}
spec: {replicas: 1, template: {metadata: {labels: {app: web, track: stable}}}}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1-a, namespace: shop, labels: {app: web, track: stable, pod-template-hash: "1"}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: r, controller: true}]}
spec: {containers: [{name: main, ports: [{name: http, containerPort: PORT}]}]}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: stable, namespace: shop}, spec: {podSelector: {matchLabels: {track: stable}}, ingress: [{ports: [{port: http}]}]}}
`
	for name, tt := range map[string]struct {
		track, port string
		want        map[uint16]reach.Verdict
	}{
		"rolled out":                 {"stable", "8080", map[uint16]reach.Verdict{8080: reach.Allowed, 9090: reach.Denied}},
		"a template of other labels": {"canary", "8080", map[uint16]reach.Verdict{8080: reach.Allowed, 9090: reach.Allowed}},
		"a template of other ports":  {"stable", "9090", map[uint16]reach.Verdict{8080: reach.Allowed, 9090: reach.Allowed, 80: reach.Denied}},
	} {
		c := newCluster(t, read(t, strings.NewReplacer("TRACK", tt.track, "PORT", tt.port).Replace(rollout)), reach.Generic)
		for port, want := range tt.want {
			if a := c.Allowed(endpoint(t, "203.0.113.9"), reach.Pod("shop/web"), reach.TCP(port)); a.Verdict != want {
				t.Errorf("%s: TCP %d is %s, want %s: %v", name, port, a.Verdict, want, a.Why())
			}
		}
	}
}
