// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"fmt"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// An actor is a user that staging is or can log in as.
type actor struct {
	rights *rights
	path   []bulkhead.Hop // of logging in; empty for staging's own
	change bulkhead.Change
}

// actors returns the users of staging, and those that it can log in as, nearest first.
// AUTH and HELLO cannot be taken from anybody, so a user without a password is
// everybody's, and one with staging's own password is staging's.
func (w *walk) actors() []actor {
	var queue []actor
	seen := make(map[string]bool)
	for _, name := range slices.Compact(slices.Sorted(slices.Values(w.boundary.From.Users))) {
		if r := w.users[name]; r != nil {
			queue, seen[name] = append(queue, actor{rights: r}), true
		} else {
			w.missing["user "+quote(name)+" of staging, which is not among the users"] = true
		}
	}
	for i := 0; i < len(queue); i++ {
		for _, name := range w.names {
			to := w.users[name]
			hop, ok := login(queue[i].rights, to)
			if seen[name] || !ok {
				continue
			}
			seen[name] = true
			next := actor{rights: to, path: append(slices.Clip(queue[i].path), hop), change: queue[i].change}
			if len(queue[i].path) == 0 {
				next.change = closeLogin(to, hop)
			}
			queue = append(queue, next)
		}
	}
	return queue
}

// login returns how one user can log in as another.
func login(from, to *rights) (bulkhead.Hop, bool) {
	switch {
	case !to.on:
		return bulkhead.Hop{}, false
	case to.nopass >= 0:
		return bulkhead.Hop{
			Object: userRef(to.user.Name), Field: ruleField(to.nopass),
			Text: "lets anybody log in as it with any password, " + quote(from.user.Name) + " too",
		}, true
	}
	at := slices.Index(to.user.SharesPassword, from.user.Name)
	if at < 0 {
		return bulkhead.Hop{}, false
	}
	return bulkhead.Hop{
		Object: userRef(to.user.Name), Field: fmt.Sprintf("sharesPassword[%d]", at),
		Text: "has a password that " + quote(from.user.Name) + " has too",
	}, true
}

func closeLogin(to *rights, hop bulkhead.Hop) bulkhead.Change {
	text := "give it a password that nobody else has"
	if to.user.Name == defaultUser {
		text = "once nobody connects as it, run " + setUser(defaultUser, "off")
	}
	return bulkhead.Change{Object: hop.Object, Field: hop.Field, Text: text}
}

// defaultUser is whom a connection is before it logs in.
const defaultUser = "default"

func ruleField(i int) string { return fmt.Sprintf("rules[%d]", i) }
