// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A path leads from a value to something in it that may be absent.
type path []step

// A step goes to a field, or to the entry of a map.
type step struct {
	name  string
	entry bool
	null  bool // the field is a list that the API writes as null if it is empty
}

// fields leads through fields.
func fields(names ...string) path {
	var out path
	for _, name := range names {
		out = append(out, step{name: name})
	}
	return out
}

// entry leads on to an entry of a map.
func (p path) entry(name string) path {
	return append(slices.Clip(p), step{name: name, entry: true})
}

// nullable leads on to a list that is null if it is empty, since its field is always
// written (k8s.io/api v0.37, a JSON tag without omitempty).
func (p path) nullable(name string) path {
	return append(slices.Clip(p), step{name: name, null: true})
}

// cel is an expression of what p leads to from x: an optional, so that nothing is an
// evaluation error.
func (p path) cel(x string) string {
	var b strings.Builder
	b.WriteString(x)
	for _, s := range p {
		if s.entry {
			b.WriteString("[?" + quote(s.name) + "]")
		} else {
			b.WriteString(".?" + s.name)
		}
	}
	return b.String()
}

// celList is an expression of the list that p leads to from x: empty if it is absent.
func (p path) celList(x string) string {
	list := p.cel(x) + ".orValue([])"
	if p[len(p)-1].null {
		return "optional.ofNonZeroValue(" + list + ").orValue([])"
	}
	return list
}

// get returns what p leads to from v, as JSON has it.
func (p path) get(v any) (any, bool) {
	for _, s := range p {
		fields, _ := v.(map[string]any)
		next, ok := fields[s.name]
		if !ok {
			return nil, false
		}
		v = next
	}
	return v, true
}

// list returns the items of the list that p leads to from v: none if it is absent.
func (p path) list(v any) []any {
	value, _ := p.get(v)
	items, _ := value.([]any)
	return items
}

// under is the path of a finding.
func (p path) under(at *field.Path) *field.Path {
	for _, s := range p {
		if s.entry {
			at = at.Key(s.name)
		} else {
			at = at.Child(s.name)
		}
	}
	return at
}

// quote is a string literal of CEL. What is quoted prints, see [printable].
func quote(s string) string { return strconv.Quote(s) }

// list is a list of strings in CEL.
func list(values []string) string {
	var literals []string
	for _, value := range values {
		literals = append(literals, quote(value))
	}
	return "[" + strings.Join(literals, ", ") + "]"
}
