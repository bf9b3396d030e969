// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"iter"
	"net/netip"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

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
