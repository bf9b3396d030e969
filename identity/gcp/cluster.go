// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"github.com/watertight-go/watertight/identity"
)

// A Cluster is what of a cluster decides who its pods are (Kubernetes Engine API v1,
// Cluster).
type Cluster struct {
	// Pool is its workload identity pool. Without one every pod is its node.
	Pool string
	// Autopilot clusters have no pods that are their node.
	Autopilot bool
	NodePools []NodePool
	// Open says whether staging may make namespaces or accounts in it as it likes. In a
	// cluster that shares the pool of staging's own, who may do so has the identity of
	// any workload of the pool. For the cluster that staging is in it is of no account:
	// what may be done there is a matter of RBAC.
	Open identity.Answer
}

// A NodePool is a group of nodes.
type NodePool struct {
	Name string
	// ServiceAccount is the Google service account of the nodes. Empty, or "default",
	// is the default account of Compute Engine.
	ServiceAccount string
	// Metadata is the mode of workloadMetadataConfig. With any but GKE_METADATA pods
	// get the tokens of the nodes' account.
	Metadata string
}

// metadataServer is the mode in which pods get tokens of their own accounts only.
const metadataServer = "GKE_METADATA"

// givesTokens reports whether pods on the nodes get the tokens of these.
func (p NodePool) givesTokens(in *Cluster) bool { return p.Metadata != metadataServer || in.Pool == "" }
