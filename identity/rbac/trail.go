// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"cmp"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// A trail is a path that shares its beginning with others.
type trail struct {
	before *trail
	hops   []bulkhead.Hop
	// change closes the path: at the first binding on it.
	change bulkhead.Change
	// doubt is evidence without which nobody can tell whether the path is there.
	doubt string
	depth int
}

func (t *trail) then(hops ...bulkhead.Hop) *trail {
	next := &trail{before: t, hops: hops}
	if t != nil {
		next.change, next.doubt, next.depth = t.change, t.doubt, t.depth+1
	}
	return next
}

// and is a path that goes on with what another has of its own, whose last hop says what
// both are good for.
func (t *trail) and(other *trail, text string) *trail {
	var rest []bulkhead.Hop
	mine, its := t, other
	for its != nil && mine != its {
		if mine != nil && mine.depth > its.depth {
			mine = mine.before
			continue
		}
		for _, hop := range slices.Backward(its.hops) {
			rest = append(rest, hop)
		}
		its = its.before
	}
	slices.Reverse(rest)
	rest[len(rest)-1].Text += text
	return t.then(rest...).doubted(other.doubt)
}

// closedBy adds the change that closes a path, unless there is one nearer its start.
func (t *trail) closedBy(c bulkhead.Change) *trail {
	if t.change == (bulkhead.Change{}) {
		t.change = c
	}
	return t
}

// doubted says what would tell whether the path is there, unless that is not known of
// its beginning.
func (t *trail) doubted(text string) *trail {
	t.doubt = cmp.Or(t.doubt, text)
	return t
}

func (t *trail) path() []bulkhead.Hop {
	var out []bulkhead.Hop
	for ; t != nil; t = t.before {
		for _, hop := range slices.Backward(t.hops) {
			out = append(out, hop)
		}
	}
	slices.Reverse(out)
	return out
}

// A doubt is where a path may begin. It is followed when all that is certain is known,
// and where it leads across the boundary, what would tell is missing.
type doubt struct {
	path   *trail
	follow func(*trail)
}

func (w *walk) perhaps(text string, path *trail, follow func(*trail)) {
	w.doubts = append(w.doubts, doubt{path.then().doubted(text), follow})
}
