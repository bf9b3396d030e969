// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"

	"github.com/watertight-go/watertight/netpol/reach"
)

// alike groups the namespaces that no arrow tells apart, so that two hundred teams
// behind the same policies are one compartment. Namespaces of a group are of the same
// side, have the same arrows from and to all others, and among each other either none
// or all the same. The groups are in the order of their first names.
func (p *Picture) alike() [][]int {
	m := p.newMesh()
	buckets := make(map[string][]int)
	for i := range p.Namespaces {
		key := m.signature(i, 0)
		buckets[key] = append(buckets[key], i)
		if mutual := m.mutual(i); mutual != 0 {
			key = m.signature(i, mutual)
			buckets[key] = append(buckets[key], i)
		}
	}
	// A namespace may be in two buckets; the larger one has it.
	taken := make([]bool, len(p.Namespaces))
	var groups [][]int
	for _, bucket := range slices.SortedFunc(maps.Values(buckets), func(a, b []int) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), slices.Compare(a, b))
	}) {
		bucket = slices.DeleteFunc(bucket, func(i int) bool { return taken[i] })
		for _, i := range bucket {
			taken[i] = true
		}
		if len(bucket) > 0 {
			groups = append(groups, bucket)
		}
	}
	slices.SortFunc(groups, slices.Compare)
	return groups
}

// single returns each namespace as a group.
func (p *Picture) single() [][]int {
	out := make([][]int, len(p.Namespaces))
	for i := range out {
		out[i] = []int{i}
	}
	return out
}

// A mesh holds what goes from each namespace to each other, as the number of a set of
// labels. Nothing is zero, and the outside is the last.
type mesh struct {
	picture *Picture
	between map[[2]int]uint32
	peers   [][]int // of each namespace, sorted
}

func (p *Picture) newMesh() *mesh {
	m := &mesh{picture: p, between: make(map[[2]int]uint32), peers: make([][]int, len(p.Namespaces)+1)}
	at := map[string]int{"": len(p.Namespaces)}
	for i, n := range p.Namespaces {
		at[n.Name] = i
	}
	type step struct {
		before  uint32
		label   string
		verdict reach.Verdict
	}
	numbers := make(map[step]uint32)
	for _, a := range p.Sums { // in order, so that equal sets get equal numbers
		from, to := at[a.From.Namespace], at[a.To.Namespace]
		if from == to {
			continue
		}
		next := step{m.between[[2]int{from, to}], a.label(), a.Verdict}
		if numbers[next] == 0 {
			numbers[next] = uint32(len(numbers) + 1)
		}
		m.between[[2]int{from, to}] = numbers[next]
		m.peers[from] = append(m.peers[from], to)
		m.peers[to] = append(m.peers[to], from)
	}
	for i := range m.peers {
		slices.Sort(m.peers[i])
		m.peers[i] = slices.Compact(m.peers[i])
	}
	return m
}

// mutual returns what the namespace most often both gives to and has from others.
func (m *mesh) mutual(i int) uint32 {
	counts := make(map[uint32]int)
	var best uint32
	for _, j := range m.peers[i] {
		if out := m.between[[2]int{i, j}]; out != 0 && out == m.between[[2]int{j, i}] {
			counts[out]++
			if counts[out] > counts[best] || counts[out] == counts[best] && out < best {
				best = out
			}
		}
	}
	return best
}

// signature is equal for namespaces that are alike. Among each other they have the
// given set, which each then has for itself too.
func (m *mesh) signature(i int, among uint32) string {
	out := []byte(m.picture.Boundary.sideOf(m.picture.Namespaces[i].Name))
	out = append(out, 0)
	peers := m.peers[i]
	if among != 0 {
		at, _ := slices.BinarySearch(peers, i)
		peers = slices.Insert(slices.Clone(peers), at, i)
		out = append(out, 1)
	}
	for _, j := range peers {
		give, have := m.between[[2]int{i, j}], m.between[[2]int{j, i}]
		if j == i {
			give, have = among, among
		}
		for _, part := range []uint32{uint32(j), give, have} {
			out = binary.BigEndian.AppendUint32(out, part)
		}
	}
	return string(out)
}
