// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/netpol/internal/space"
)

// A compiler turns policies into sets of classes. One is used by one goroutine at a
// time; what it returns may be shared.
type compiler struct {
	*topology
	plane dataplane
	specs *specTable
	// seen holds what was worked out before, by the text of selectors and blocks.
	namespaceSets map[string]namespaceSet
	podSets       map[[2]string]matches
	blockSets     map[string]block
}

// A namespaceSet is the namespaces that a selector matches, surely or perhaps.
type namespaceSet struct{ sure, may []int32 }

func newCompiler(t *topology, plane dataplane, specs *specTable) *compiler {
	return &compiler{
		topology: t, plane: plane, specs: specs,
		namespaceSets: make(map[string]namespaceSet),
		podSets:       make(map[[2]string]matches),
		blockSets:     make(map[string]block),
	}
}

// inNamespace returns the classes of one namespace that a selector of pods matches.
// Host says how the selector matches pods on the host network.
func (c *compiler) inNamespace(ns int32, pods selector, host match) matches {
	n := &c.namespaces[ns]
	out := matches{sure: newSet(n.first, n.end)}
	out.may = out.sure
	c.addNamespace(&out, n, surely, pods, host)
	return out
}

// addNamespace adds the classes of a namespace that a selector matches, if that of
// the namespace matches as given. The sets must have room; they may be the same.
func (c *compiler) addNamespace(out *matches, n *namespace, namespace match, pods selector, host match) {
	for i := n.first; i < n.end; i++ {
		m := pods.pods(&c.classes[i]).and(namespace)
		if c.classes[i].host {
			m = m.and(host)
		}
		out.add(int32(i), m)
	}
}

// add puts a class into the sets. They are one and the same until the first class
// that only may match.
func (m *matches) add(class int32, as match) {
	switch as {
	case surely:
		m.sure.add(class)
		m.may.add(class)
	case maybe:
		if m.same() {
			m.may = set{m.sure.at, slices.Clone(m.sure.words)}
		}
		m.may.add(class)
	case never:
	}
}

// same reports whether both sets are one.
func (m matches) same() bool {
	return len(m.sure.words) == len(m.may.words) && (len(m.sure.words) == 0 || &m.sure.words[0] == &m.may.words[0])
}

// selected returns the classes that a selector of namespaces and one of pods match.
func (c *compiler) selected(namespaces, pods *metav1.LabelSelector, host match) matches {
	nsSelector, podSelector := selectorOf(namespaces), selectorOf(pods)
	if name, ok := nsSelector.name(); ok && len(nsSelector) == 1 {
		ns, found := c.nsIndex[name]
		if found {
			return c.inNamespace(ns, podSelector, host)
		}
		if len(c.expected) == 0 {
			return matches{}
		}
	}
	key := [2]string{nsSelector.text() + fmt.Sprint(host), podSelector.text()}
	if found, ok := c.podSets[key]; ok {
		return found
	}
	out := c.across(c.matching(nsSelector), podSelector, host)
	c.podSets[key] = out
	return out
}

// matching returns the namespaces that a selector matches.
func (c *compiler) matching(s selector) namespaceSet {
	key := s.text()
	if found, ok := c.namespaceSets[key]; ok {
		return found
	}
	var out namespaceSet
	for i := range c.namespaces {
		m := s.namespace(&c.namespaces[i], c.nsIndex)
		if m == surely {
			out.sure = append(out.sure, int32(i))
		}
		if m != never {
			out.may = append(out.may, int32(i))
		}
	}
	c.namespaceSets[key] = out
	return out
}

// few is the number of classes up to which each is looked at, and beyond which the
// index of labels is.
const few = 256

func (c *compiler) across(ns namespaceSet, pods selector, host match) matches {
	first, end, n := c.podClasses, 0, 0
	for _, i := range ns.may {
		first, end = min(first, c.namespaces[i].first), max(end, c.namespaces[i].end)
		n += c.namespaces[i].end - c.namespaces[i].first
	}
	if n == 0 {
		return matches{}
	}
	out := matches{sure: newSet(first, end)}
	out.may = out.sure
	if n <= few {
		for _, i := range ns.may {
			_, sure := slices.BinarySearch(ns.sure, i)
			m := maybe
			if sure {
				m = surely
			}
			c.addNamespace(&out, &c.namespaces[i], m, pods, host)
		}
		return out
	}
	for _, i := range ns.sure {
		out.sure.addRange(c.namespaces[i].first, c.namespaces[i].end)
	}
	found := c.index.pods(pods)
	if len(ns.sure) < len(ns.may) || !found.same() {
		out.may = newSet(first, end)
		for _, i := range ns.may {
			out.may.addRange(c.namespaces[i].first, c.namespaces[i].end)
		}
		out.may.and(found.may)
	}
	out.sure.and(found.sure)
	out.lower(c.hostClasses, host)
	return out
}

// lower makes no class of some match better than it may.
func (m *matches) lower(classes []int32, most match) {
	if most == surely {
		return
	}
	for _, n := range classes {
		was := m.may.has(n)
		if most == never || !was {
			m.may.remove(n)
			m.sure.remove(n)
			continue
		}
		if m.same() {
			m.may = set{m.sure.at, slices.Clone(m.sure.words)}
		}
		m.sure.remove(n)
	}
}

// nodesMatching returns the nodes that a selector matches, and the pods on their
// network, which are their addresses.
func (c *compiler) nodesMatching(s selector) matches {
	out := matches{sure: newSet(0, len(c.classes))}
	out.may = out.sure
	for i := range c.classes {
		k := &c.classes[i]
		switch {
		case !k.host:
		case k.node < 0:
			out.add(int32(i), c.plane.untold)
		case c.nodes[k.node].known:
			out.add(int32(i), s.nodes(c.nodes[k.node].labels))
		case len(s) == 0:
			out.add(int32(i), surely)
		default:
			out.add(int32(i), c.plane.untold)
		}
	}
	return out
}

// A target is what an entry of from or to matches: classes and, if it is a block,
// addresses.
type target struct {
	matches
	addrs space.Addresses
	split []int32 // classes of which the block holds some addresses and not others
}

// peers puts what the entries of a rule match into it. As is how a block is read.
func (c *compiler) peers(r *rule, targets []target, as blockReading) {
	parts, blocks := make([]matches, len(targets)), make([]space.Addresses, len(targets))
	for i, t := range targets {
		parts[i], blocks[i] = t.matches, t.addrs
	}
	r.peers, r.addrs = join(parts), space.Addresses{}.Union(blocks...)
	for _, t := range targets {
		for _, class := range t.split {
			if r.split == nil {
				r.split = make(map[int32]split)
			}
			outside := otherwise(targets, class)
			r.split[class] = split{inside: outside.or(as.of(&c.classes[class])), outside: outside}
		}
	}
}

// otherwise says how entries match a class, those left out that hold only some of its
// addresses.
func otherwise(targets []target, class int32) match {
	out := never
	for _, t := range targets {
		if !slices.Contains(t.split, class) {
			out = out.or(matchOf(t.matches, class))
		}
	}
	return out
}

// join returns the union of matches.
func join(parts []matches) matches {
	sure := make([]set, len(parts))
	may := make([]set, len(parts))
	same := true
	for i, part := range parts {
		sure[i], may[i] = part.sure, part.may
		same = same && part.same()
	}
	out := matches{sure: joined(sure)}
	out.may = out.sure
	if !same {
		out.may = joined(may)
	}
	return out
}
