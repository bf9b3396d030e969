// SPDX-License-Identifier: Apache-2.0

// Package rbac answers who can do what to the API server, and proves that nobody of
// one side of a boundary can act on the other.
//
// [New] reads roles, bindings, accounts, namespaces and workloads. [Cluster.Allowed]
// answers one request as the RBAC authorizer of kube-apiserver does. [Cluster.Actors]
// follows what rights lead to: who may make a pod in a namespace acts as each of its
// service accounts, who may impersonate a user is that user, who may escalate has
// everything, and so on until nothing new is found. [Cluster.Rights] lists what all of
// these may do outside. [Cluster.NoAccess] is the proof: Sealed, Breached by these
// paths, or Undetermined for want of this.
//
//	cluster := rbac.New(objs, rbac.Options{Authorizers: []string{"Node", "RBAC"}, Whole: true, Minor: 37})
//	proof, err := cluster.NoAccess(rbac.Boundary{From: []string{"staging"}, Away: []string{"prod"}})
//	for _, breach := range proof.Breaches {
//		fmt.Println(breach.Rule, breach.Path, breach.Change.Text)
//	}
//
// Every path has the fewest steps that there are, a step being what one right or two
// together lead to, and each of its hops names an object, and a field unless it is about
// the whole. A breach is a right to change anything in a namespace on the other side, to
// read its Secrets, ConfigMaps or logs, to open connections to its pods through the
// API server, or to become somebody who may. Reading other objects is none.
//
// What the objects do not tell is named: a role that is not among them, an authorizer
// that is not RBAC, whether an operator that acts for others reaches too far, what keeps
// privileged pods out of a namespace, and where other pods run. A path that begins with
// what nobody can tell is followed to its end, and only if it crosses the boundary is
// anything missing. The package looks at what the API server allows, not at which pods
// reach it, and never talks to a cluster.
package rbac
