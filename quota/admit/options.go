// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// The minor versions of Kubernetes 1 whose admission this package knows.
const (
	OldestMinor = 32
	LatestMinor = 37
)

// Options say what objects cannot.
type Options struct {
	// Minor is that of the cluster's Kubernetes version, 37 for v1.37. Zero is
	// LatestMinor.
	Minor int
	// Whole says that the objects are all that the cluster holds, as read from it:
	// a class that is not among them does not exist, and a quota without a status is
	// not enforced yet. Otherwise a missing class leaves the verdict undetermined,
	// and a quota without a status is taken for one that is enforced and unused.
	Whole bool
	// Nodes is how many nodes a DaemonSet runs on. Zero counts the Nodes among the
	// objects that take its pods. With neither, Fit cannot tell what DaemonSets take.
	Nodes int
	// ConcurrentRollouts is how many workloads of a namespace are rolled out at the
	// same time, those of which the most is charged. Zero is all of them.
	ConcurrentRollouts int
	// Limited is what the server's admission configuration refuses where no quota
	// covers it (plugin ResourceQuota, limitedResources).
	Limited []LimitedResource
}

// A LimitedResource says what no object may take unless a quota covers it.
type LimitedResource struct {
	APIGroup, Resource string                                     // of the objects; "" and "pods" for pods
	MatchContains      []string                                   // parts of names of resources, such as "requests.nvidia.com/"
	MatchScopes        []corev1.ScopedResourceSelectorRequirement // such as the priority class system-node-critical
}

// completed returns options with what is left out, or what is wrong with them.
func (o Options) completed() (Options, error) {
	if o.Minor == 0 {
		o.Minor = LatestMinor
	}
	var wrong []string
	if o.Minor < OldestMinor || o.Minor > LatestMinor {
		wrong = append(wrong, fmt.Sprintf("Minor: %d is not from %d to %d", o.Minor, OldestMinor, LatestMinor))
	}
	if o.Nodes < 0 {
		wrong = append(wrong, fmt.Sprintf("Nodes: %d is negative", o.Nodes))
	}
	if o.ConcurrentRollouts < 0 {
		wrong = append(wrong, fmt.Sprintf("ConcurrentRollouts: %d is negative", o.ConcurrentRollouts))
	}
	for i, limited := range o.Limited {
		if limited.Resource == "" {
			wrong = append(wrong, fmt.Sprintf("Limited[%d].Resource: empty", i))
		}
	}
	if len(wrong) > 0 {
		return o, &OptionsError{Wrong: wrong}
	}
	return o, nil
}

// podLevel reports whether pods may have resources of their own. Before, the server
// drops them (pkg/features/kube_features.go, PodLevelResources).
func (o Options) podLevel() bool { return o.Minor >= 34 }

// podLevelLate reports whether what a pod's own resources lack is filled in after
// admission plugins have changed its containers, and limits with it
// (PodLevelResourcesFixDefaulting).
func (o Options) podLevelLate() bool { return o.Minor >= 37 }

// An OptionsError lists all that is wrong with Options.
type OptionsError struct {
	Wrong []string // a field and what is wrong with it
}

// Error lists it in one line.
func (e *OptionsError) Error() string { return "options: " + strings.Join(e.Wrong, "; ") }
