// SPDX-License-Identifier: Apache-2.0

package space_test

import (
	"net/netip"
	"slices"
	"testing"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/netpol/internal/space"
)

// own is the namespace of the policies whose peers are drawn.
const own = "a"

// peers draws entries of policies, nil for everyone.
func peers() *rapid.Generator[*networkingv1.NetworkPolicyPeer] {
	return rapid.Custom(func(t *rapid.T) *networkingv1.NetworkPolicyPeer {
		out := &networkingv1.NetworkPolicyPeer{}
		kind := rapid.IntRange(0, 9).Draw(t, "kind")
		switch {
		case kind == 0:
			return nil
		case kind < 4:
			out.IPBlock = &networkingv1.IPBlock{CIDR: blocks().Draw(t, "block").String()}
			for _, except := range rapid.SliceOfN(blocks(), 0, 2).Draw(t, "except") {
				out.IPBlock.Except = append(out.IPBlock.Except, except.String())
			}
		case kind < 6:
			out.PodSelector = selectors("app", "tier").Draw(t, "pods")
		case kind < 8:
			out.NamespaceSelector = selectors("env", name).Draw(t, "namespaces")
		default:
			out.NamespaceSelector = selectors("env", name).Draw(t, "namespaces")
			out.PodSelector = selectors("app", "tier").Draw(t, "pods")
		}
		return out
	})
}

func peerOf(t *rapid.T, peer *networkingv1.NetworkPolicyPeer) space.Peer {
	if peer == nil {
		return space.Everyone()
	}
	out, ok := space.PeerOf(own, *peer)
	if !ok {
		t.Fatalf("%v is refused", peer)
	}
	return out
}

func isPod(t *rapid.T, peer *networkingv1.NetworkPolicyPeer, x pod) bool {
	switch {
	case peer == nil:
		return true
	case peer.IPBlock != nil:
		return false
	case peer.NamespaceSelector == nil:
		return x.namespace[name] == own && matches(t, peer.PodSelector, x.labels)
	default:
		return matches(t, peer.NamespaceSelector, x.namespace) && (peer.PodSelector == nil || matches(t, peer.PodSelector, x.labels))
	}
}

func isAddress(peer *networkingv1.NetworkPolicyPeer, addr netip.Addr) bool {
	if peer == nil || peer.IPBlock == nil {
		return peer == nil
	}
	cut := slices.ContainsFunc(peer.IPBlock.Except, func(except string) bool { return netip.MustParsePrefix(except).Contains(addr) })
	return netip.MustParsePrefix(peer.IPBlock.CIDR).Contains(addr) && !cut
}

// The dataplane decides whether a block holds addresses of pods. Covers is about one
// where it does not, and MayOverlap about both kinds.
func TestPeersAreWhatTheyStandFor(t *testing.T) {
	allPods, allAddresses := pods(), addresses()
	rapid.Check(t, func(t *rapid.T) {
		entry, other := peers().Draw(t, "p"), peers().Draw(t, "q")
		p, q := peerOf(t, entry), peerOf(t, other)
		covers, overlaps, some := true, false, false
		note := func(inP, inQ bool) {
			covers, overlaps, some = covers && (inP || !inQ), overlaps || inP && inQ, some || inQ
		}
		for _, x := range allPods {
			note(isPod(t, entry, x), isPod(t, other, x))
		}
		for _, addr := range allAddresses {
			note(isAddress(entry, addr), isAddress(other, addr))
		}
		if got := q.Empty(); got == some {
			t.Errorf("empty %t, stands for somebody %t", got, some)
		}
		if got := p.Covers(q); got != covers && (some || got) {
			t.Errorf("covers %t, all are in it %t", got, covers)
		}
		unknown := entry != nil && other != nil && (entry.IPBlock == nil) != (other.IPBlock == nil)
		if got := p.MayOverlap(q); got != (overlaps || unknown || entry == nil || other == nil) {
			t.Errorf("may overlap %t, somebody is in both %t, not known %t", got, overlaps, unknown)
		}
	})
}

func TestRefusedPeersAreNobody(t *testing.T) {
	app := &metav1.LabelSelector{MatchLabels: map[string]string{"app": "a"}}
	broken := &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "app", Operator: "Near"}}}
	for name, peer := range map[string]networkingv1.NetworkPolicyPeer{
		"nothing set":                    {},
		"a block beside a selector":      {PodSelector: app, IPBlock: &networkingv1.IPBlock{CIDR: "10.0.0.0/8"}},
		"a block that does not parse":    {IPBlock: &networkingv1.IPBlock{CIDR: "ten"}},
		"pods that do not compile":       {NamespaceSelector: app, PodSelector: broken},
		"namespaces that do not compile": {NamespaceSelector: broken, PodSelector: app},
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := space.PeerOf(own, peer); ok || !got.Empty() {
				t.Errorf("%v, %t", got, ok)
			}
		})
	}
}
