// SPDX-License-Identifier: Apache-2.0

// Package admit answers as kube-apiserver would: is a pod admitted under the quotas,
// LimitRanges, classes and Pod Security labels of its namespace, and what is it
// charged; and do all workloads of a namespace fit, also while they are rolled out.
//
// [New] takes the objects that decide. [Cluster.Pod] takes a pod through what the
// server does with it, in the server's order: amounts that LimitRanges fill in, the
// priority class, the overhead of the RuntimeClass, the pod's own resources,
// validation of all amounts, the bounds of LimitRanges, Pod Security, and quotas
// last. A refusal names its [Stage], says what the server would say, and lists every
// container that it is about.
//
// [Fit] adds up what workloads take, and puts each namespace on a [Rung] of a ladder:
// from one on which a pod is never admitted to one on which there is room while all
// replaced pods still terminate, which quotas charge until they are gone. Each verdict
// names the workload and the number that decide, and a change that reaches the next
// rung.
//
// Three answers are possible. Where something that decides is not among the objects,
// such as a priority class, the verdict is [Undetermined] and [Result.Missing] names
// it. A namespace without a Namespace object is taken for one without Pod Security
// labels. Of admission policies and webhooks that change pods, only the class is
// followed that guard.DefaultClass gives; others leave the pod undetermined. Those
// that may refuse it are taken to refuse none; package bulkhead/guard evaluates
// policies.
//
// The answers are those of Kubernetes 1.37, and of older versions where
// [Options.Minor] says so. The tests hold them against the code of kube-apiserver and
// a running one. Nothing here talks to a cluster.
package admit
