// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// A judge looks at one selector of one user.
type judge struct {
	*walk
	rights   *rights
	selector *selector
	leaves   []*Command // that the selector allows
	// permitted are the ways in which some pattern of the selector lets keys be used.
	permitted map[keyAccess]bool
}

func (w *walk) judge(r *rights, sel *selector) judge {
	return judge{walk: w, rights: r, selector: sel, leaves: sel.leaves(), permitted: permittedBy(sel.keyPatterns())}
}

// at is the field of a rule of the selector, as the user has it.
func (j judge) at(rule int) string {
	if j.selector.rule >= 0 {
		return ruleField(j.selector.rule)
	}
	return ruleField(rule)
}

// said is a rule of the selector, for people.
func (j judge) said(rule int) string { return word(j.selector.rules[rule]) }

func (j judge) ref() bulkhead.Ref { return userRef(j.rights.user.Name) }

// allowing is the hop of the rule that allows a command.
func (j judge) allowing(c *Command) bulkhead.Hop {
	rule, _ := j.selector.ruleOf(c)
	if rule < 0 {
		return bulkhead.Hop{Object: commandRef(c.Name), Field: "flags", Text: "lets everybody run it, whatever the rules"}
	}
	return bulkhead.Hop{Object: j.ref(), Field: j.at(rule), Text: j.said(rule) + " allows " + c.Name}
}

// commandBreaches returns a breach for each kind of command that no pattern confines.
func (j judge) commandBreaches() []bulkhead.Breach {
	byRule := make(map[string][]*Command)
	var rules []string
	for _, c := range j.leaves {
		e, known := effectOf(c)
		switch {
		case !known:
			j.missing[fmt.Sprintf("what the command %s does, which user %s may run and patterns may not confine", c.Name, quote(j.rights.user.Name))] = true
		case e.rule == "" || isFinding(e.rule) || isAboutOneDatabase(c.Name) && !j.reachesDatabases():
		case isAboutAllDatabases(c.Name) && !j.selector.allDBs && !j.reachesAllDatabases(c):
		default:
			if byRule[e.rule] == nil {
				rules = append(rules, e.rule)
			}
			byRule[e.rule] = append(byRule[e.rule], c)
		}
	}
	var out []bulkhead.Breach
	for _, rule := range rules {
		out = append(out, j.commandBreach(rule, byRule[rule]))
	}
	return out
}

// commandBreach returns the breach of commands of one kind: its path is that of the
// first, its change takes all of them away.
func (j judge) commandBreach(rule string, commands []*Command) bulkhead.Breach {
	first := commands[0]
	e, _ := effectOf(first)
	names := make([]string, len(commands))
	for i, c := range commands {
		names[i] = c.Name
	}
	hop := j.allowing(first)
	if others := names[1:]; len(others) > 0 {
		hop.Text += ", and " + strings.Join(others, ", ")
	}
	return bulkhead.Breach{
		Rule:   rule,
		Path:   []bulkhead.Hop{hop, {Object: commandRef(first.Name), Text: e.text}},
		Change: j.takeAway(hop, names),
	}
}

// takeAway is the change that takes commands away. From what runs without logging in no
// rule does.
func (j judge) takeAway(hop bulkhead.Hop, names []string) bulkhead.Change {
	text := "run " + j.edit(nil, minus(names))
	if hop.Object != j.ref() {
		text = "no rule takes it away; give staging a server of its own"
	}
	return bulkhead.Change{Object: hop.Object, Field: hop.Field, Text: text}
}

// isFinding reports whether a rule weakens the boundary and does not breach it.
func isFinding(rule string) bool { return rule == ShowsMetadata || rule == LoadsPayloads }

// reachesAllDatabases reports whether the selector, which is kept to databases, lets a
// command run that is about all of them, and notes if that is not known.
func (j judge) reachesAllDatabases(c *Command) bool {
	n, known := j.databases()
	if !known {
		if j.selector.dbs[0] { // a server may have no other
			j.missing[databasesMissing] = true
		}
		return false
	}
	return j.selector.deniesDatabase(c, 0, n, nil) == ""
}

// reachesDatabases reports whether the selector lets a command into a database that
// production's keys may be in.
func (j judge) reachesDatabases() bool {
	if j.selector.allDBs {
		return true
	}
	return slices.ContainsFunc(j.selector.databases(), func(db int) bool {
		return len(j.boundary.Databases) == 0 || slices.Contains(j.boundary.Databases, db)
	})
}
