// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"iter"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/watertight-go/watertight/internal/workload"
)

// peerPods yields the workloads that a peer of a policy in namespace matches, and
// says whether the set shows that it matches no others. It looks only into
// namespaces that the peer names; of an address block it knows nothing.
func (n neighbours) peerPods(namespace string, peer networkingv1.NetworkPolicyPeer) (pods iter.Seq[workload.Workload], all bool) {
	names, all := n.peerNamespaces(namespace, peer)
	selector := labels.Everything()
	if peer.PodSelector != nil {
		selector = compile(peer.PodSelector)
	}
	if selector == nil {
		selector, all = labels.Nothing(), false
	}
	for _, name := range names {
		all = all && n.podsKnown(name)
	}
	return func(yield func(workload.Workload) bool) {
		for _, name := range names {
			for _, w := range n.workloads[name] {
				if w.Matches(selector) && !yield(w) {
					return
				}
			}
		}
	}, all
}

// peerNamespaces returns the namespaces that a peer names: that of the policy, or
// those in the label kubernetes.io/metadata.name. All is false if the peer selects
// by other labels, which a namespace outside the set may have too.
func (n neighbours) peerNamespaces(namespace string, peer networkingv1.NetworkPolicyPeer) (names []string, all bool) {
	if peer.IPBlock != nil {
		return nil, false
	}
	if peer.NamespaceSelector == nil {
		return []string{namespace}, true
	}
	selector := compile(peer.NamespaceSelector)
	if selector == nil {
		return nil, false
	}
	pinned, isPinned := pinnedNames(selector)
	for _, name := range slices.Compact(slices.Sorted(slices.Values(pinned))) {
		matches, known := n.inNamespaces(name, selector)
		if !known {
			return nil, false
		}
		if matches {
			names = append(names, name)
		}
	}
	return names, isPinned
}

// pinnedNames returns the namespace names to which a selector is confined.
func pinnedNames(selector labels.Selector) (names []string, ok bool) {
	requirements, _ := selector.Requirements()
	for _, r := range requirements {
		if r.Key() == corev1.LabelMetadataName && asksForValue(r) {
			return r.ValuesUnsorted(), true
		}
	}
	return nil, false
}

// asksForValue reports whether only an object with one of the values matches.
func asksForValue(r labels.Requirement) bool {
	switch r.Operator() {
	case selection.Equals, selection.DoubleEquals, selection.In:
		return true
	default:
		return false
	}
}

// inNamespaces reports whether a namespace matches a selector. If the Namespace
// object is not in the set only its name is known: then matches says that it may.
func (n neighbours) inNamespaces(namespace string, selector labels.Selector) (matches, known bool) {
	if set, ok := n.namespaces[namespace]; ok {
		return selector.Matches(set), true
	}
	known = true
	requirements, selectable := selector.Requirements()
	for _, r := range requirements {
		if r.Key() != corev1.LabelMetadataName || namespace == "" {
			known = false
		} else if !r.Matches(labels.Set{corev1.LabelMetadataName: namespace}) {
			return false, true
		}
	}
	return selectable, known
}
