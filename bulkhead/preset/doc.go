// SPDX-License-Identifier: Apache-2.0

// Package preset makes whole bulkheads in one call each: [Staging] and [Production],
// for two namespaces of one cluster.
//
// What one object does another can undo: a quota is passed by where no LimitRange
// stands, a priority class is worth nothing where every pod may name another, and an
// annotation on a ServiceAccount is open to whoever may edit it. A preset holds what
// belongs together. Staging gets a namespace with Pod Security at its strictest, a
// default deny, one policy by which it sees itself, one by which it is blind to
// production, names to resolve and cloud identities to obtain, a budget, a class that
// ranks below all others, and admission policies that keep all that in place.
// Production gets the same walls, a class that outranks, and no budget.
//
// The objects are plain values of the API's own types, in apply order. Change what
// you like before you apply them; [Environment.Drift] is a rule that tells later what
// is no longer as it was made.
//
// A preset opens nothing between workloads of production, nothing to the outside and
// nothing to a database, since only their owner knows what they need: add policies of
// the packages netpol and netpol/platform.
//
// Empty options mean the defaults below, never more access. It refuses what it could
// only guess, such as the platform, and what the builders that it calls refuse: all of
// it, joined. It never talks to a cluster or a cloud. What has to be granted in the
// cloud is in [Environment.Grants].
package preset
