// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/netpol/internal/space"
)

// maxCompared bounds the work on one policy where each of its parts is compared
// with each: beyond this many parts in a direction such checks stay silent. The
// largest object that a cluster stores could hold some ten thousand.
const maxCompared = 1000

// An otherEnd is what one peer of a rule stands for: everyone, pods, or addresses.
type otherEnd struct {
	everyone bool        // of a rule without peers
	pods     *space.Pods // of selectors, nil if there are none
	block    addresses   // of an ipBlock
}

// otherEndOf reads a peer of a policy in a namespace, and returns false for one
// that kube-apiserver refuses.
func otherEndOf(namespace string, peer networkingv1.NetworkPolicyPeer) (otherEnd, bool) {
	selects := peer.PodSelector != nil || peer.NamespaceSelector != nil
	if peer.IPBlock != nil {
		block, ok := blockAddresses(peer.IPBlock)
		return otherEnd{block: block}, ok && !selects
	}
	pods := space.Pods{Namespaces: space.NamespaceNamed(namespace), Labels: space.AllLabels()}
	namespacesOK, podsOK := true, true
	if peer.NamespaceSelector != nil {
		pods.Namespaces, namespacesOK = space.NamespacesOf(peer.NamespaceSelector)
	}
	if peer.PodSelector != nil {
		pods.Labels, podsOK = space.LabelsOf(peer.PodSelector)
	}
	return otherEnd{pods: &pods}, selects && namespacesOK && podsOK
}

// covers reports whether e stands for all that f stands for. Pods and blocks do
// not cover each other: whether a block matches the addresses of pods depends on
// the dataplane.
func (e otherEnd) covers(f otherEnd) bool {
	switch {
	case e.everyone || f.everyone:
		return e.everyone
	case f.pods != nil:
		return e.pods != nil && e.pods.Covers(*f.pods)
	default:
		return e.block.covers(f.block)
	}
}

// mayMeet reports whether some pod or address may be in both. Of pods and blocks
// that is not known.
func (e otherEnd) mayMeet(f otherEnd) bool {
	switch {
	case e.everyone || f.everyone:
		return true
	case e.pods != nil && f.pods != nil:
		return e.pods.Overlaps(*f.pods)
	case e.pods == nil && f.pods == nil:
		return len(e.block.and(f.block)) > 0
	default:
		return true
	}
}

// none reports whether no pod and no address is meant.
func (e otherEnd) none() bool {
	if e.pods == nil {
		return !e.everyone && len(e.block) == 0
	}
	return e.pods.Empty()
}

// A portEntry is what one port of a rule stands for: a range, or a name that each
// receiving pod gives to a port of its own.
type portEntry struct {
	every       bool // every port of every protocol, of a rule without ports
	protocol    corev1.Protocol
	name        string
	first, last int32
}

// portEntries returns the ports of a rule, at least one entry.
func portEntries(ports []networkingv1.NetworkPolicyPort) []portEntry {
	if len(ports) == 0 {
		return []portEntry{{every: true}}
	}
	out := make([]portEntry, len(ports))
	for i, port := range ports {
		out[i] = portEntryOf(port)
	}
	return out
}

func portEntryOf(port networkingv1.NetworkPolicyPort) portEntry {
	entry := portEntry{protocol: protocolOf(port), first: 1, last: 65535}
	switch {
	case port.Port == nil:
	case port.Port.Type == intstr.String:
		entry.name = port.Port.StrVal
	default:
		entry.first, entry.last = port.Port.IntVal, port.Port.IntVal
		if port.EndPort != nil {
			entry.last = *port.EndPort
		}
	}
	return entry
}

// covers reports whether p lets through all that q lets through.
func (p portEntry) covers(q portEntry) bool {
	switch {
	case p.every || q.every:
		return p.every
	case p.protocol != q.protocol:
		return false
	case p.name != "":
		return p.name == q.name
	default: // a name in q may stand for any port
		return p.first <= q.first && q.last <= p.last
	}
}

// portsCover reports whether each of the narrow entries is covered by a single
// one of the wide. Of long lists it says no.
func portsCover(wide, narrow []portEntry) bool {
	if len(wide)*len(narrow) > 10*maxCompared {
		return false
	}
	return !slices.ContainsFunc(narrow, func(n portEntry) bool {
		return !slices.ContainsFunc(wide, func(w portEntry) bool { return w.covers(n) })
	})
}
