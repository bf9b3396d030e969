// SPDX-License-Identifier: Apache-2.0

package gcp

// What a path across the boundary is an instance of: the Rule of a breach. They are
// stable.
const (
	Granted        = "gcp/granted"         // a policy gives it to one of the subjects
	Everyone       = "gcp/everyone"        // a policy gives it to everybody
	ClusterWide    = "gcp/cluster-wide"    // a policy gives it to all workloads of the cluster, or of its pool
	ActsAs         = "gcp/acts-as"         // a service account has it that the subjects may act as
	NodeAccount    = "gcp/node-account"    // the nodes have it, and pods have their tokens
	SharedPool     = "gcp/shared-pool"     // another cluster of the pool makes anybody of production
	TakesOver      = "gcp/takes-over"      // a policy, a role or an access list can be rewritten that gives it
	AuthorizedView = "gcp/authorized-view" // a view reads it for the subjects
	PasswordLogin  = "gcp/password-login"  // a password opens it, and IAM is not asked
	Superuser      = "gcp/superuser"       // a user of the database may give itself everything
)
