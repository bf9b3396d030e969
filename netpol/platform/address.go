// SPDX-License-Identifier: Apache-2.0

package platform

import (
	"net/netip"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/netpol"
)

// required returns address blocks as peers, and refuses none at all and those that
// [invalidBlocks] does.
func required(at *field.Path, prefixes []netip.Prefix, missing string) ([]netpol.Peer, field.ErrorList) {
	errs := invalidBlocks(at, prefixes)
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
			errs = append(errs, field.Invalid(here, p.String(), "covers every address; where that is meant, use netpol.Allow with netpol.Anyone"))
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

// hosts returns addresses as peers, and refuses none at all and those that
// [single] does.
func hosts(at *field.Path, addrs []netip.Addr, missing string) ([]netpol.Peer, field.ErrorList) {
	prefixes, errs := single(at, addrs)
	if len(errs) > 0 {
		return []netpol.Peer{standIn}, errs
	}
	return required(at, prefixes, missing)
}

// peersAt returns address blocks as peers, each once and in ascending order.
func peersAt(prefixes ...netip.Prefix) []netpol.Peer {
	sorted := slices.Clone(prefixes)
	slices.SortFunc(sorted, netip.Prefix.Compare)
	var out []netpol.Peer
	for _, p := range slices.Compact(sorted) {
		out = append(out, netpol.CIDR(p))
	}
	return out
}
