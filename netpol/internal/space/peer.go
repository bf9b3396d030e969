// SPDX-License-Identifier: Apache-2.0

package space

import networkingv1 "k8s.io/api/networking/v1"

// A Peer is what an entry in a list of peers of a NetworkPolicy stands for: pods, or
// addresses, or everyone.
type Peer struct {
	everyone  bool
	selects   bool // pods, not addresses
	pods      Pods
	addresses Addresses
}

// Everyone returns every pod and every address, which a list without entries means.
func Everyone() Peer { return Peer{everyone: true} }

// PeerOf reads an entry of a policy in a namespace. It returns the empty set and
// false for one that kube-apiserver refuses.
func PeerOf(namespace string, peer networkingv1.NetworkPolicyPeer) (Peer, bool) {
	selects := peer.PodSelector != nil || peer.NamespaceSelector != nil
	if peer.IPBlock != nil {
		block, ok := BlockOf(peer.IPBlock)
		if !ok || selects {
			return Peer{}, false
		}
		return Peer{addresses: block}, true
	}
	pods := Pods{NamespaceNamed(namespace), AllLabels()}
	namespacesOK, podsOK := true, true
	if peer.NamespaceSelector != nil {
		pods.Namespaces, namespacesOK = NamespacesOf(peer.NamespaceSelector)
	}
	if peer.PodSelector != nil {
		pods.Labels, podsOK = LabelsOf(peer.PodSelector)
	}
	if !selects || !namespacesOK || !podsOK {
		return Peer{}, false
	}
	return Peer{selects: true, pods: pods}, true
}

// Covers reports whether p stands for all that q stands for, as far as
// [Pods.Covers] can tell. Pods and addresses do not cover each other: whether a
// block holds the addresses of pods depends on the dataplane.
func (p Peer) Covers(q Peer) bool {
	switch {
	case p.everyone || q.everyone:
		return p.everyone
	case q.selects:
		return p.selects && p.pods.Covers(q.pods)
	default:
		return p.addresses.Covers(q.addresses)
	}
}

// MayOverlap reports whether some pod or address may be in both. Of pods and
// addresses that is not known, so that they may.
func (p Peer) MayOverlap(q Peer) bool {
	switch {
	case p.everyone || q.everyone:
		return true
	case p.selects && q.selects:
		return p.pods.Overlaps(q.pods)
	case !p.selects && !q.selects:
		return p.addresses.Overlaps(q.addresses)
	default:
		return true
	}
}

// Empty reports whether no pod and no address is meant.
func (p Peer) Empty() bool {
	if p.selects {
		return p.pods.Empty()
	}
	return !p.everyone && p.addresses.Empty()
}
