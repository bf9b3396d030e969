// SPDX-License-Identifier: Apache-2.0

// Package bulkhead is the vocabulary that every package of watertight shares:
// objects and references to them, findings and the rules that report them, and
// the Bulkhead, a namespace with everything that holds it.
//
// A [Rule] is a value. There is no registry: a caller lists the rules it wants,
// [Check] runs them over a set of objects, and the [Findings] come back sorted,
// whatever the order of the input. What to do with them is the caller's choice:
// [Findings.Err] fails a program, [Findings.ErrorList] fits Kubernetes
// validation code, [Findings.Admission] is what an admission webhook returns,
// and [Findings.Waive] sets aside what somebody has taken responsibility for.
//
// [New] gathers the objects of one namespace, and the cluster-scoped objects
// that hold it, into a [Bulkhead]: copied, checked for clashes and in the order
// in which they must be applied, so that the walls stand before the tenants
// move in.
//
// The package refuses what cannot be told apart from a mistake: an empty
// namespace, an object of another namespace or of no known kind, two objects of
// one name. It never talks to a cluster and never changes an object that it was
// given.
package bulkhead
