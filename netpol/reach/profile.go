// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"fmt"
	"strings"
)

// A Profile is the dataplane whose behaviour decides where dataplanes differ.
type Profile int

const (
	// Generic is any dataplane that keeps what Kubernetes promises of NetworkPolicy:
	// where they differ, the answer is Unknown.
	Generic Profile = iota
	// Calico is Project Calico.
	Calico
	// Cilium is Cilium with its defaults.
	Cilium
	// GKEDataplaneV2 is Dataplane V2 of Google Kubernetes Engine.
	GKEDataplaneV2
	// VPCCNI is the network policy agent of the Amazon VPC CNI plugin. It may leave
	// pods alone that have no owner.
	VPCCNI
	// Reference is what the conformance suites of Kubernetes and of
	// network-policy-api expect. It leaves nothing open in which dataplanes differ,
	// except what a domain name stands for.
	Reference
)

// profiles gives the names of the profiles, in their order.
func profiles() []string {
	return []string{"generic", "calico", "cilium", "gke-dataplane-v2", "vpc-cni", "reference"}
}

// ParseProfile returns the profile of a name, as [Profile.String] gives it.
func ParseProfile(name string) (Profile, error) {
	for i, known := range profiles() {
		if name == known {
			return Profile(i), nil
		}
	}
	return Generic, fmt.Errorf("unknown profile %q; want one of %s", name, strings.Join(profiles(), ", "))
}

// String gives the name of the profile.
func (p Profile) String() string {
	if names := profiles(); p >= 0 && int(p) < len(names) {
		return names[p]
	}
	return fmt.Sprintf("Profile(%d)", int(p))
}

// A dataplane is what the profiles differ in.
type dataplane struct {
	// blockPods says whether an address block matches the addresses of pods
	// (Kubernetes documentation, "Network Policies", leaves it open; cilium/cilium
	// issue 9209; Calico documentation, "Get started with Kubernetes network policy").
	blockPods match
	// blockNodes says whether it matches the addresses of nodes, and so of pods on
	// the host network (Cilium documentation, "Layer 3 Policies", "Selecting nodes
	// with CIDR / ipBlock").
	blockNodes match
	// hostSelected says whether selectors match pods on the host network
	// (Kubernetes documentation, "NetworkPolicy and hostNetwork pods": undefined).
	hostSelected match
	// standalone says whether NetworkPolicy is enforced on pods without an owner (Amazon
	// EKS documentation, "Limit Pod traffic with Kubernetes network policies":
	// aws/aws-network-policy-agent issue 327).
	standalone match
	// cluster and admin say whether the dataplane acts on ClusterNetworkPolicy, and
	// on AdminNetworkPolicy and BaselineAdminNetworkPolicy.
	cluster, admin match
	// toOwnNode says whether a pod may connect to its own node whatever its egress
	// policies say. From its node it always may be reached.
	toOwnNode match
	// ordered says that policies of equal priority count in the order of their
	// names; otherwise the dataplane may follow either.
	ordered bool
	// unaddressed says how an ipBlock matches a pod whose address is not in the input.
	unaddressed match
	// refused says whether a policy that the API server refuses is in force.
	refused match
	// untold says whether what the input does not tell of nodes and addresses may
	// matter elsewhere: whether a pod may run on a given node, for one.
	untold match
}

// dataplane returns the behaviour of a profile. That a named dataplane acts on a
// kind of network-policy-api depends on its version and set-up, so only Reference
// takes it as given.
func (p Profile) dataplane() dataplane {
	d := dataplane{
		blockPods: maybe, blockNodes: maybe, hostSelected: maybe,
		standalone: surely, cluster: maybe, admin: maybe, toOwnNode: maybe, unaddressed: maybe, refused: maybe, untold: maybe,
	}
	switch p {
	case Calico, VPCCNI:
		d.blockPods, d.blockNodes, d.hostSelected = surely, surely, never
		if p == VPCCNI {
			d.standalone = maybe
		}
	case Cilium, GKEDataplaneV2:
		d.blockPods, d.blockNodes, d.hostSelected = never, never, never
	case Reference:
		d = dataplane{
			blockPods: surely, blockNodes: surely, hostSelected: never,
			standalone: surely, cluster: surely, admin: surely, toOwnNode: surely, ordered: true,
			unaddressed: never, refused: surely, untold: never,
		}
	case Generic:
	}
	d.unaddressed = d.unaddressed.and(d.blockPods)
	return d
}
