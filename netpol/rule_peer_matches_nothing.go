// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// PeerMatchesNothing is a peer whose selectors match no pod, so that the entry
// lets nothing through.
const PeerMatchesNothing = "netpol/peer-matches-nothing"

func peerMatchesNothing(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for np := range n.eachPolicy() {
		for rule := range effectiveRules(np.obj) {
			split := n.splits(np.obj.Namespace, rule.peers)
			for i, peer := range rule.peers {
				if _, ok := split[i]; ok {
					continue // SelectorSplit explains it better
				}
				at := rule.peersPath().Index(i)
				if name, ok := impossibleNamespace(peer); ok {
					p.Reportf(np.obj, at.Child("namespaceSelector"), "correct the name",
						"no namespace can be called %q, so the entry lets nothing through", cut(name))
				} else if isCutOut(peer) {
					p.Reportf(np.obj, at.Child("ipBlock", "except"), "remove the excepts that go too far, or the entry",
						"the excepts cut out all of %s, so the entry lets nothing through", peer.IPBlock.CIDR)
				} else if names, ok := n.withoutPods(np.obj.Namespace, peer); ok {
					p.Reportf(np.obj, at.Child("podSelector"), "correct the labels or remove the entry",
						"no workload%s has %s, so the entry lets nothing through",
						ofNamespace(list(names)), podWords(peer.PodSelector))
				}
			}
		}
	}
}

// withoutPods reports whether a peer matches no pod although the set shows all
// namespaces that it speaks of, and returns these.
func (n neighbours) withoutPods(namespace string, peer networkingv1.NetworkPolicyPeer) ([]string, bool) {
	if peer.PodSelector == nil || contradictory(peer.PodSelector) {
		return nil, false
	}
	names, _ := n.peerNamespaces(namespace, peer)
	pods, all := n.peerPods(namespace, peer)
	if !all || len(names) == 0 {
		return nil, false
	}
	for range pods {
		return nil, false
	}
	selector := compile(peer.PodSelector)
	shown := !slices.ContainsFunc(names, func(name string) bool { return n.namespaces[name] == nil })
	return names, shown && n.speakOf(names, selector) || n.nearlyRuns(names, selector)
}

// speakOf reports whether every label key that a selector asks for is in use among
// the workloads of the namespaces. One that is not may be meant for pods that
// others bring, as charts ask their clients to carry a label.
func (n neighbours) speakOf(names []string, selector labels.Selector) bool {
	requirements, _ := selector.Requirements()
	for _, r := range requirements {
		if asksForValue(r) && !slices.ContainsFunc(names, func(name string) bool { return n.keyInUse(name, r.Key()) }) {
			return false
		}
	}
	return true
}

func (n neighbours) keyInUse(namespace, key string) bool {
	for _, w := range n.workloads[namespace] {
		if _, ok := w.Labels[key]; ok {
			return true
		}
	}
	return false
}

// impossibleNamespace returns a namespace name that a peer asks for and that the
// API server would refuse to create, such as one in upper case, if it asks for no
// other.
func impossibleNamespace(peer networkingv1.NetworkPolicyPeer) (string, bool) {
	if peer.NamespaceSelector == nil {
		return "", false
	}
	selector := compile(peer.NamespaceSelector)
	if selector == nil {
		return "", false
	}
	names, _ := pinnedNames(selector)
	for _, name := range names {
		if _, impossible := impossibleName(name); !impossible {
			return "", false
		}
	}
	if len(names) == 0 {
		return "", false
	}
	return slices.Min(names), true
}

// isCutOut reports whether the excepts of a block leave none of its addresses.
func isCutOut(peer networkingv1.NetworkPolicyPeer) bool {
	if peer.IPBlock == nil {
		return false
	}
	left, ok := space.BlockOf(peer.IPBlock)
	return ok && left.Empty()
}
