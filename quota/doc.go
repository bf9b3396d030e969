// SPDX-License-Identifier: Apache-2.0

// Package quota builds and judges what keeps a namespace from taking more than its
// share of a cluster.
//
// It makes ResourceQuota, LimitRange and PriorityClass objects, and the Namespace
// with its Pod Security labels, as kube-apiserver stores them: each on its own
// ([ResourceQuota], [OnlyClasses], [Limits], [Priority], [LowPriority],
// [Namespace]), and the closed set of them that holds a namespace to a budget
// ([Cap]). The objects are plain values of the API's own types.
//
// It refuses what was left empty. An amount that is missing is not an amount without
// bound, and a limit of zero, which a node takes for none, is an error like a
// negative one, one that no cluster has, and one above what it must stay below. All
// mistakes are in one error. It also refuses what kube-apiserver would.
//
// [Rules] find in objects from anywhere what kube-apiserver refuses and what does not
// hold although it is there. Most need one object alone, and [Validate] runs these;
// others look at the namespace's other objects and its workloads, and stay silent
// where an object that is not there could make the difference. Each rule has a page,
// which is its Doc.
//
// It never talks to a cluster, and does not add up what workloads take: whether they
// fit is the question of package quota/admit.
//
// A quota that looks complete shows why one object is not enough. It caps the memory
// of all pods, but a container that sets its limit to "0" is charged nothing and may
// use all the memory of its node, and a pod of the class system-node-critical evicts
// production's:
//
//	hard := corev1.ResourceList{"limits.memory": resource.MustParse("16Gi")}
//	alone, err := quota.ResourceQuota("staging", "cap", hard)
//
// Cap makes the quota together with what closes these ways around it:
//
//	share, err := quota.Cap("staging", quota.Budget{...})
package quota
