// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/component-helpers/scheduling/corev1/nodeaffinity"

	"github.com/watertight-go/watertight/quota/internal/taint"
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

// keepsOff reports whether a taint keeps pods off a node. One that may pass does not:
// they take room once it has.
func keepsOff(one *corev1.Taint, tolerations []corev1.Toleration) bool {
	return taint.Of(one) == taint.Lasts && !taint.Tolerated(one, tolerations)
}
