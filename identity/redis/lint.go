// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"fmt"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// Lint returns what weakens a boundary and does not breach it, as findings of severity
// warning: what no rule of a server closes, such as shared memory, and what is wider
// than it needs to be. What was not read is not judged; [Snapshot.NoAccess] names it.
//
// An error is a [*bulkhead.InvalidError] about the boundary.
func (s *Snapshot) Lint(b Boundary) (bulkhead.Findings, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	w := s.walk(b)
	out := append(w.noisyNeighbour(), w.defaultUser()...)
	for _, a := range w.actors() {
		r := w.parse(a.user, w.table)
		if len(a.path) > 0 || len(r.lost) > 0 {
			continue
		}
		if nopass := w.doors[a.user.Name].nopass; nopass >= 0 {
			out = append(out, warning(NoPassword, userRef(a.user.Name), ruleField(nopass),
				"anybody who reaches the server can log in as it", "give it a password"))
		}
		for _, sel := range r.selectors {
			j := w.judge(r, sel)
			out = append(out, j.wideCommands()...)
			out = append(out, j.widePatterns()...)
			out = append(out, j.futureCommands()...)
		}
	}
	return out.Sorted(), nil
}

func warning(rule string, object bulkhead.Ref, field, message, fix string) bulkhead.Finding {
	return bulkhead.Finding{Rule: rule, Severity: bulkhead.Warning, Object: object, Field: field, Message: message, Fix: fix}
}

// noisyNeighbour says what both sides share whatever the rules say.
func (w *walk) noisyNeighbour() bulkhead.Findings {
	message := "commands of staging run in the thread that serves production, and a slow one, or a script, makes production wait"
	if policy := w.Config["maxmemory-policy"]; strings.HasPrefix(policy, "allkeys-") || strings.HasPrefix(policy, "volatile-") {
		message += "; when memory is full, what staging writes evicts keys of production (" + policy + ")"
	} else {
		message += "; memory that staging fills is not there for production"
	}
	return bulkhead.Findings{warning(NoisyNeighbour, configRef("maxmemory-policy"), "", message, "give staging a server of its own where that matters")}
}

func (w *walk) defaultUser() bulkhead.Findings {
	d, ok := w.doors[defaultUser]
	switch {
	case !ok || !d.on:
		return nil
	case d.nopass >= 0:
		return bulkhead.Findings{warning(DefaultUser, userRef(defaultUser), ruleField(d.nopass),
			"every connection is this user before it logs in", "give every application a user of its own, then switch this one off")}
	default:
		return bulkhead.Findings{warning(DefaultUser, userRef(defaultUser), "",
			"one password, which every application without a user of its own knows, is this user", "give every application a user of its own, then switch this one off")}
	}
}

// wideCommands finds commands that show what concerns nobody but the operator.
func (j judge) wideCommands() bulkhead.Findings {
	byRule := make(map[string][]string)
	var fields []string
	field := make(map[string]string)
	for _, c := range j.leaves {
		e, _ := effectOf(c)
		if !isFinding(e.rule) {
			continue
		}
		if byRule[e.rule] == nil {
			fields = append(fields, e.rule)
			field[e.rule] = j.allowing(c).Field
		}
		byRule[e.rule] = append(byRule[e.rule], c.Name)
	}
	var out bulkhead.Findings
	for _, rule := range fields {
		message := "it may run " + strings.Join(byRule[rule], ", ") + ": production shows through, though none of its keys"
		if rule == LoadsPayloads {
			message = "it may run " + strings.Join(byRule[rule], ", ") + ": a payload that it makes up is read by the server's own code"
		}
		out = append(out, warning(rule, j.ref(), field[rule], message, "run "+j.edit(nil, minus(byRule[rule]))))
	}
	return out
}

func minus(commands []string) []string {
	out := make([]string, len(commands))
	for i, name := range commands {
		out[i] = "-" + name
	}
	return out
}

// widePatterns finds patterns that match what is on neither side: what production names
// so one day is staging's.
func (j judge) widePatterns() bulkhead.Findings {
	if len(j.boundary.From.Prefixes) == 0 || j.boundary.Rest {
		return nil
	}
	var out bulkhead.Findings
	for _, kind := range []struct {
		what     string
		patterns []pattern
		own      prefixes
	}{
		{"keys", j.selector.keyPatterns(), j.own},
		{"channels", j.channelPatterns(), j.prefixes(append(j.eventPrefixes(), j.boundary.From.Prefixes...))},
	} {
		for _, p := range kind.patterns {
			name, _, ok := kind.own.find(p.glob, beginning(), func(state int) bool { return !kind.own.below(state) })
			if !ok || len(p.rules) == 0 {
				continue
			}
			out = append(out, warning(OutsidePrefix, j.ref(), j.at(p.rules[0]),
				fmt.Sprintf("%s matches %s that are not below a prefix of staging, such as %s", j.said(p.rules[0]), kind.what, quote(name)),
				"end the pattern with the prefix and one *"))
		}
	}
	return out
}

// eventPrefixes are the channels about staging's own keys.
func (j judge) eventPrefixes() []string {
	var out []string
	for _, db := range j.eventDatabases() {
		for _, prefix := range j.boundary.From.Prefixes {
			out = append(out, fmt.Sprintf("__keyspace@%d__:%s", db, prefix))
		}
	}
	return out
}

func (j judge) futureCommands() bulkhead.Findings {
	if j.selector.future < 0 {
		return nil
	}
	return bulkhead.Findings{warning(FutureCommands, j.ref(), j.at(j.selector.future),
		"commands of modules that are loaded later are allowed, whatever they do", "begin with -@all and add what is needed")}
}
