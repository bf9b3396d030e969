// SPDX-License-Identifier: Apache-2.0

// Package schedule judges who gives way to whom on the nodes that staging and
// production share.
//
// [New] reads the objects of a cluster and takes the namespaces on both sides. Its
// methods answer one question each, workload by workload: does production outrank
// staging as admission resolves priorities ([Cluster.Ranks]), could a pod of staging
// claim a class that it must not have ([Cluster.Claims]), whom does the kubelet evict
// first ([Cluster.Evictions]), do they share nodes at all ([Cluster.Sharing]), and do
// the caps of namespaces exceed the nodes ([Cluster.Capacity]).
//
// Each answer is a [Judgement]: Sealed where the statement holds, Breached where it
// does not, and Undetermined where the objects do not tell; it names the object and
// the field that it rests on, and the evidence that is missing. More evidence decides
// what was undetermined, and never turns a verdict into its opposite. Objects that
// contradict each other are set aside and reported ([Cluster.Problems]).
//
// It takes for granted that quotas are in force (their controller has filled in the
// status), that what changes pods on their way in and is not among the objects leaves
// priorities alone, and that pods come only from the kinds of Kubernetes.
//
// Production that names no class has the priority 0, so a modest class of staging is
// above it:
//
//	cluster, err := schedule.New(objs, schedule.Boundary{
//		Production: []string{"prod"}, Staging: []string{"staging"},
//	}, schedule.Options{Whole: true})
//	for _, j := range cluster.Ranks() {
//		fmt.Println(j)
//	}
//
// [Rules] find without a boundary what the priorities of workloads say that cannot be.
package schedule
