// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol"
)

// The sentence says what the objects are, where a shorter one would be wrong.
func TestWording(t *testing.T) {
	const policy = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress, Egress]
`
	const pods = `
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web, tier: front}}, spec: {containers: [{name: main}]}}}
---
apiVersion: v1
kind: Pod
metadata:
  name: web-x
  namespace: shop
  labels: {app: web, debug: "true"}
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web, uid: a, controller: true}]
spec: {containers: [{name: main}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
`
	for name, tt := range map[string]struct{ rule, manifest, want string }{
		"a pod that differs from its owner is named": {
			netpol.NamedPortUnmatched, policy + `  egress: [{to: [{podSelector: {matchLabels: {debug: "true"}}}], ports: [{port: http}]}]` + pods,
			"no container of Pod web-x declares",
		},
		"a workload that two peers select is named once": {
			netpol.NamedPortUnmatched, policy + `  egress: [{to: [{podSelector: {matchLabels: {app: web}}}, {podSelector: {matchLabels: {tier: front}}}], ports: [{port: http}]}]` + pods,
			"no container of ReplicaSet web declares",
		},
		"a namespace that is listed twice is named once": {
			netpol.PeerMatchesNothing, policy + `  ingress: [{from: [{podSelector: {matchLabels: {app: api}}, namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [shop, shop]}]}}]}]` + pods,
			"no workload of shop has pods app=api",
		},
		"pods of namespaces that are excluded": {
			netpol.OpenEndedSelector, policy + `  egress: [{to: [{podSelector: {matchLabels: {app: db}}, namespaceSelector: {matchExpressions: [{key: env, operator: NotIn, values: [staging]}]}}]}]`,
			"to pods app=db of namespaces env notin (staging): also to those without the label",
		},
		"an except that a rule without peers reopens": {
			netpol.ExceptReopened, policy + `  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}, {}]`,
			"by a rule without peers",
		},
		"an except that another peer reopens": {
			netpol.ExceptReopened, policy + `  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}, {ipBlock: {cidr: 10.1.0.0/16}}]}]`,
			"by other peers of the policy",
		},
		"every metadata server of a block": {
			netpol.MetadataReachable, policy + `  egress: [{to: [{ipBlock: {cidr: "fc00::/6"}}]}]`,
			"(fd00:ec2::254 and fd20:ce::254)",
		},
		"what a ClusterNetworkPolicy denies": {
			netpol.Unpoliced, `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: wall}
spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{namespaces: {}}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: main}]}
`,
			"every address, but for what a ClusterNetworkPolicy denies",
		},
	} {
		t.Run(name, func(t *testing.T) {
			set, err := manifest.Read("wording.yaml", strings.NewReader(tt.manifest))
			if err != nil {
				t.Fatal(err)
			}
			got := bulkhead.Check(set.Objects, ruleOf(tt.rule))
			if len(got) != 1 || !strings.Contains(got[0].Message, tt.want) {
				t.Errorf("got %v, want one finding with %q", got, tt.want)
			}
		})
	}
}
