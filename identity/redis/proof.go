// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// NoAccess proves that no user of staging, and none that it can log in as, can read,
// change or see the names of what is production's, or harm the server that holds it; or
// it shows the paths by which one can. For the keys and channels of each pattern, and
// for the commands of each kind, it gives the shortest path.
//
// Users of staging are judged by their rules even while they are off: who has logged in
// stays. A command of a module, or one that this package does not know, is missing
// evidence if a user of staging may run it, and the verdict no better than Undetermined.
//
// It assumes that staging knows no password but its own, that the server runs with the
// users of the snapshot, and that scripts and functions of production do not act for
// staging. Memory, evictions and the one thread are shared whatever the rules say; see
// [Snapshot.Lint].
//
// An error is a [*bulkhead.InvalidError] about the boundary: a side is empty or
// malformed, or both overlap.
func (s *Snapshot) NoAccess(b Boundary) (bulkhead.Proof, error) {
	if err := b.check(); err != nil {
		return bulkhead.Proof{}, err
	}
	w := s.walk(b)
	var breaches []bulkhead.Breach
	for _, a := range w.actors() {
		crossings := w.crossings(a.user)
		switch {
		case len(a.path) == 0:
			breaches = append(breaches, crossings...)
		case slices.Contains(b.Away.Users, a.user.Name):
			breaches = append(breaches, bulkhead.Breach{Rule: LogsIn, Path: a.path, Change: a.change})
		case len(crossings) > 0:
			breaches = append(breaches, bulkhead.Breach{Rule: LogsIn, Path: append(a.path, crossings[0].Path...), Change: a.change})
		}
	}
	if w.work.left <= 0 {
		w.missing["what the patterns of all users match: they are more, or longer, than are asked about"] = true
	}
	slices.SortStableFunc(breaches, compareBreaches)
	return bulkhead.NewProof(breaches, slices.Sorted(maps.Keys(w.missing))), nil
}

// A walk answers one question about a snapshot.
type walk struct {
	*Snapshot
	boundary Boundary
	table    table
	doors    map[string]door
	names    []string // of users, sorted
	own      prefixes // staging's
	away     prefixes // production's
	missing  map[string]bool
	work     *work
}

func (s *Snapshot) walk(b Boundary) *walk {
	w := &walk{
		Snapshot: s, boundary: b, table: newTable(s.Commands), doors: make(map[string]door),
		missing: make(map[string]bool), work: &work{mostWork},
	}
	w.own, w.away = w.prefixes(b.From.Prefixes), w.prefixes(b.Away.Prefixes)
	if s.Users == nil {
		w.missing["the users: ACL LIST"] = true
	}
	if len(s.Commands) == 0 { // no server has none
		w.missing["the commands: COMMAND"] = true
		return w
	}
	for _, u := range s.Users {
		w.doors[u.Name] = newDoor(u)
		w.names = append(w.names, u.Name)
	}
	slices.Sort(w.names)
	return w
}

// crossings returns what a user can do across the boundary, the shortest first, and
// notes what is missing to tell.
func (w *walk) crossings(u User) []bulkhead.Breach {
	r := w.parse(u, w.table)
	if len(r.lost) > 0 {
		for _, text := range r.lost {
			w.missing[text] = true
		}
		return nil
	}
	var out []bulkhead.Breach
	for _, sel := range r.selectors {
		j := w.judge(r, sel)
		out = append(out, j.keyBreaches()...)
		out = append(out, j.channelBreaches()...)
		out = append(out, j.commandBreaches()...)
	}
	slices.SortStableFunc(out, compareBreaches)
	return out
}

func compareBreaches(a, b bulkhead.Breach) int {
	return cmp.Or(cmp.Compare(len(a.Path), len(b.Path)), slices.CompareFunc(a.Path, b.Path, func(x, y bulkhead.Hop) int {
		return cmp.Or(x.Object.Compare(y.Object), strings.Compare(x.Field, y.Field), strings.Compare(x.Text, y.Text))
	}), strings.Compare(a.Rule, b.Rule))
}
