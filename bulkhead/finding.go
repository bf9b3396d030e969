// SPDX-License-Identifier: Apache-2.0

package bulkhead

import (
	"cmp"
	"fmt"
	"strings"
)

// Severity says how much a finding matters. The zero value is Error, so that a
// forgotten severity is the strict one.
type Severity int

const (
	// Error means that the boundary cannot hold, whatever else is in the cluster, or
	// that the API server refuses the object.
	Error Severity = iota
	// Warning means that the object opens, closes or misses more than its author is
	// likely to expect. Whether the boundary still holds depends on what else is
	// there.
	Warning
)

// String gives "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// MarshalText makes reports say "error" or "warning" instead of a number.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText accepts what [Severity.MarshalText] writes and refuses all else.
func (s *Severity) UnmarshalText(text []byte) error {
	switch string(text) {
	case "error":
		*s = Error
	case "warning":
		*s = Warning
	default:
		return fmt.Errorf("severity %q: want error or warning", text)
	}
	return nil
}

// A Finding is one problem of one object, reported by one rule.
//
// Rule and Field are stable: tools may match on them. Message and Fix are for
// people and change between releases. File and line are not here, since an
// object need not come from a file: manifest.Set gives the position of an object
// and a field.
type Finding struct {
	Rule     string // ID of the rule, such as "netpol/open-to-world"
	Severity Severity
	Object   Ref
	Field    string // path such as "spec.ingress[0].from"; empty for the whole object
	Message  string // what happens because of it, without a final stop
	Fix      string // imperative phrase; empty where no single edit mends it
}

// String gives one line: severity, object, field, message, fix and rule.
// Characters that do not print are escaped.
func (f Finding) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: ", f.Severity)
	if place := f.place(); place != "" {
		fmt.Fprintf(&b, "%s: ", place)
	}
	b.WriteString(f.Message)
	if f.Fix != "" {
		fmt.Fprintf(&b, "; %s", f.Fix)
	}
	fmt.Fprintf(&b, " (%s)", f.Rule)
	return printable(b.String())
}

// place gives object and field, of which a document that was not read may have
// neither.
func (f Finding) place() string {
	var parts []string
	if f.Object != (Ref{}) {
		parts = append(parts, f.Object.String())
	}
	if f.Field != "" {
		parts = append(parts, f.Field)
	}
	return strings.Join(parts, " ")
}

// Compare orders findings by object, field, rule, severity and text. Numbers in a
// field count as numbers: spec.ingress[2] stands before spec.ingress[10]. It
// returns -1, 0 or +1.
func (f Finding) Compare(g Finding) int {
	return cmp.Or(
		f.Object.Compare(g.Object),
		compareFields(f.Field, g.Field),
		cmp.Compare(f.Rule, g.Rule),
		cmp.Compare(f.Severity, g.Severity),
		cmp.Compare(f.Message, g.Message),
		cmp.Compare(f.Fix, g.Fix),
	)
}
