// SPDX-License-Identifier: Apache-2.0

package netpol

// maxTierWork bounds the comparisons within a tier, which take about a second then.
// A tier that needs more is not read: it has some three thousand rules, none of them
// about a namespace that its policy names.
const maxTierWork = 100_000_000

// work is an upper bound of the comparisons that it takes to hold each part of a
// policy against each of those beside it.
func (t tier) work() int {
	size := func(home string) int {
		sum := 0
		for _, i := range t.homes[home] {
			sum += t.policies[i].size()
		}
		return sum
	}
	unconfined := size("")
	sum := unconfined * unconfined
	for home := range t.homes {
		if own := size(home); home != "" {
			sum += own * (own + 2*unconfined)
		}
	}
	return sum / 2 // of two policies one is asked first
}

func (p tierPolicy) size() int {
	sum := p.subject.Size()
	for _, r := range p.rules {
		sum += r.size()
	}
	return sum
}

func (t traffic) size() int {
	sum := 1 + t.networks.Size() + len(t.domains) + len(t.ports)
	for _, pods := range t.pods {
		sum += pods.Size()
	}
	for _, nodes := range t.nodes {
		sum += 1 + nodes.Size()
	}
	return sum
}
