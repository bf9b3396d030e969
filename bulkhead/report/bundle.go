// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
)

// An edge is an arrow between two rows of a drawing. Several arrows may become one,
// where a row stands for several places.
type edge struct {
	from, to int
	sort     edgeSort
	flows    int
}

// An edgeSort is what edges have in common that may share a line. Edges inside one
// compartment never share a line with those inside another, since a line that left
// the walls would tell a lie.
type edgeSort struct {
	kind    kind
	within  int // the compartment, of an edge inside one
	unknown bool
	label   string
}

// compare puts what is red first, so that it gets the first slots of its rows.
func (s edgeSort) compare(t edgeSort) int {
	return cmp.Or(cmp.Compare(t.kind, s.kind), cmp.Compare(s.within, t.within), cmp.Compare(s.label, t.label), compareBool(s.unknown, t.unknown))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// A rail stands for the edges from each of its sources to each of its targets that
// is another row: fewer lines than edges, and nothing lost. A row alone on both ends
// stands for edges between what it stands for.
type rail struct {
	edgeSort
	from, to []int // sorted
	flows    int
}

// ends is how many lines a rail needs: one to each of its rows.
func (r rail) ends() int {
	n := len(r.from)
	for _, to := range r.to {
		if _, both := slices.BinarySearch(r.from, to); !both {
			n++
		}
	}
	return n
}

// bundle makes rails of edges that have the same sort. Rows that all reach each other,
// and perhaps the same others, share one; of the rest, either sources with the same
// targets share one, or targets with the same sources, whichever takes fewer lines.
func bundle(edges []edge) []rail {
	by := make(map[edgeSort][]edge)
	for _, e := range edges {
		by[e.sort] = append(by[e.sort], e)
	}
	var out []rail
	for _, sort := range slices.SortedFunc(maps.Keys(by), edgeSort.compare) {
		out = append(out, bundleOf(sort, by[sort])...)
	}
	return out
}

// bundleOf is bundle for edges of one sort. No step depends on the order of a map: what
// comes out is sorted, and groups are by content.
func bundleOf(sort edgeSort, edges []edge) []rail {
	b := bundler{sort: sort, flows: make(map[[2]int]int), out: make(map[int][]int)}
	var alone []rail
	for _, e := range edges {
		pair := [2]int{e.from, e.to}
		_, found := b.flows[pair]
		b.flows[pair] += e.flows
		switch {
		case found:
		case e.from == e.to:
			alone = append(alone, rail{edgeSort: sort, from: []int{e.from}, to: []int{e.to}})
		default:
			b.out[e.from] = append(b.out[e.from], e.to)
		}
	}
	for i := range alone {
		alone[i].flows = b.flows[[2]int{alone[i].from[0], alone[i].to[0]}]
	}
	for _, to := range b.out {
		slices.Sort(to)
	}
	rails := b.meshes()
	sources := b.grouped(b.out, false)
	if targets := b.grouped(reverse(b.out), true); endsOf(targets) < endsOf(sources) {
		sources = targets
	}
	rails = slices.Concat(rails, sources, alone)
	slices.SortFunc(rails, func(a, b rail) int {
		return cmp.Or(slices.Compare(a.from, b.from), slices.Compare(a.to, b.to))
	})
	return rails
}

func endsOf(rails []rail) (n int) {
	for _, r := range rails {
		n += r.ends()
	}
	return n
}

// A bundler works on the edges of one sort.
type bundler struct {
	sort  edgeSort
	flows map[[2]int]int
	out   map[int][]int // targets of each source, sorted
}

// meshes takes out the sources that reach each other, and apart from that the same. The
// targets of such sources are equal once each has itself among its own, which is how
// they are found; a source that is alone with its set is left for later.
func (b *bundler) meshes() []rail {
	groups := make(map[string][]int)
	for from, to := range b.out {
		at, _ := slices.BinarySearch(to, from)
		key := keyOf(slices.Insert(slices.Clone(to), at, from))
		groups[key] = append(groups[key], from)
	}
	var out []rail
	for _, from := range groups {
		if len(from) < 2 {
			continue
		}
		slices.Sort(from)
		to := slices.Clone(b.out[from[0]])
		to = append(to, from[0])
		slices.Sort(to)
		out = append(out, b.rail(from, to))
		for _, f := range from {
			delete(b.out, f)
		}
	}
	return out
}

// grouped makes a rail of the sources with the same targets; reversed, the sources
// are the targets.
func (b *bundler) grouped(out map[int][]int, reversed bool) []rail {
	groups := make(map[string][]int)
	for from, to := range out {
		key := keyOf(to)
		groups[key] = append(groups[key], from)
	}
	var rails []rail
	for _, from := range groups {
		slices.Sort(from)
		if to := out[from[0]]; reversed {
			rails = append(rails, b.rail(to, from))
		} else {
			rails = append(rails, b.rail(from, to))
		}
	}
	return rails
}

// rail adds up the flows from each source to each target.
func (b *bundler) rail(from, to []int) rail {
	r := rail{edgeSort: b.sort, from: from, to: to}
	for _, f := range from {
		for _, t := range to {
			r.flows += b.flows[[2]int{f, t}]
		}
	}
	return r
}

// reverse gives the sources of each target, sorted.
func reverse(out map[int][]int) map[int][]int {
	in := make(map[int][]int)
	for from, to := range out {
		for _, t := range to {
			in[t] = append(in[t], from)
		}
	}
	for _, from := range in {
		slices.Sort(from)
	}
	return in
}

// keyOf makes a set of rows comparable.
func keyOf(rows []int) string {
	key := make([]byte, 0, 4*len(rows))
	for _, r := range rows {
		key = binary.BigEndian.AppendUint32(key, uint32(r))
	}
	return string(key)
}
