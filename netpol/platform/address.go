// SPDX-License-Identifier: Apache-2.0

package platform

import (
	"net/netip"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/netpol"
)

// required returns address blocks as peers, and refuses none at all and those that
// [invalidBlocks] and [wholeFamilies] do.
func required(at *field.Path, prefixes []netip.Prefix, missing string) ([]netpol.Peer, field.ErrorList) {
	errs := append(invalidBlocks(at, prefixes), wholeFamilies(at, prefixes)...)
	if len(prefixes) == 0 {
		errs = append(errs, field.Required(at, missing))
	}
	if len(errs) > 0 {
		return []netpol.Peer{standIn}, errs
	}
	return peersAt(prefixes...), nil
}

// invalidBlocks refuses what cannot be meant: a prefix that did not parse, one
// that kube-apiserver would refuse, and one that covers every address.
func invalidBlocks(at *field.Path, prefixes []netip.Prefix) field.ErrorList {
	var errs field.ErrorList
	for i, p := range prefixes {
		here := at.Index(i)
		switch {
		case !p.IsValid():
			errs = append(errs, field.Required(here, "the prefix is the zero value or did not parse"))
		case p.Bits() == 0:
			errs = append(errs, field.Invalid(here, p.String(), "covers every address; "+anyone))
		case p.Addr().Is4In6():
			errs = append(errs, field.Invalid(here, p.String(), "an IPv4 block in IPv6 form; write it as IPv4"))
		case p != p.Masked():
			errs = append(errs, field.Invalid(here, p.String(), "has bits beyond its length; the block is "+p.Masked().String()))
		}
	}
	return errs
}

// single returns addresses as blocks of one. It refuses what a policy cannot
// name: an address that did not parse, and one with a zone.
func single(at *field.Path, addrs []netip.Addr) ([]netip.Prefix, field.ErrorList) {
	out := make([]netip.Prefix, len(addrs))
	var errs field.ErrorList
	for i, a := range addrs {
		here := at.Index(i)
		switch {
		case !a.IsValid():
			errs = append(errs, field.Required(here, "the address is the zero value or did not parse"))
		case a.Zone() != "":
			errs = append(errs, field.Invalid(here, a.String(), "has a zone, which a policy cannot name"))
		case a.Is4In6():
			errs = append(errs, field.Invalid(here, a.String(), "an IPv4 address in IPv6 form; write it as "+a.Unmap().String()))
		case a.IsUnspecified():
			errs = append(errs, field.Invalid(here, a.String(), "is the address of nobody"))
		}
		out[i] = netip.PrefixFrom(a, a.BitLen())
	}
	return out, errs
}

// peersAt returns address blocks as peers, in ascending order and without those
// that lie in another.
func peersAt(prefixes ...netip.Prefix) []netpol.Peer {
	var kept netip.Prefix
	var out []netpol.Peer
	for _, p := range slices.SortedFunc(slices.Values(prefixes), netip.Prefix.Compare) {
		if kept.Overlaps(p) { // blocks overlap only by lying in one another, and the wider comes first
			continue
		}
		kept = p
		out = append(out, netpol.CIDR(p))
	}
	return out
}
