// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"slices"
	"strconv"
)

// AttachesAlone is an account that somebody of the subjects may attach to what he
// starts, where he may start nothing: the first role that lets him makes him the account.
const AttachesAlone = "gcp/attaches-alone"

// An idle is half of a way for an identity that has no other half.
type idle struct {
	id who
	half
}

func (l *linter) attachesAlone() {
	reported := make(map[*class]bool) // for the first of those who have it
	for _, found := range l.idles {
		emails := l.emailsOf(found.class)
		if found.g == nil || len(emails) == 0 || reported[found.class] {
			continue
		}
		reported[found.class] = true
		more := ""
		if n := len(emails) - 1; n > 0 {
			more = " and " + strconv.Itoa(n) + " more"
		}
		l.report(AttachesAlone, found.g.on.ref, found.g.field, found.g.change().Text,
			"%s may attach %s%s to what it starts; it may start nothing yet, and is one role such as roles/run.developer away from being it", found.id, emails[0], more)
	}
}

// emailsOf returns the accounts that may certainly be attached, and that nobody is.
func (l *linter) emailsOf(c *class) []string {
	var out []string
	for _, a := range c.attached {
		if len(a.miss) == 0 && !l.known[account(a.t.email)] {
			out = append(out, a.t.email)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
