// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"maps"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/watertight-go/watertight/bulkhead"
)

// SelectorSplit is a namespaceSelector and a podSelector in two entries of a list,
// where the pods that exist say that one entry was meant.
const SelectorSplit = "netpol/selector-split"

func selectorSplit(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for np := range n.eachPolicy() {
		for rule := range effectiveRules(np.obj) {
			for i, other := range n.splits(np.obj.Namespace, rule.peers) {
				p.Reportf(np.obj, rule.peersPath().Index(i).Child("podSelector"),
					"join the two selectors into one entry",
					"%s run in %s and not in the policy's own namespace: this entry matches nothing, and the one with the namespaceSelector lets every pod of %[2]s through",
					podWords(rule.peers[i].PodSelector), other)
			}
		}
	}
}

// splits returns the peers of a list that are a podSelector alone and belong to
// another entry, a namespaceSelector alone: no pod of the policy's namespace
// matches them, and a pod of a namespace that the other entry selects does. It
// returns that namespace for each.
func (n neighbours) splits(namespace string, peers []networkingv1.NetworkPolicyPeer) map[int]string {
	lone := n.loneSelectors(namespace, peers)
	if len(lone) == 0 {
		return nil
	}
	out := make(map[int]string)
	opened := n.openedWhole(peers)
	for i, pods := range lone {
		if j := slices.IndexFunc(opened, func(name string) bool { return n.runs(name, pods) }); j >= 0 {
			out[i] = opened[j]
		}
	}
	return out
}

// loneSelectors returns the peers that are a podSelector alone and match no pod of
// the policy's namespace, if the set shows those.
func (n neighbours) loneSelectors(namespace string, peers []networkingv1.NetworkPolicyPeer) map[int]labels.Selector {
	if !n.podsKnown(namespace) {
		return nil
	}
	out := make(map[int]labels.Selector)
	for i, peer := range peers {
		if peer.PodSelector == nil || peer.NamespaceSelector != nil {
			continue
		}
		if pods := compile(peer.PodSelector); pods != nil && !n.runs(namespace, pods) && !contradictory(peer.PodSelector) {
			out[i] = pods
		}
	}
	return out
}

// openedWhole returns the namespaces with workloads that entries of a
// namespaceSelector alone select, in order.
func (n neighbours) openedWhole(peers []networkingv1.NetworkPolicyPeer) []string {
	out := make(map[string]bool)
	for _, peer := range peers {
		if peer.NamespaceSelector == nil || peer.PodSelector != nil {
			continue
		}
		namespaces := compile(peer.NamespaceSelector)
		if namespaces == nil {
			continue
		}
		for name := range n.workloads {
			if matches, known := n.inNamespaces(name, namespaces); matches && known {
				out[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(out))
}
