// SPDX-License-Identifier: Apache-2.0

package redis

import "strconv"

// A sighting is a name of production's that a pattern matches.
type sighting struct {
	name string // the shortest
	side string // the prefix that it is below; empty for everything that is not staging's
}

// side says whose the name is.
func (s sighting) whose() string {
	if s.side == "" {
		return "everything that is not below a prefix of staging"
	}
	return s.side
}

// sees returns a name of production's that a pattern matches, from one of some steps on.
func (w *walk) sees(g glob, first []int, own prefixes) (sighting, bool) {
	if name, state, ok := w.away.find(g, first, w.away.below); ok {
		return sighting{name, w.away.ends[state]}, true
	}
	if !w.boundary.Rest {
		return sighting{}, false
	}
	name, _, ok := own.find(g, first, func(state int) bool { return !own.below(state) })
	return sighting{name: name}, ok
}

// prefixes returns some that spend the work of the walk.
func (w *walk) prefixes(list []string) prefixes { return newPrefixes(list, w.work) }

// beginning is where a pattern begins.
func beginning() []int { return []int{0} }

// seesSpelling returns a name of production's that a pattern matches and that is a
// given one but for the case of letters.
func (w *walk) seesSpelling(g glob, name string) (string, bool) {
	if found, ok := w.away.spelling(g, name, w.away.below); ok || !w.boundary.Rest {
		return found, ok
	}
	return w.own.spelling(g, name, func(state int) bool { return !w.own.below(state) })
}

// seesKeyEvents returns a channel of keyspace notifications about production's keys
// that a pattern matches (Redis documentation, "Redis keyspace notifications"): those
// about one key carry its name, those about one event send the names of keys. Asked is
// whether notifications of a kind, K or E, matter.
func (w *walk) seesKeyEvents(g glob, matters func(kind rune) bool) (sighting, bool) {
	if len(g.after("__key")) == 0 {
		return sighting{}, false
	}
	if n, known := w.databases(); len(w.boundary.Databases) == 0 && (!known || n > mostDatabases) {
		w.missing["which databases production's keys are in: its notifications about others than the first "+strconv.Itoa(min(n, mostDatabases))+" are not looked for"] = true
	}
	for _, db := range w.eventDatabases() {
		channel := "__keyspace@" + strconv.Itoa(db) + "__:"
		if found, ok := w.sees(g, g.after(channel), w.own); ok && matters('K') {
			found.name = channel + found.name
			return found, true
		}
		channel = "__keyevent@" + strconv.Itoa(db) + "__:"
		event, _, ok := w.prefixes(nil).find(g, g.after(channel), func(int) bool { return true })
		if ok && event != "" && matters('E') {
			return sighting{name: channel + event}, true
		}
	}
	return sighting{}, false
}

// notifies reports whether the server publishes notifications of a kind, and notes if
// that is not known.
func (w *walk) notifies(kind rune) bool {
	events, ok := w.Config["notify-keyspace-events"]
	if !ok {
		w.missing["whether the server publishes the names of keys that change: notify-keyspace-events of CONFIG GET"] = true
	}
	for _, c := range events {
		if c == kind {
			return true
		}
	}
	return false
}

// mostDatabases bounds how many databases are looked at one by one.
const mostDatabases = 64

func (w *walk) eventDatabases() []int {
	if len(w.boundary.Databases) > 0 {
		return w.boundary.Databases
	}
	var out []int
	n, _ := w.databases()
	for db := range min(n, mostDatabases) {
		out = append(out, db)
	}
	return out
}
