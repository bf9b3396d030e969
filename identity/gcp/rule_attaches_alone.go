// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"slices"
	"strconv"
)

// AttachesAlone is an account that somebody of the subjects may attach to what he
// starts, where he may start nothing: the first role that lets him makes him the account.
const AttachesAlone = "gcp/attaches-alone"

// An idle is a grant that lets an identity attach accounts to nothing.
type idle struct {
	id     who
	g      *grant
	emails []string
}

// attach notes that an identity may attach an account to nothing.
func (w *walk) attach(id who, a usable) {
	if a.g.virtual != nil || len(a.miss) > 0 {
		return
	}
	i := slices.IndexFunc(w.idles, func(known idle) bool { return known.id == id && known.g == a.g })
	if i < 0 {
		i = len(w.idles)
		w.idles = append(w.idles, idle{id: id, g: a.g})
	}
	w.idles[i].emails = append(w.idles[i].emails, a.t.email)
}

func (l *linter) attachesAlone() {
	reported := make(map[*grant]bool) // for the first of those who have it
	for _, found := range l.idles {
		emails := slices.DeleteFunc(found.emails, func(email string) bool { return l.known[account(email)] })
		if len(emails) == 0 || reported[found.g] {
			continue
		}
		reported[found.g] = true
		slices.Sort(emails)
		more := ""
		if n := len(slices.Compact(emails)) - 1; n > 0 {
			more = " and " + strconv.Itoa(n) + " more"
		}
		l.report(AttachesAlone, found.g.on.ref, found.g.field, found.g.change().Text,
			"%s may attach %s%s to what it starts; it may start nothing yet, and is one role such as roles/run.developer away from being it", found.id, emails[0], more)
	}
}
