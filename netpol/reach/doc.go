// SPDX-License-Identifier: Apache-2.0

// Package reach answers who can open a connection to whom, as the policies of a
// cluster add up.
//
// [New] takes namespaces, pods or workloads, nodes, Services and policies:
// NetworkPolicy, ClusterNetworkPolicy, and AdminNetworkPolicy and
// BaselineAdminNetworkPolicy before it. Then [Cluster.Allowed] answers one question,
// with the policies and rules that decide on both sides; [Cluster.Flows] and
// [Cluster.Between] list all that is open between workloads; [Cluster.External] says
// which addresses outside; [Cluster.Exposed] what the next pod could do, whatever its
// labels, and [Cluster.Isolated] whether policies isolate it; [Cluster.Redundant] finds
// what changes nothing, and [Diff] and [DiffNamespaces] what changed between two
// clusters. [Cluster.Update] and [Cluster.Remove] follow a cluster that changes, beside
// readers.
//
// An answer is [Allowed], [Denied] or [Unknown]. It is Unknown where the input does
// not tell, such as for the labels of a namespace that is not in it; where a policy is
// of a kind that is not read here, such as those of Cilium and Calico, which is then
// named; and where dataplanes differ and the [Profile] does not say which one it is.
// Policies that the API server would refuse are reported by [Cluster.Findings] and
// left out.
//
// Pods that no policy can tell apart are one class, and connections are worked out
// between classes: sets of classes for the peers of each rule, and for each pair of
// classes the ports that are surely and possibly open, as ranges of each protocol. The
// tiers are asked in their order: Admin by priority, then NetworkPolicy, then Baseline.
// So the cost follows the number of distinct sets of labels and of policies, not the
// square of the pods.
//
// It judges connections. Replies to them are none, and what an established one
// carries is not seen. It never talks to a cluster.
package reach
