// SPDX-License-Identifier: Apache-2.0

// Package gcp has the policies of Google Cloud IAM as plain values, in the JSON of its
// REST API. It adds grants to them, and proves who has no access.
//
// # Grants
//
// A policy is read whole and written whole, so who adds one grant by hand may take
// away all others. [Merge] adds to a policy that was read, and keeps what it does not
// know: bindings of others, their conditions, the audit configuration, and the etag by
// which the API notices that someone else wrote in between. It refuses a policy that
// was read without its conditions, since writing that back removes them.
//
//	acting, err := identity.ActAs(account, "staging-sa@my-project.iam.gserviceaccount.com", pool)
//	policy, err = gcp.Merge(policy, gcp.Bind(acting.Grant))
//
// # Proofs
//
// [Evidence.NoAccess] answers whether staging can act on production's resources. It
// takes the allow policies of the resources and of everything above them, deny policies,
// boundaries, and what services know besides: access lists of datasets, clusters with
// their nodes, database users. It follows what each identity may become, by service
// accounts, keys, roles and policies that can be rewritten, to a fixpoint.
//
//	proof, err := evidence.NoAccess(subjects, protected, gcp.DataPermissions()...)
//	proof.Verdict  // Sealed, Breached, or Undetermined
//	proof.Breaches // each with its path, and the change that closes it
//	proof.Missing  // what would tell
//	proof.Because  // what stops a password, for which IAM is not asked
//
// What is not known is never taken for absent. A policy, role, group, or the clusters of
// a pool that are not there make a verdict Undetermined where they could matter, and
// only there. A condition is decided by [Conditions], which package condition
// implements.
//
// [Evidence.Lint] finds what a proof does not speak of: grants that are wider than they
// look, that nobody has, and that are half of a way across.
//
// [DenySubjects] makes the deny policy that shuts staging out of production's project
// whatever is granted. With it the proof does not depend on the allow policies of the
// project.
//
// The package talks to nobody. Package export reads what gcloud and bq print. Package
// iamproto has the same policies for the types of cloud.google.com/go/iam.
package gcp
