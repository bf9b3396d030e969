// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"net/netip"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// ExceptReopened is an except that does nothing, since other peers of the policy
// allow all that it cuts out.
const ExceptReopened = "netpol/except-reopened"

func exceptReopened(p *bulkhead.Pass) {
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		for _, r := range reopenedExcepts(np) {
			block := r.rule.peers[r.peer].IPBlock
			by, fix := "other peers of the policy", "remove the peer that allows it, or the except"
			if r.everyone {
				by, fix = "a rule without peers, which allows everyone", "name the peers of that rule, or remove the except"
			}
			p.Reportf(np, r.path(), fix, "%s is cut out of %s and allowed all the same, by %s", block.Except[r.except], block.CIDR, by)
		}
	}
}

// A reopened is an except of a peer of a rule.
type reopened struct {
	rule         trafficRule
	peer, except int
	everyone     bool // by a rule without peers
}

func (r reopened) path() *field.Path {
	return r.peerPath().Child("ipBlock", "except").Index(r.except)
}

func (r reopened) peerPath() *field.Path { return r.rule.peersPath().Index(r.peer) }

// reopenedExcepts returns the excepts whose every address is allowed, on at least
// the same ports, in the same direction. A peer never allows its own except.
func reopenedExcepts(np *networkingv1.NetworkPolicy) []reopened {
	var out []reopened
	for _, direction := range bothDirections() {
		groups := portGroups(np, direction)
		for i, group := range groups {
			open, everyone := openTo(groups, i)
			for _, rule := range group.rules {
				for j, peer := range rule.peers {
					for _, k := range cutOut(peer, open, everyone) {
						out = append(out, reopened{rule, j, k, everyone})
					}
				}
			}
		}
	}
	return out
}

// cutOut returns the indexes of the excepts of a peer whose addresses are all in
// open.
func cutOut(peer networkingv1.NetworkPolicyPeer, open space.Addresses, everyone bool) []int {
	if peer.IPBlock == nil {
		return nil
	}
	if _, ok := space.BlockOf(peer.IPBlock); !ok {
		return nil
	}
	var out []int
	for i, text := range peer.IPBlock.Except {
		except, err := netip.ParsePrefix(text)
		if err == nil && (everyone || open.Covers(space.AddressesOf(except))) {
			out = append(out, i)
		}
	}
	return out
}
