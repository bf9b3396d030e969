// SPDX-License-Identifier: Apache-2.0

package viewsql

import (
	"slices"
	"strings"
)

// Rewritten is what became of a text.
type Rewritten struct {
	SQL        string
	References []Reference // every one, mapped or not, in the order of the text given
	Warnings   []Notice    // in the order of the text given
}

// Rewrite returns the text with every reference to a mapped dataset going to the other
// one, with its project, and in backticks. All else stays as it is, byte by byte. The
// error is a *RefusedError about the text, or joins *MappingErrors.
func (m Mapping) Rewrite(sql string) (Rewritten, error) {
	if err := m.Validate(); err != nil {
		return Rewritten{}, err
	}
	r, warnings, err := m.read(sql)
	if err != nil {
		return Rewritten{}, err
	}
	return Rewritten{SQL: apply(sql, r.edits), References: r.references, Warnings: warnings}, nil
}

// References returns what a text refers to, in the order of the text. Names without a
// project are of the default one. What stands in strings is not looked into. The error
// is a *RefusedError about the text, or a *MappingError about the project.
func References(sql, defaultProject string) ([]Reference, error) {
	m := Mapping{DefaultProject: defaultProject, KeepStrings: true}
	if err := m.Validate(); err != nil {
		return nil, err
	}
	r, _, err := m.read(sql)
	if err != nil {
		return nil, err
	}
	return r.references, nil
}

// Query returns nil if a text is one query expression, which can be put wherever such a
// one may stand without ending the statement around it, and else a *RefusedError. A text
// that ends in a comment needs a line break behind it.
func Query(sql string) error {
	a, fault := analyze(sql)
	if fault != nil {
		return refused(sql, []Notice{*fault})
	}
	first := 0
	for a.symbol(first, "(") {
		first++
	}
	if !a.begins(first) {
		a.notice(NotAQuery, first, "a query does not begin with it")
	}
	for i := range a.tokens {
		if a.symbol(i, ";") {
			a.notice(NotAQuery, i, "a query has no semicolon")
		}
	}
	a.notices = slices.DeleteFunc(a.notices, func(n Notice) bool { return n.Reason.opaque() })
	if len(a.notices) > 0 {
		return refused(sql, a.notices)
	}
	return nil
}

// read resolves all references of a text.
func (m Mapping) read(sql string) (*resolution, []Notice, error) {
	a, fault := analyze(sql)
	if fault != nil {
		return nil, nil, refused(sql, []Notice{*fault})
	}
	r := &resolution{analysis: a, mapping: m}
	r.resolve()
	slices.SortStableFunc(r.references, func(x, y Reference) int { return x.Offset - y.Offset })
	at := lines(sql)
	for i := range r.references {
		r.references[i].Position = at.position(r.references[i].Offset)
	}
	var warnings, faults []Notice
	for _, n := range r.notices {
		if n.Position = at.position(n.Offset); n.Reason == ProjectMetadata || n.Reason.opaque() && m.KeepStrings {
			warnings = append(warnings, n)
		} else {
			faults = append(faults, n)
		}
	}
	if len(faults) > 0 {
		return nil, nil, refused(sql, faults)
	}
	slices.SortStableFunc(warnings, byOffset)
	return r, warnings, nil
}

func byOffset(x, y Notice) int { return x.Offset - y.Offset }

func refused(sql string, notices []Notice) error {
	at := lines(sql)
	for i := range notices {
		notices[i].Position = at.position(notices[i].Offset)
	}
	slices.SortStableFunc(notices, byOffset)
	return &RefusedError{Notices: notices}
}

// lineStarts are the offsets at which lines begin.
type lineStarts []int

func lines(sql string) lineStarts {
	starts := lineStarts{0}
	for i := range len(sql) {
		if sql[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

func (s lineStarts) position(offset int) Position {
	i, found := slices.BinarySearch(s, offset)
	if !found {
		i--
	}
	return Position{Offset: offset, Line: i + 1, Column: offset - s[i] + 1}
}

// An edit replaces a part of a text.
type edit struct {
	start, end int
	text       string
}

// moved returns the edits that put another dataset into a path which names its own in
// its first one or two parts. Each component stays one, so that the path goes by the
// same name where it has no alias.
func (p path) moved(parts int, to Dataset) []edit {
	names := []string{to.Project, to.Dataset}
	first := p.components[0]
	switch {
	case parts == 1 && len(first.parts) == 1: // dataset.
		return []edit{{first.start, first.end, quote(to.Project) + "." + quote(to.Dataset)}}
	case parts == 2 && len(first.parts) == 1: // project.dataset. or project.`dataset.table`
		second := p.components[1]
		return []edit{
			{first.start, first.end, quote(to.Project)},
			{second.start, second.end, quote(strings.Join(slices.Concat(names[1:], second.parts[1:]), "."))},
		}
	default: // `dataset.table` or `project.dataset.table` or `project.dataset`.
		return []edit{{first.start, first.end, quote(strings.Join(slices.Concat(names, first.parts[parts:]), "."))}}
	}
}

func apply(sql string, edits []edit) string {
	slices.SortFunc(edits, func(x, y edit) int { return x.start - y.start })
	var b strings.Builder
	at := 0
	for _, e := range edits {
		b.WriteString(sql[at:e.start])
		b.WriteString(e.text)
		at = e.end
	}
	b.WriteString(sql[at:])
	return b.String()
}
