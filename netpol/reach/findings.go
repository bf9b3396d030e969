// SPDX-License-Identifier: Apache-2.0

package reach

// IDs of what [Cluster.Findings] says about the input, beside the findings of
// netpol.Invalid and netpol.UnusableClusterPolicy.
const (
	// InvalidAdminPolicy is what the API server refuses in an AdminNetworkPolicy or a
	// BaselineAdminNetworkPolicy.
	InvalidAdminPolicy = "reach/invalid-admin-policy"
)
