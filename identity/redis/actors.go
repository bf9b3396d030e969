// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// A door is whether and how one can log in as a user.
type door struct {
	user   User
	on     bool
	nopass int // the rule that lets any password do; -1 if none does
}

func newDoor(u User) door {
	d := door{user: u, nopass: -1}
	for i, rule := range u.Rules {
		switch strings.ToLower(rule) {
		case "on":
			d.on = true
		case "off":
			d.on = false
		case "nopass":
			d.nopass = i
		case "resetpass":
			d.nopass = -1
		case "reset":
			d.on, d.nopass = false, -1
		}
	}
	return d
}

// longestChain is how many logins in a row are followed.
const longestChain = 16

// An actor is a user that staging is or can log in as.
type actor struct {
	user   User
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
		if d, ok := w.doors[name]; ok {
			queue, seen[name] = append(queue, actor{user: d.user}), true
		}
		w.expect(name, "staging")
	}
	for _, name := range w.boundary.Away.Users {
		w.expect(name, "production")
	}
	sharing := w.sharing()
	for i := 0; i < len(queue); i++ {
		from := queue[i].user
		if from.Password && from.SharesPassword == nil {
			w.missing["whether user "+quote(from.Name)+" has a password in common with others: sharesPassword"] = true
		}
		next := sharing[from.Name]
		if i == 0 { // whoever needs no password is one step from the first
			next = w.names
		}
		for _, name := range next {
			if seen[name] {
				continue
			}
			hop, ok := w.doors[name].opens(from)
			if !ok {
				seen[name] = w.isLingering(w.doors[name], from)
				continue
			}
			if len(queue[i].path) == longestChain {
				w.missing[fmt.Sprintf("who else can be logged in as behind user %s: at most %d logins in a row are followed", quote(from.Name), longestChain)] = true
				continue
			}
			seen[name] = true
			change := queue[i].change
			if len(queue[i].path) == 0 {
				change = closeLogin(hop)
			}
			queue = append(queue, actor{user: w.doors[name].user, path: append(slices.Clip(queue[i].path), hop), change: change})
		}
	}
	return queue
}

// expect notes a name of the question that no user has, which may be a slip.
func (w *walk) expect(name, side string) {
	if w.Users != nil && !slices.ContainsFunc(w.Users, func(u User) bool { return u.Name == name }) {
		w.missing["user "+quote(name)+" of "+side+", which is not among the users"] = true
	}
}

// sharing returns, for each user, those that have a password in common with it.
func (w *walk) sharing() map[string][]string {
	out := make(map[string][]string)
	for _, name := range w.names {
		for _, other := range w.doors[name].user.SharesPassword {
			out[other] = append(out[other], name)
			if _, ok := w.doors[other]; ok { // one of the two says so: that is enough
				out[name] = append(out[name], other)
			}
		}
	}
	return out
}

// isLingering reports whether a user that is off could be logged in as while it was on,
// and may have connections: they stay. If they cross the boundary, it notes that whose
// they are is not known.
func (w *walk) isLingering(d door, from User) bool {
	if d.on || w.Connections != nil && w.Connections[d.user.Name] == 0 {
		return false
	}
	d.on = true
	if _, ok := d.opens(from); !ok {
		return false
	}
	if slices.Contains(w.boundary.Away.Users, d.user.Name) || len(w.crossings(d.user)) > 0 {
		w.missing["whose connections are user "+quote(d.user.Name)+", which is off: they stay, and staging could open one before (CLIENT LIST)"] = true
	}
	return true
}

// opens returns how a user can log in here.
func (d door) opens(from User) (bulkhead.Hop, bool) {
	switch {
	case !d.on:
		return bulkhead.Hop{}, false
	case d.nopass >= 0:
		return bulkhead.Hop{
			Object: userRef(d.user.Name), Field: ruleField(d.nopass),
			Text: "lets anybody log in as it with any password, " + quote(from.Name) + " too",
		}, true
	}
	hop := bulkhead.Hop{Object: userRef(d.user.Name), Field: "sharesPassword", Text: "has a password that " + quote(from.Name) + " has too"}
	if at := slices.Index(d.user.SharesPassword, from.Name); at >= 0 {
		hop.Field = fmt.Sprintf("sharesPassword[%d]", at)
		return hop, true
	}
	return hop, slices.Contains(from.SharesPassword, d.user.Name)
}

func closeLogin(hop bulkhead.Hop) bulkhead.Change {
	text := "give it a password that nobody else has"
	if hop.Object == userRef(defaultUser) {
		text = "once nobody connects as it, run " + setUser(defaultUser, "off")
	}
	return bulkhead.Change{Object: hop.Object, Field: hop.Field, Text: text}
}

// defaultUser is whom a connection is before it logs in.
const defaultUser = "default"

func ruleField(i int) string { return fmt.Sprintf("rules[%d]", i) }
