// SPDX-License-Identifier: Apache-2.0

package schedule_test

import (
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/schedule"
)

func node(name, meta, spec string) string {
	return "apiVersion: v1\nkind: Node\nmetadata: {name: " + name + meta + "}\nspec: {" + spec + "}\nstatus: {allocatable: {cpu: 4, memory: 8Gi}}"
}

func TestSharing(t *testing.T) {
	const (
		onProd     = "nodeSelector: {pool: prod}"
		onStaging  = "nodeSelector: {pool: staging}"
		affine     = "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: pool, operator: In, values: [prod, spare]}]}]}}}"
		notStaging = "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: pool, operator: NotIn, values: [staging]}]}]}}}"
		tolerant   = "tolerations: [{key: for, operator: Equal, value: prod, effect: NoSchedule}]"
		everything = "tolerations: [{operator: Exists}]"
		exclusive  = "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, namespaceSelector: {}}]}}"
		confidant  = "runtimeClassName: confidential"
		tainted    = "taints: [{key: for, value: prod, effect: NoSchedule}]"
	)
	plain, prodNode, stagingNode := node("plain", "", ""), node("prod-1", ", labels: {pool: prod}", ""), node("staging-1", ", labels: {pool: staging}", "")
	runtime := "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: confidential}\nhandler: h\nscheduling: {nodeSelector: {pool: prod}}"
	tests := map[string]struct {
		prod, staging []string
		more          []string
		options       schedule.Options
		want          string
	}{
		"pools of one label, whatever nodes there are":   {[]string{onProd}, []string{onStaging}, nil, schedule.Options{}, "Sealed|web|"},
		"pools by affinity":                              {[]string{affine}, []string{onStaging}, nil, schedule.Options{}, "Sealed|web|"},
		"any pool but that of staging":                   {[]string{notStaging}, []string{onStaging}, nil, schedule.Options{}, "Sealed|web|"},
		"staging may go anywhere":                        {[]string{onProd}, nil, nil, schedule.Options{}, "Undetermined|web|nodes"},
		"and goes there":                                 {[]string{onProd}, nil, []string{prodNode}, schedule.Options{}, "Breached|web|node prod-1"},
		"a node of others":                               {[]string{onProd}, nil, []string{stagingNode}, schedule.Options{}, "Undetermined|web|the other nodes"},
		"no node for both":                               {[]string{onProd}, []string{"nodeSelector: {size: small}"}, []string{prodNode, node("s", ", labels: {size: small}", "")}, whole(), "Sealed|web|"},
		"nothing asked for":                              {nil, nil, []string{plain}, schedule.Options{}, "Breached|web|node plain"},
		"a taint that staging does not tolerate":         {[]string{tolerant}, nil, []string{node("prod-1", "", tainted)}, whole(), "Sealed|web|"},
		"a taint that staging tolerates with all":        {[]string{tolerant}, []string{everything}, []string{node("prod-1", "", tainted)}, whole(), "Breached|web|node prod-1"},
		"a taint that only asks":                         {[]string{tolerant}, nil, []string{node("prod-1", "", "taints: [{key: for, value: prod, effect: PreferNoSchedule}]")}, whole(), "Breached|web|"},
		"a taint of another value":                       {[]string{tolerant}, []string{everything}, []string{node("b", "", "taints: [{key: for, value: batch, effect: NoSchedule}]")}, whole(), "Sealed|web|"},
		"a condition that passes":                        {nil, nil, []string{node("plain", "", "unschedulable: true, taints: [{key: node.kubernetes.io/unschedulable, effect: NoSchedule}]")}, whole(), "Breached|web|"},
		"no nodes at all":                                {nil, nil, nil, whole(), "Undetermined|web|the nodes of the cluster"},
		"pods that keep others away":                     {[]string{exclusive}, nil, []string{plain}, whole(), "Undetermined|web|podAntiAffinity"},
		"a RuntimeClass that is elsewhere":               {[]string{confidant}, []string{onStaging}, []string{stagingNode}, schedule.Options{}, "Undetermined|web|RuntimeClass confidential"},
		"a RuntimeClass with its nodes":                  {[]string{confidant}, []string{onStaging}, []string{stagingNode, runtime}, schedule.Options{}, "Sealed|web|"},
		"an annotation that a plugin may read":           {nil, nil, []string{plain, "apiVersion: v1\nkind: Namespace\nmetadata: {name: prod, annotations: {scheduler.alpha.kubernetes.io/node-selector: pool=prod}}"}, whole(), "Undetermined|web|PodNodeSelector"},
		"the same node by name":                          {[]string{"nodeName: plain"}, nil, []string{plain}, whole(), "Breached|web|node plain"},
		"another node by name":                           {[]string{"nodeName: one"}, []string{"nodeName: two"}, nil, schedule.Options{}, "Sealed|web|"},
		"a node by name that its selector excludes":      {[]string{"nodeName: plain", onProd}, nil, []string{plain}, whole(), "Sealed|web|"},
		"a term of an affinity that is empty":            {[]string{"affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{}]}}}"}, nil, []string{plain}, whole(), "Sealed|web|"},
		"an affinity with an operator that nobody has":   {[]string{"affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Like}]}]}}}"}, nil, []string{plain}, whole(), "Sealed|web|"},
		"no pods of staging, whose class does not exist": {nil, []string{of("system-x")}, []string{plain}, whole(), "Undetermined|web|the workloads of staging"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			docs := append([]string{deployment("prod", "web", tt.prod...), deployment("staging", "web", tt.staging...)}, tt.more...)
			expect(t, cluster(t, tt.options, docs...).Sharing(), schedule.Apart, tt.want)
		})
	}
}

// The controller of a DaemonSet makes pods on the node that the template names, and
// minds its taints as the scheduler does.
func TestSharingWithADaemonSetOfOneNode(t *testing.T) {
	daemons := func(spec ...string) string {
		return strings.Replace(deployment("staging", "agent", spec...), "kind: Deployment", "kind: DaemonSet", 1)
	}
	one, two := node("one", "", ""), node("two", "", "")
	tainted := node("one", "", "taints: [{key: for, value: prod, effect: NoSchedule}]")
	tests := map[string]struct {
		docs []string
		want string
	}{
		"on another node":                      {[]string{one, two, daemons("nodeName: one"), deployment("prod", "web", "nodeName: two")}, "Sealed|web|"},
		"on the same node":                     {[]string{one, two, daemons("nodeName: two"), deployment("prod", "web", "nodeName: two")}, "Breached|web|node two"},
		"on every node":                        {[]string{one, two, daemons(), deployment("prod", "web", "nodeName: two")}, "Breached|web|node two"},
		"on a node with a taint":               {[]string{tainted, daemons("nodeName: one"), deployment("prod", "web", "nodeName: one")}, "Sealed|web|"},
		"on a node with a taint, tolerated":    {[]string{tainted, daemons("nodeName: one", "tolerations: [{operator: Exists}]"), deployment("prod", "web", "nodeName: one")}, "Breached|web|node one"},
		"on a node that its selector excludes": {[]string{one, daemons("nodeName: one", "nodeSelector: {pool: staging}"), deployment("prod", "web", "nodeName: one")}, "Sealed|web|"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			expect(t, cluster(t, whole(), tt.docs...).Sharing(), schedule.Apart, tt.want)
		})
	}
}

func TestSharingOfTaintedNodes(t *testing.T) {
	const everything = "tolerations: [{operator: Exists}]"
	taint := func(name, key string) string { return node(name, "", "taints: [{key: "+key+", effect: NoSchedule}]") }
	tests := map[string]struct {
		prod  []string
		nodes []string
		want  string
	}{
		"one that its cloud has yet to set up":              {nil, []string{taint("new", "node.cloudprovider.kubernetes.io/uninitialized")}, "Breached|web|node new"},
		"one that is shut down":                             {nil, []string{taint("down", "node.cloudprovider.kubernetes.io/shutdown")}, "Breached|web|node down"},
		"one that cannot be reached":                        {nil, []string{taint("far", "node.kubernetes.io/unreachable")}, "Breached|web|node far"},
		"one that waits for the agent of its network":       {nil, []string{taint("new", "node.cilium.io/agent-not-ready")}, "Undetermined|web|whether the taint node.cilium.io/agent-not-ready of Node/new passes"},
		"one that waits for the driver of its volumes":      {nil, []string{taint("new", "ebs.csi.aws.com/agent-not-ready")}, "Undetermined|web|ebs.csi.aws.com/agent-not-ready"},
		"one that the cluster autoscaler is told to expect": {nil, []string{taint("new", "startup-taint.cluster-autoscaler.kubernetes.io/drivers")}, "Undetermined|web|startup-taint"},
		"one that is to be deleted, or not":                 {nil, []string{taint("old", "ToBeDeletedByClusterAutoscaler")}, "Undetermined|web|ToBeDeletedByClusterAutoscaler"},
		"one that has yet to register":                      {nil, []string{taint("new", "karpenter.sh/unregistered")}, "Undetermined|web|karpenter.sh/unregistered"},
		"a taint of Kubernetes that is not known":           {nil, []string{taint("odd", "node.kubernetes.io/other")}, "Undetermined|web|node.kubernetes.io/other"},
		"another node has no taint":                         {nil, []string{taint("new", "node.cilium.io/agent-not-ready"), node("plain", "", "")}, "Breached|web|node plain"},
		"another node has a taint that stays":               {nil, []string{taint("new", "node.cilium.io/agent-not-ready"), taint("master", "node-role.kubernetes.io/control-plane")}, "Undetermined|web|Node/new"},
		"a taint that stays":                                {nil, []string{taint("master", "node-role.kubernetes.io/control-plane")}, "Sealed|web|"},
		"a taint that stays beside one that may pass":       {nil, []string{node("new", "", "taints: [{key: for, value: prod, effect: NoSchedule}, {key: node.cilium.io/agent-not-ready, effect: NoExecute}]")}, "Sealed|web|"},
		"a taint that may pass and production tolerates":    {[]string{everything}, []string{taint("new", "node.cilium.io/agent-not-ready")}, "Undetermined|web|agent-not-ready"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			docs := append([]string{deployment("prod", "web", tt.prod...), deployment("staging", "web")}, tt.nodes...)
			expect(t, cluster(t, whole(), docs...).Sharing(), schedule.Apart, tt.want)
		})
	}
	both := []string{deployment("prod", "web", everything), deployment("staging", "web", everything), taint("new", "node.cilium.io/agent-not-ready")}
	expect(t, cluster(t, whole(), both...).Sharing(), schedule.Apart, "Breached|web|node new")
}

func capQuota(namespace, hard string) string {
	return "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: cap, namespace: " + namespace + "}\nspec: {hard: {" + hard + "}}"
}

func TestCapacity(t *testing.T) {
	one := node("one", "", "")
	scoped := "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: some, namespace: staging}\nspec: {hard: {cpu: 1}, scopes: [Terminating]}"
	tests := map[string]struct {
		docs    []string
		options schedule.Options
		cpu     string
	}{
		"together as much as there is":             {[]string{one, capQuota("prod", "cpu: 3"), capQuota("staging", "requests.cpu: 1")}, whole(), "Sealed|cap|4 cpu"},
		"together more":                            {[]string{one, capQuota("prod", "cpu: 3"), capQuota("staging", "requests.cpu: 1001m")}, whole(), "Breached|cap|allow requests of 4001m cpu, and the nodes have 4"},
		"more than the nodes that are given":       {[]string{one, capQuota("prod", "cpu: 3"), capQuota("staging", "cpu: 2")}, schedule.Options{}, "Undetermined|cap|the other nodes"},
		"enough with the nodes that are given":     {[]string{one, capQuota("prod", "cpu: 3"), capQuota("staging", "cpu: 1")}, schedule.Options{}, "Sealed|cap|"},
		"a second node":                            {[]string{one, node("two", "", ""), capQuota("prod", "cpu: 3"), capQuota("staging", "cpu: 2")}, whole(), "Sealed|cap|"},
		"the lower of two keys":                    {[]string{one, capQuota("prod", "cpu: 9, requests.cpu: 3"), capQuota("staging", "cpu: 1")}, whole(), "Sealed|cap|"},
		"a namespace without a cap":                {[]string{one, capQuota("prod", "cpu: 1")}, whole(), "Breached|staging|no quota without scopes caps the cpu"},
		"a namespace whose cap may be elsewhere":   {[]string{one, capQuota("prod", "cpu: 1")}, schedule.Options{}, "Undetermined|staging|a quota of cpu"},
		"a cap of some pods":                       {[]string{one, capQuota("prod", "cpu: 1"), scoped}, whole(), "Undetermined|staging|a quota of cpu"},
		"no nodes":                                 {[]string{capQuota("prod", "cpu: 1"), capQuota("staging", "cpu: 1")}, whole(), "Undetermined|cap|the nodes of the cluster"},
		"a node that does not say":                 {[]string{"apiVersion: v1\nkind: Node\nmetadata: {name: silent}", capQuota("prod", "cpu: 1"), capQuota("staging", "cpu: 1")}, whole(), "Undetermined|cap|status.allocatable of Node/silent"},
		"a quota that the API server refuses":      {[]string{one, capQuota("prod", "cpu: 1"), capQuota("staging", "cpu: -1")}, whole(), "Undetermined|staging|a quota of cpu"},
		"two quotas of one name that do not agree": {[]string{one, capQuota("prod", "cpu: 1"), capQuota("prod", "cpu: 2"), capQuota("staging", "cpu: 1")}, whole(), "Undetermined|prod|a quota of cpu"},
		"a node that has less than nothing of it":  {[]string{"apiVersion: v1\nkind: Node\nmetadata: {name: odd}\nstatus: {allocatable: {cpu: -4}}", one, capQuota("prod", "cpu: 3"), capQuota("staging", "cpu: 1")}, whole(), "Sealed|cap|"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := cluster(t, tt.options, tt.docs...).Capacity("staging", "prod")
			if len(got) != 2 {
				t.Fatalf("got %v", got)
			}
			expect(t, got[:1], schedule.WithinNodes, tt.cpu)
		})
	}
	if got := cluster(t, whole()).Capacity(); schedule.Worst(got) != bulkhead.Undetermined {
		t.Errorf("of no namespaces: %v", got)
	}
}
