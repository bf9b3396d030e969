// SPDX-License-Identifier: Apache-2.0

// Package taint knows which taints keep pods off a node for good, and which tolerations
// take them.
package taint

import (
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// A Stay is how long a taint keeps pods off a node.
type Stay int

// How long it may be.
const (
	Lasts   Stay = iota
	Passes       // with the state of the node that it tells of
	MayPass      // if what it waits for is there and comes
)

// Of says how long a taint stays. Kubernetes takes its own away when the state of
// the node changes (k8s.io/api v0.37, core/v1/well_known_taints.go, and
// k8s.io/cloud-provider v0.37, api/well_known_taints.go).
func Of(taint *corev1.Taint) Stay {
	if taint.Effect == corev1.TaintEffectPreferNoSchedule {
		return Passes // it only asks
	}
	switch taint.Key {
	case corev1.TaintNodeNotReady, corev1.TaintNodeUnreachable, corev1.TaintNodeUnschedulable, corev1.TaintNodeMemoryPressure,
		corev1.TaintNodeDiskPressure, corev1.TaintNodeNetworkUnavailable, corev1.TaintNodePIDPressure, corev1.TaintNodeOutOfService,
		"node.cloudprovider.kubernetes.io/uninitialized", "node.cloudprovider.kubernetes.io/shutdown":
		return Passes
	}
	if awaits(taint.Key) {
		return MayPass
	}
	return Lasts
}

// awaits reports whether another controller takes a taint away once it is done, as far
// as its key tells: one that the cluster autoscaler takes for passing (kubernetes/
// autoscaler, cluster-autoscaler/utils/taints/taints.go, and its FAQ, "Startup taints"),
// one of Karpenter or Cluster API, and any that says that something on the node is not
// ready, as those of Cilium and of CSI drivers do. Nor is it known what others in the
// domains of Kubernetes wait for.
func awaits(key string) bool {
	switch key {
	case "ToBeDeletedByClusterAutoscaler", "NodeWithImpairedVolumes", "cloud.google.com/impending-node-termination",
		"karpenter.sh/unregistered", "karpenter.sh/disrupted":
		return true
	}
	domain, name, _ := strings.Cut(key, "/")
	switch domain {
	case "node.kubernetes.io", "node.cloudprovider.kubernetes.io", "startup-taint.cluster-autoscaler.kubernetes.io",
		"ignore-taint.cluster-autoscaler.kubernetes.io", "status-taint.cluster-autoscaler.kubernetes.io":
		return true
	}
	return strings.HasSuffix(name, "not-ready") || name == "uninitialized"
}

// Tolerated reports whether one of some tolerations takes a taint.
func Tolerated(taint *corev1.Taint, tolerations []corev1.Toleration) bool {
	return slices.ContainsFunc(tolerations, func(t corev1.Toleration) bool {
		if t.Effect != "" && t.Effect != taint.Effect || t.Key != "" && t.Key != taint.Key {
			return false
		}
		switch t.Operator {
		case corev1.TolerationOpExists:
			return true
		case corev1.TolerationOpEqual, "":
			return t.Key != "" && t.Value == taint.Value
		default: // of numbers
			return compares(t, taint)
		}
	})
}

// compares reports whether a toleration by Lt or Gt takes the value of a taint.
func compares(t corev1.Toleration, taint *corev1.Taint) bool {
	bound, err := strconv.ParseInt(t.Value, 10, 64)
	value, err2 := strconv.ParseInt(taint.Value, 10, 64)
	if err != nil || err2 != nil {
		return false
	}
	return t.Operator == corev1.TolerationOpLt && value < bound || t.Operator == corev1.TolerationOpGt && value > bound
}
