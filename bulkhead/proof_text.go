// SPDX-License-Identifier: Apache-2.0

package bulkhead

import "strings"

// String gives the verdict, then the paths of breaches and what is missing, a line for
// each hop. The lines are for people and change between releases. Characters that do not
// print are escaped.
func (p Proof) String() string {
	lines := []string{p.Verdict.String()}
	for _, breach := range p.Breaches {
		lines = append(lines, breach.String())
	}
	for _, missing := range p.Missing {
		lines = append(lines, "missing: "+printable(missing))
	}
	return strings.Join(lines, "\n")
}

// String gives the rule, a line for each hop, and the change.
func (b Breach) String() string {
	lines := []string{printable(b.Rule)}
	for _, hop := range b.Path {
		lines = append(lines, "  "+hop.String())
	}
	if b.Change != (Change{}) {
		lines = append(lines, "  to close it: "+b.Change.String())
	}
	return strings.Join(lines, "\n")
}

// String gives one line: object, field and text.
func (h Hop) String() string { return says(h.Object, h.Field, h.Text) }

// String gives one line: object, field and text.
func (c Change) String() string { return says(c.Object, c.Field, c.Text) }

func says(object Ref, field, text string) string {
	place := strings.TrimSpace(object.String() + " " + printable(field))
	return place + ": " + printable(text)
}
