// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"runtime"
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
			w := newWalk(s, r)
			for {
				first := int(next.Add(64)) - 64
				if first >= len(s.units) {
					return
				}
				n := 0
				for u := first; u < min(first+64, len(s.units)); u++ {
					n += w.count(int32(u), &unknown)
				}
				flows.Add(int64(n))
			}
		})
	}
	wait.Wait()
	return Count{Workloads: len(s.units), Flows: int(flows.Load()), Unknown: unknown.Load()}
}

// count returns the number of units that a unit can surely open a connection to.
// Unknown becomes true if there are ports of which that is not sure.
func (w *walk) count(u int32, unknown *atomic.Bool) int {
	from := w.partyOf(w.units[u].members[0])
	if !w.single || from.host || len(w.hostClasses) > 0 {
		return w.countOpen(u, unknown)
	}
	w.matrix.from(from.class, &w.row)
	w.row.must.remove(from.class)
	n := 0
	for c := range w.row.must.each {
		if len(w.classes[c].endpoints) == 0 {
			continue
		}
		ports := portRange{allPorts, allPorts}
		if !w.row.all.has(c) {
			ports = w.pair(from, w.partyOf(w.classes[c].endpoints[0]))
		}
		if ports.must != noPorts {
			n++
		}
		if ports.must != ports.may {
			unknown.Store(true)
		}
	}
	if !unknown.Load() && w.doubtful(from) {
		unknown.Store(true)
	}
	return n
}

// doubtful reports whether a pod may connect to some other to which it surely cannot.
func (w *walk) doubtful(from party) bool {
	w.matrix.mayFrom(from.class, &w.row)
	w.row.may.remove(from.class)
	w.row.may.minus(w.row.must)
	for c := range w.row.may.each {
		if k := &w.classes[c]; len(k.endpoints) > 0 && w.pair(from, w.partyOf(k.endpoints[0])).may != noPorts {
			return true
		}
	}
	return false
}

// countOpen is count where rows do not tell everything.
func (w *walk) countOpen(u int32, unknown *atomic.Bool) int {
	n := 0
	for _, ports := range w.open(u, w.everyUnit) {
		if ports.must != noPorts {
			n++
		}
		if ports.must != ports.may {
			unknown.Store(true)
		}
	}
	return n
}
