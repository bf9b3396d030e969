// SPDX-License-Identifier: Apache-2.0

package reach

import "sync"

// rows are the rows of all classes, by direction. They do not change.
type rows [2][]*row

func newRows(s *state) *rows {
	var out rows
	var both sync.WaitGroup
	for d := range out {
		both.Go(func() {
			t := newRowTable(s)
			out[d] = make([]*row, len(s.classes))
			for c := range out[d] {
				out[d][c] = t.of(s.side(int32(c), direction(d)))
			}
		})
	}
	both.Wait()
	return &out
}

// A matrix gives, for a class as the source, the classes that it may connect to as
// far as rows tell: of its own egress, and of the ingress of the others. It is
// worked out 64 sources at a time, and used by one goroutine.
type matrix struct {
	rows   *rows
	chunks map[int]*chunk
	recent []int // the chunks that are kept, the oldest first
}

// A chunk holds for 64 sources the destinations that let them in, a word for each
// 64 destinations. May is worked out when it is asked for.
type chunk struct {
	number         int
	must, all, may [64][]uint64
	hasMay         bool
}

// keptChunks bounds the memory of a matrix. Sources are asked for nearly in order.
const keptChunks = 16

func newMatrix(r *rows) *matrix { return &matrix{rows: r, chunks: make(map[int]*chunk)} }

// from puts the row of a class as source into out, except what may be open.
func (m *matrix) from(c int32, out *row) {
	ch := m.chunk(int(c) / 64)
	eg, i := m.rows[egress][c], int(c)%64
	out.must = both(eg.must, ch.must[i], out.must)
	out.all = both(eg.all, ch.all[i], out.all)
}

// mayFrom puts that into out.
func (m *matrix) mayFrom(c int32, out *row) {
	ch := m.chunk(int(c) / 64)
	if !ch.hasMay {
		m.turn(ch.number, &ch.may, func(r *row) set { return r.may })
		ch.hasMay = true
	}
	out.may = both(m.rows[egress][c].may, ch.may[int(c)%64], out.may)
}

// both intersects a set with the words of a chunk, in the memory of a third.
func both(a set, words []uint64, into set) set {
	into.at = a.at
	into.words = append(into.words[:0], a.words...)
	for i := range into.words {
		into.words[i] &= words[a.at+i]
	}
	return into
}

func (m *matrix) chunk(n int) *chunk {
	if ch, found := m.chunks[n]; found {
		return ch
	}
	ch := &chunk{}
	if len(m.recent) == keptChunks {
		ch = m.chunks[m.recent[0]]
		delete(m.chunks, m.recent[0])
		m.recent = m.recent[1:]
	}
	m.recent = append(m.recent, n)
	m.chunks[n] = ch
	ch.number, ch.hasMay = n, false
	m.turn(n, &ch.must, func(r *row) set { return r.must })
	m.turn(n, &ch.all, func(r *row) set { return r.all })
	return ch
}

// turn gathers word n of the row of every destination, and turns it over.
func (m *matrix) turn(n int, into *[64][]uint64, of func(*row) set) {
	words := (len(m.rows[ingress]) + 63) / 64
	for i := range into {
		if len(into[i]) != words {
			into[i] = make([]uint64, words)
		}
	}
	var block [64]uint64
	for w := range words {
		some := uint64(0)
		for i := range block {
			block[i] = 0
			if to := w*64 + i; to < len(m.rows[ingress]) {
				s := of(m.rows[ingress][to])
				if at := n - s.at; at >= 0 && at < len(s.words) {
					block[i] = s.words[at]
					some |= block[i]
				}
			}
		}
		if some != 0 {
			transpose(&block)
		}
		for i := range block {
			into[i][w] = block[i]
		}
	}
}
