// SPDX-License-Identifier: Apache-2.0

// Package gcp has the policies of Google Cloud IAM as plain values, in the JSON of its
// REST API, and adds grants to them.
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
// The package talks to nobody. Package iamproto has the same for the types of
// cloud.google.com/go/iam.
package gcp
