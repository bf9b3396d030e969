// SPDX-License-Identifier: Apache-2.0

package gcp

import "strconv"

// NodeTokens is a node pool whose pods get the tokens of their node, since it does not
// run the metadata server of GKE or the cluster has no pool (GKE documentation, "About
// Workload Identity Federation for GKE").
const NodeTokens = "gcp/node-tokens"

func (l *linter) nodeTokens(r *resource) {
	if r.cluster == nil || r.cluster.Autopilot {
		return
	}
	for i, pool := range r.cluster.NodePools {
		if pool.givesTokens(r.cluster) {
			l.report(NodeTokens, r.ref, "nodePools["+strconv.Itoa(i)+"].config.workloadMetadataConfig.mode", "set it to "+metadataServer+", in a cluster with a workload pool",
				"every pod on nodes of the pool %s gets the tokens of %s", pool.Name, l.nodeAccount(r, pool))
		}
	}
}
