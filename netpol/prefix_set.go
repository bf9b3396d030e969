// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"iter"
	"net/netip"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// A prefixSet holds address blocks, each for something that it is the block of,
// and finds the one around another in a few look-ups.
type prefixSet[T any] struct {
	blocks  map[netip.Prefix]T
	lengths []int // of the blocks, each once
}

// add ignores what does not parse: it comes from status fields and from objects
// that rules of other packages judge.
func (s *prefixSet[T]) add(block string, of T) {
	prefix, err := netip.ParsePrefix(block)
	if err != nil {
		return
	}
	if s.blocks == nil {
		s.blocks = make(map[netip.Prefix]T)
	}
	s.blocks[prefix.Masked()] = of
	if !slices.Contains(s.lengths, prefix.Bits()) {
		s.lengths = append(s.lengths, prefix.Bits())
	}
}

// addAddress adds a block of one address.
func (s *prefixSet[T]) addAddress(address string, of T) {
	if addr, err := netip.ParseAddr(address); err == nil {
		s.add(netip.PrefixFrom(addr, addr.BitLen()).String(), of)
	}
}

// around returns what a block that contains all of inner is the block of.
func (s *prefixSet[T]) around(inner netip.Prefix) (of T, ok bool) {
	for _, bits := range s.lengths {
		if bits > inner.Bits() {
			continue
		}
		outer, err := inner.Addr().Prefix(bits) // an error: longer than an address of the family
		if err != nil {
			continue
		}
		if of, ok := s.blocks[outer]; ok {
			return of, true
		}
	}
	var none T
	return none, false
}

// blockOf returns the address block of a peer, if it is one that parses.
func blockOf(peer networkingv1.NetworkPolicyPeer) (netip.Prefix, bool) {
	if peer.IPBlock == nil {
		return netip.Prefix{}, false
	}
	prefix, err := netip.ParsePrefix(peer.IPBlock.CIDR)
	return prefix.Masked(), err == nil
}

// A policyBlock is an address block that a rule of a policy names.
type policyBlock struct {
	policy *networkingv1.NetworkPolicy
	rule   trafficRule
	path   *field.Path // of the CIDR
	prefix netip.Prefix
}

// policyBlocks yields the blocks of the effective rules of all policies.
func policyBlocks(objs []bulkhead.Object) iter.Seq[policyBlock] {
	return func(yield func(policyBlock) bool) {
		for np := range bulkhead.Each[*networkingv1.NetworkPolicy](objs) {
			for rule := range effectiveRules(np) {
				for i, peer := range rule.peers {
					prefix, ok := blockOf(peer)
					at := rule.peersPath().Index(i).Child("ipBlock", "cidr")
					if ok && !yield(policyBlock{np, rule, at, prefix}) {
						return
					}
				}
			}
		}
	}
}
