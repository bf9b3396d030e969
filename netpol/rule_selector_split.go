// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// SelectorSplit is a namespaceSelector and a podSelector in two entries of a list,
// where the pods that exist say that one entry was meant.
const SelectorSplit = "netpol/selector-split"

func selectorSplit(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for np := range n.eachPolicy() {
		for rule := range effectiveRules(np.NetworkPolicy) {
			for i, peer := range rule.peers {
				other, split := n.splitFrom(np.Namespace, rule.peers, i)
				if !split {
					continue
				}
				p.Reportf(np, rule.peersPath().Index(i).Child("podSelector"),
					"join the two selectors into one entry",
					"%s run in %s and not in the policy's own namespace: this entry matches nothing, and the one with the namespaceSelector lets every pod of %[2]s through",
					podWords(peer.PodSelector), other)
			}
		}
	}
}

// splitFrom reports whether peer i, a podSelector alone, belongs to another entry
// of the list, a namespaceSelector alone: no pod of the policy's namespace matches
// it, and a pod of a namespace that the other entry selects does. It returns that
// namespace.
func (n neighbours) splitFrom(namespace string, peers []networkingv1.NetworkPolicyPeer, i int) (string, bool) {
	peer := peers[i]
	if peer.PodSelector == nil || peer.NamespaceSelector != nil || !n.podsKnown(namespace) {
		return "", false
	}
	pods := compile(peer.PodSelector)
	if pods == nil || len(n.selected(namespace, pods)) > 0 {
		return "", false
	}
	for _, other := range peers {
		if other.NamespaceSelector == nil || other.PodSelector != nil {
			continue
		}
		if found, ok := n.runningIn(compile(other.NamespaceSelector), pods); ok {
			return found, true
		}
	}
	return "", false
}

// runningIn returns the first namespace by name that both selectors match.
func (n neighbours) runningIn(namespaces, pods labels.Selector) (string, bool) {
	var found []string
	if namespaces == nil {
		return "", false
	}
	for name, workloads := range n.workloads {
		if matches, known := n.inNamespaces(name, namespaces); !matches || !known {
			continue
		}
		if slices.ContainsFunc(workloads, func(w workload.Workload) bool { return w.Matches(pods) }) {
			found = append(found, name)
		}
	}
	if len(found) == 0 {
		return "", false
	}
	return slices.Min(found), true
}
