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

// of is how a block that holds an address of a class matches it.
func (b blockReading) of(k *class) match {
	if k.host {
		return b.nodes
	}
	return b.pods
}

// A block is the classes that a set of addresses matches, and those of which it holds
// some addresses and not others.
type block struct {
	matches
	split []int32
}

// block returns what a set of addresses matches, which text stands for.
func (c *compiler) block(text string, in space.Addresses, as blockReading) target {
	found, ok := c.blockSets[text]
	if !ok {
		found = c.newBlock(in, as)
		c.blockSets[text] = found
	}
	return target{found.matches, in, found.split}
}

func (c *compiler) newBlock(in space.Addresses, as blockReading) block {
	var sure, may, split []int32
	for begin, end := range in.Ranges() {
		first, _ := slices.BinarySearchFunc(c.located, begin, func(l located, addr netip.Addr) int { return l.addr.Compare(addr) })
		for _, l := range c.located[first:] {
			if end.Less(l.addr) {
				break
			}
			k := &c.classes[l.class]
			if !all(k.addrs, in) {
				split = append(split, l.class)
			}
			switch c.inside(k, in, as) {
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
	return block{out, split}
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

// inside says how a block matches a class of which it holds an address, if nothing says
// which address a connection uses: where it does not hold all of them, that decides.
func (c *compiler) inside(k *class, in space.Addresses, as blockReading) match {
	if c.plane.untold == never || all(k.addrs, in) {
		return as.of(k)
	}
	return as.of(k).and(maybe)
}

// all reports whether all of some addresses are in a set.
func all(addrs []netip.Addr, in space.Addresses) bool {
	return !slices.ContainsFunc(addrs, func(addr netip.Addr) bool { return !in.Has(addr) })
}
