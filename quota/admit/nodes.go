// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/component-helpers/scheduling/corev1/nodeaffinity"
)

// runsOn returns on how many Nodes a DaemonSet has a pod (Kubernetes v1.37,
// pkg/controller/daemon/daemon_controller.go, NodeShouldRunDaemonPod). Taints that say
// what state a node is in come and go, and its controller tolerates them.
func (c *Cluster) runsOn(d *appsv1.DaemonSet) (n int64) {
	spec := &d.Spec.Template.Spec
	required := nodeaffinity.GetRequiredNodeAffinity(&corev1.Pod{Spec: *spec})
	for _, node := range c.nodes {
		if spec.NodeName != "" && spec.NodeName != node.Name {
			continue
		}
		if matches, err := required.Match(node); err == nil && matches && !slices.ContainsFunc(node.Spec.Taints, func(t corev1.Taint) bool { return keepsOff(&t, spec.Tolerations) }) {
			n++
		}
	}
	return n
}

func keepsOff(taint *corev1.Taint, tolerations []corev1.Toleration) bool {
	if taint.Effect == corev1.TaintEffectPreferNoSchedule || passing(taint.Key) {
		return false
	}
	return !slices.ContainsFunc(tolerations, func(t corev1.Toleration) bool {
		return (t.Effect == "" || t.Effect == taint.Effect) && (t.Key == taint.Key || t.Key == "") &&
			(t.Operator == corev1.TolerationOpExists || t.Key != "" && t.Value == taint.Value)
	})
}

// passing reports whether a taint says in what state a node is
// (k8s.io/api/core/v1/well_known_taints.go).
func passing(key string) bool {
	return slices.Contains([]string{
		corev1.TaintNodeNotReady, corev1.TaintNodeUnreachable, corev1.TaintNodeUnschedulable, corev1.TaintNodeMemoryPressure,
		corev1.TaintNodeDiskPressure, corev1.TaintNodeNetworkUnavailable, corev1.TaintNodePIDPressure, corev1.TaintNodeOutOfService,
	}, key)
}
