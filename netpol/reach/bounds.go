// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"cmp"
	"net/netip"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// boundsOf returns where the address blocks of policies begin, or have ended.
func boundsOf(policies []item) []netip.Addr {
	seen := make(map[netip.Prefix]bool)
	for _, it := range policies {
		for _, obj := range it.objects() {
			for _, text := range blocksOf(obj) {
				if prefix, err := netip.ParsePrefix(text); err == nil {
					seen[prefix.Masked()] = true
				}
			}
		}
	}
	var out []netip.Addr
	for prefix := range seen {
		for first, last := range space.AddressesOf(prefix).Ranges() {
			out = append(out, first)
			if next := last.Next(); next.IsValid() {
				out = append(out, next)
			}
		}
	}
	slices.SortFunc(out, netip.Addr.Compare)
	return slices.Compact(out)
}

// blocksOf returns the address blocks of a policy, as they are written.
func blocksOf(obj bulkhead.Object) []string {
	var out []string
	block := func(peers []networkingv1.NetworkPolicyPeer) {
		for _, peer := range peers {
			if peer.IPBlock != nil {
				out = append(append(out, peer.IPBlock.CIDR), peer.IPBlock.Except...)
			}
		}
	}
	switch o := obj.(type) {
	case *networkingv1.NetworkPolicy:
		for _, r := range o.Spec.Ingress {
			block(r.From)
		}
		for _, r := range o.Spec.Egress {
			block(r.To)
		}
	case *policyv1alpha2.ClusterNetworkPolicy:
		for _, r := range o.Spec.Egress {
			for _, peer := range r.To {
				for _, network := range peer.Networks {
					out = append(out, string(network))
				}
			}
		}
	case *policyv1alpha1.AdminNetworkPolicy:
		for _, r := range o.Spec.Egress {
			for _, peer := range r.To {
				for _, network := range peer.Networks {
					out = append(out, string(network))
				}
			}
		}
	case *policyv1alpha1.BaselineAdminNetworkPolicy:
		for _, r := range o.Spec.Egress {
			for _, peer := range r.To {
				for _, network := range peer.Networks {
					out = append(out, string(network))
				}
			}
		}
	}
	return out
}

// splitBy reports whether a bound lies between the addresses of pods of one class.
func (t *topology) splitBy(bounds []netip.Addr) bool {
	for _, bound := range bounds {
		if _, known := slices.BinarySearchFunc(t.bounds, bound, netip.Addr.Compare); known {
			continue
		}
		for i := range t.spreads {
			if s := &t.spreads[i]; s.first.Less(bound) && bound.Compare(s.last) <= 0 {
				return true
			}
		}
	}
	return false
}

// spread lists the ranges that hold the addresses of one class, where there are
// several.
func (b *topologyBuilder) spread() {
	type slot struct {
		class int32
		at    int
	}
	found := make(map[slot]addressRange)
	for i, addrs := range b.addrsOf {
		c := b.endpoints[i].class
		for at, addr := range addrs {
			r, again := found[slot{c, at}]
			if !again {
				r = addressRange{addr, addr}
			}
			if addr.Less(r.first) {
				r.first = addr
			}
			if r.last.Less(addr) {
				r.last = addr
			}
			found[slot{c, at}] = r
		}
	}
	for _, r := range found {
		if r.first != r.last {
			b.spreads = append(b.spreads, r)
		}
	}
	slices.SortFunc(b.spreads, func(x, y addressRange) int { return cmp.Or(x.first.Compare(y.first), x.last.Compare(y.last)) })
}
