// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"net/netip"
	"slices"

	"github.com/watertight-go/watertight/netpol/internal/space"
)

// An External is addresses outside the cluster with which a workload can exchange
// the same.
type External struct {
	Prefixes []netip.Prefix // the fewest that hold exactly these addresses, in order
	Ports    Ports
	Verdict  Verdict // Allowed, or Unknown for ports that may be open
}

// External returns the addresses to which a pod or workload can open connections,
// and those from which it can be reached. Every address is judged as one outside the
// cluster; those of pods and nodes are what [Cluster.Allowed] and [Cluster.Flows]
// answer for. Known is false if the endpoint is no pod or workload of the input.
func (c *Cluster) External(e Endpoint) (out, in []External, known bool) {
	s := c.now.Load()
	asked, problem := s.resolve(e)
	if problem != noProblem || asked.unit == nil && asked.single.endpoint < 0 {
		return nil, nil, false
	}
	members := asked.some(false)
	if asked.unit == nil {
		members = []int32{asked.single.endpoint}
	}
	ev := newEvaluator(s)
	return ev.external(members, egress), ev.external(members, ingress), true
}

// external adds up what some pods can exchange with each range of addresses between
// which their rules tell.
func (e *evaluator) external(members []int32, d direction) []External {
	var sides []*side
	for _, m := range members {
		sides = append(sides, e.state.side(e.endpoints[m].class, d))
	}
	sums := make(map[portRange][]space.Addresses)
	for _, r := range atoms(sides) {
		outside := party{peer: peer{class: -1, addr: first(r)}, endpoint: -1, node: -1}
		open := portRange{noPorts, noPorts}
		for _, m := range members {
			if d == egress {
				open = e.any(open, e.pair(e.partyOf(m), outside))
			} else {
				open = e.any(open, e.pair(outside, e.partyOf(m)))
			}
		}
		sums[open] = append(sums[open], r)
	}
	var out []External
	for open, ranges := range sums {
		prefixes := space.Addresses{}.Union(ranges...).Prefixes()
		if open.must != noPorts {
			out = append(out, External{prefixes, e.ports(open.must), Allowed})
		}
		if rest := e.minus(open.may, open.must); rest != noPorts {
			out = append(out, External{prefixes, e.ports(rest), Unknown})
		}
	}
	slices.SortFunc(out, func(a, b External) int {
		if c := a.Prefixes[0].Addr().Compare(b.Prefixes[0].Addr()); c != 0 {
			return c
		}
		return int(b.Verdict) - int(a.Verdict)
	})
	return out
}

func everyAddress() space.Addresses { return space.AllIPv4().Union(space.AllIPv6()) }

// atoms cuts all addresses where a rule of the sides tells them apart.
func atoms(sides []*side) []space.Addresses {
	var cuts []netip.Addr
	add := func(rules []rule) {
		for i := range rules {
			for first, last := range rules[i].addrs.Ranges() {
				cuts = append(cuts, first)
				if next := last.Next(); next.IsValid() {
					cuts = append(cuts, next)
				}
			}
		}
	}
	for _, s := range sides {
		for _, entries := range [][]entry{s.admin, s.policies, s.baseline} {
			for _, e := range entries {
				add(e.rules[s.direction])
			}
		}
	}
	slices.SortFunc(cuts, netip.Addr.Compare)
	cuts = slices.Compact(cuts)
	var out []space.Addresses
	for begin, end := range everyAddress().Ranges() {
		for _, cut := range cuts {
			if begin.Less(cut) && cut.Compare(end) <= 0 && cut.Is4() == begin.Is4() {
				out = append(out, space.AddressesFrom(begin, cut.Prev()))
				begin = cut
			}
		}
		out = append(out, space.AddressesFrom(begin, end))
	}
	return out
}

// first returns the first of some addresses.
func first(of space.Addresses) netip.Addr {
	for addr := range of.Ranges() {
		return addr
	}
	return netip.Addr{}
}
