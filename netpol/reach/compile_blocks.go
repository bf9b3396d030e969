// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"net/netip"
	"slices"

	"github.com/watertight-go/watertight/netpol/internal/space"
)

// A blockReading is how a dataplane matches an address block with what is inside
// the cluster.
type blockReading struct {
	pods, nodes match
	unaddressed match // where the address is not in the input
}

// ipBlocks is how the dataplane reads the ipBlock of a NetworkPolicy.
func (d dataplane) ipBlocks() blockReading {
	return blockReading{d.blockPods, d.blockNodes, d.unaddressed}
}

// networks is how it reads the networks of a ClusterNetworkPolicy, which match pods
// and nodes too by the text of the API (network-policy-api v0.2.0, apis/v1alpha2).
func (d dataplane) networks() blockReading {
	return blockReading{surely, surely, d.untold}
}

// block returns the classes inside a set of addresses, which text stands for.
func (c *compiler) block(text string, in space.Addresses, as blockReading) matches {
	if found, ok := c.blockSets[text]; ok {
		return found
	}
	var sure, may []int32
	for begin, end := range in.Ranges() {
		first, _ := slices.BinarySearchFunc(c.located, begin, func(l located, addr netip.Addr) int { return l.addr.Compare(addr) })
		for _, l := range c.located[first:] {
			if end.Less(l.addr) {
				break
			}
			switch c.inside(&c.classes[l.class], in, as) {
			case surely:
				sure = append(sure, l.class)
			case maybe:
				may = append(may, l.class)
			case never:
			}
		}
	}
	out := matches{sure: c.setOf(sure)}
	out.may = out.sure
	if unaddressed := c.unaddressed(as); len(may)+len(unaddressed.words) > 0 {
		out.may = joined([]set{out.sure, c.setOf(may), unaddressed})
	}
	c.blockSets[text] = out
	return out
}

// setOf returns the set of some classes.
func (c *compiler) setOf(classes []int32) set {
	if len(classes) == 0 {
		return set{}
	}
	out := newSet(int(slices.Min(classes)), int(slices.Max(classes))+1)
	for _, n := range classes {
		out.add(n)
	}
	return out
}

// unaddressed returns the classes that may be inside any block, since their
// addresses are not in the input. Pods that are yet to be made may get any.
func (c *compiler) unaddressed(as blockReading) set {
	switch {
	case as.unaddressed != never:
		return c.nowhere
	case as.pods != never:
		return c.setOf(c.expected)
	default:
		return set{}
	}
}

// inside says how addresses match a class that has some.
func (c *compiler) inside(k *class, in space.Addresses, as blockReading) match {
	plane := as.pods
	if k.host {
		plane = as.nodes
	}
	n := 0
	for _, addr := range k.addrs {
		if in.Has(addr) {
			n++
		}
	}
	switch {
	case n == 0:
		return never
	case n < len(k.addrs) && !c.plane.ordered && dualStack(k.addrs):
		return plane.and(maybe) // the family of the connection decides
	default:
		return plane
	}
}

func dualStack(addrs []netip.Addr) bool {
	return slices.ContainsFunc(addrs, func(a netip.Addr) bool { return a.Is4() != addrs[0].Is4() })
}
