// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"iter"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// A Count is how many workloads there are, and how many ordered pairs of different
// ones with a port that is surely open.
type Count struct {
	Workloads, Flows int
	// Unknown says that some ports may be open beside those.
	Unknown bool
}

// Count works out all flows and counts them, faster than going over [Cluster.Flows].
func (c *Cluster) Count() Count {
	s := c.now.Load()
	r := newRows(s)
	var next, flows atomic.Int64
	var unknown atomic.Bool
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(s.units)/64+1) {
		wait.Go(func() {
			w, t := newWalk(s, r), s.newTally()
			for {
				first := int(next.Add(64)) - 64
				if first >= len(s.units) {
					return
				}
				n := 0
				for u := first; u < min(first+64, len(s.units)); u++ {
					n += w.count(&t, int32(u), &unknown)
				}
				flows.Add(int64(n))
			}
		})
	}
	wait.Wait()
	return Count{Workloads: len(s.units), Flows: int(flows.Load()), Unknown: unknown.Load()}
}

// A tally is what counting needs to know of units: those of one class, which are not on
// the host network, are as many as their class, and the rest is looked at one by one.
type tally struct {
	plain []int // units by their only class
	mixed set   // the other units
	known []int // by class, what its plain units were found to open, and -1
}

func (s *state) newTally() tally {
	t := tally{plain: make([]int, len(s.classes)), mixed: newSet(0, len(s.units)), known: slices.Repeat([]int{-1}, len(s.classes))}
	for i := range s.units {
		if u := &s.units[i]; u.plain() {
			t.plain[s.endpoints[u.kinds[0]].class]++
		} else {
			t.mixed.add(int32(i))
		}
	}
	return t
}

func (u *unit) plain() bool { return len(u.kinds) == 1 && !u.host }

// count returns the number of units that a unit can surely open a connection to.
// Unknown becomes true if there are ports of which that is not sure.
func (w *walk) count(t *tally, u int32, unknown *atomic.Bool) int {
	if !w.units[u].plain() {
		return w.countOpen(w.open(u, w.everyUnit), unknown)
	}
	from := w.partyOf(w.units[u].kinds[0])
	n := t.known[from.class]
	if n < 0 {
		n = w.countPlain(t, from, unknown)
		t.known[from.class] = n
	}
	if !t.mixed.empty() {
		n += w.countOpen(w.openTo(u, t.mixed), unknown)
	}
	return n
}

// countPlain is count of the plain units to which a plain unit can connect.
func (w *walk) countPlain(t *tally, from party, unknown *atomic.Bool) int {
	w.matrix.from(from.class, &w.row)
	n := 0
	for c := range w.row.must.each {
		units := t.plain[c]
		if c == from.class {
			units-- // itself
		}
		if units <= 0 {
			continue
		}
		ports := portRange{allPorts, allPorts}
		if !w.row.all.has(c) {
			ports = w.pair(from, w.partyOf(w.classes[c].endpoints[0]))
		}
		if ports.must != noPorts {
			n += units
		}
		if ports.must != ports.may {
			unknown.Store(true)
		}
	}
	if !unknown.Load() && w.doubtful(t, from) {
		unknown.Store(true)
	}
	return n
}

// doubtful reports whether a plain unit may connect to some other to which it surely
// cannot.
func (w *walk) doubtful(t *tally, from party) bool {
	w.matrix.mayFrom(from.class, &w.row)
	w.row.may.minus(w.row.must)
	for c := range w.row.may.each {
		others := t.plain[c]
		if c == from.class {
			others--
		}
		if others > 0 && w.pair(from, w.partyOf(w.classes[c].endpoints[0])).may != noPorts {
			return true
		}
	}
	return false
}

// countOpen counts the units to which something is surely open.
func (w *walk) countOpen(open iter.Seq2[int32, portRange], unknown *atomic.Bool) int {
	n := 0
	for _, ports := range open {
		if ports.must != noPorts {
			n++
		}
		if ports.must != ports.may {
			unknown.Store(true)
		}
	}
	return n
}
