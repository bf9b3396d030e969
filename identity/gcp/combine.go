// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"slices"
	"strconv"
)

// A half is a class that leads somewhere with another one that the identity has.
type half struct {
	*class
	g *grant
	way
}

// keep notes a half, if it is one.
func (v *visit) keep(h half) {
	if len(h.attached) > 0 || len(h.running) > 0 {
		v.halves = append(v.halves, h)
	}
}

// A runner is where an identity runs something.
type runner struct {
	usable
	by half
}

// combine follows what takes two permissions: an account is attached to what is run.
func (v *visit) combine() {
	if len(v.halves) == 0 || !v.isNews() {
		return
	}
	own, any := v.runners()
	for _, h := range v.halves {
		for _, r := range own {
			for _, a := range h.attachedIn(r.t.on) {
				v.attach(h, a, r, nil)
			}
		}
		switch {
		case len(h.attached) == 0 || h.crossed:
		case any == nil:
			v.idles = append(v.idles, idle{v.id, h})
		default:
			h.crossed = true
			for _, a := range h.attached {
				if !a.t.on.isBelow(any.t.on) {
					v.attach(h, a, *any, []string{"whether accounts of " + projectIn(a.t.on.name) + " may be attached to what runs in " + projectIn(any.t.on.name) +
						" (organization policy iam.disableCrossProjectServiceAccountUsage)"})
				}
			}
		}
	}
}

// isNews reports whether nobody has had these halves yet.
func (v *visit) isNews() bool {
	key := []byte(strconv.Itoa(len(v.halves)))
	for _, h := range v.halves {
		if _, known := v.numbers[h.class]; !known {
			v.numbers[h.class] = len(v.numbers)
		}
		key = strconv.AppendInt(append(key, ' '), int64(v.numbers[h.class]), 36)
	}
	if v.combined[string(key)] {
		return false
	}
	v.combined[string(key)] = true
	return true
}

// runners returns where the identity may run something, for each project by what lacks
// the least, and the one of all.
func (v *visit) runners() (own []runner, any *runner) {
	at := make(map[*target]int)
	for _, h := range v.halves {
		for _, u := range h.running {
			i, known := at[u.t]
			switch {
			case !known:
				at[u.t] = len(own)
				own = append(own, runner{u, h})
			case len(u.miss) < len(own[i].miss):
				own[i] = runner{u, h}
			}
		}
	}
	for i := range own {
		if any == nil || len(own[i].miss) < len(any.miss) {
			any = &own[i]
		}
	}
	return own, any
}

// attach follows that an account is attached to what runs somewhere.
func (v *visit) attach(h half, a usable, r runner, lacks []string) {
	if v.known[account(a.t.email)] {
		return
	}
	path := v.path
	for _, part := range []runner{{a, h}, r} {
		g := part.by.g
		if part.virtual != nil {
			g = part.virtual
		}
		path = path.then(append(part.by.hops(v.id), v.hop(g, part.permission, part.t))...).closedBy(part.by.first(g).change()).as(ActsAs)
	}
	v.become(mayBecome, a.t, account(a.t.email), path.unless(slices.Concat(a.miss, r.miss, lacks)))
}
