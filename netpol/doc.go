// SPDX-License-Identifier: Apache-2.0

// Package netpol builds network policies and judges them.
//
// It makes NetworkPolicy and ClusterNetworkPolicy objects as kube-apiserver stores
// them: the silence of a namespace ([DefaultDeny]), a namespace that sees itself and
// nothing else ([AllowWithin]), what some pods may exchange with others ([Allow]),
// both sides of one connection ([Connect]), and a denial that no namespace can undo
// ([Blind]). The objects are plain values of the API's own types, to be given an
// owner, applied, written or compared like any other.
//
// It refuses what was left empty. In a NetworkPolicy an empty selector means every
// pod, an empty list of peers everyone and an empty list of ports all of them, so
// that a map read from an unfilled file would open a namespace. Here they are
// errors, all of them at once, and everything has a word of its own: [AllPods],
// [AllNamespaces], [Anyone], [AnyPort]. It also refuses what kube-apiserver would.
//
// [Rules] find in policies from anywhere what kube-apiserver refuses, what lets
// through more than it seems to, and what does nothing. Most need the policy alone,
// and [Validate] runs these; others look at the namespaces, workloads and services
// beside it, and stay silent where an object that is not there could make the
// difference. A finding says what connections get through or are dropped because of
// it. Each rule has a page, which is its Doc.
//
// It never talks to a cluster, and does not know whether one enforces policies: the
// API server stores them, the network plugin acts on them. Nor does it work out
// which pods reach which by all policies together. The ports, labels and addresses
// of platforms are in package platform.
//
// A namespace begins silent and is opened by what it needs. The shop's web pods take
// connections from the edge and ask a database; two weeks later somebody adds a
// policy to see whether the network is at fault, and leaves it:
//
//	deny := netpol.DefaultDeny("shop")
//	web, err := netpol.Allow("shop", "web", netpol.Pods{"app": "web"},
//		netpol.From(netpol.Namespace("edge")).TCP(8080),
//		netpol.To(netpol.Pods{"app": "db"}).TCP(5432))
//
//	debug := deny.DeepCopy() // selects every pod, and allows everything
//	debug.Name = "debug"
//	debug.Spec.Egress = []networkingv1.NetworkPolicyEgressRule{{}}
//
//	findings := bulkhead.Check([]bulkhead.Object{deny, web, debug}, netpol.Rules()...)
//
// The finding names the rule in debug that undoes the denial, and that no other
// NetworkPolicy can take it back.
package netpol
