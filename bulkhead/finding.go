// SPDX-License-Identifier: Apache-2.0

package bulkhead

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Severity says how much a finding matters. The zero value is Error, so that a
// forgotten severity is the strict one.
type Severity int

const (
	// Error means that the boundary does not hold, or that the API server would
	// refuse the object.
	Error Severity = iota
	// Warning means that the boundary holds but the object does not do what its
	// author is likely to expect.
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
	fmt.Fprintf(&b, "%s: %s", f.Severity, f.Object)
	if f.Field != "" {
		fmt.Fprintf(&b, " %s", f.Field)
	}
	fmt.Fprintf(&b, ": %s", f.Message)
	if f.Fix != "" {
		fmt.Fprintf(&b, "; %s", f.Fix)
	}
	fmt.Fprintf(&b, " (%s)", f.Rule)
	return printable(b.String())
}

// Compare orders findings by object, field, rule, severity and text.
// It returns -1, 0 or +1.
func (f Finding) Compare(g Finding) int {
	return cmp.Or(
		f.Object.Compare(g.Object),
		cmp.Compare(f.Field, g.Field),
		cmp.Compare(f.Rule, g.Rule),
		cmp.Compare(f.Severity, g.Severity),
		cmp.Compare(f.Message, g.Message),
		cmp.Compare(f.Fix, g.Fix),
	)
}

// Findings is what rules report. Nil means that nothing was found.
type Findings []Finding

// Of returns the findings of one severity, in order. A severity that is neither
// [Error] nor [Warning] counts as Error.
func (fs Findings) Of(severity Severity) Findings {
	var out Findings
	for _, f := range fs {
		if (f.Severity == Warning) == (severity == Warning) {
			out = append(out, f)
		}
	}
	return out
}

// Sorted returns a sorted copy in which equal findings stand once.
func (fs Findings) Sorted() Findings {
	out := slices.Clone(fs)
	slices.SortFunc(out, Finding.Compare)
	return slices.Compact(out)
}

// Err returns nil if no finding is an [Error], and otherwise a [*FindingsError]
// that holds those that are. Warnings do not make an error.
func (fs Findings) Err() error {
	if errs := fs.Of(Error); len(errs) > 0 {
		return &FindingsError{Findings: errs}
	}
	return nil
}

// ErrorList returns the findings of severity [Error] in the form that Kubernetes
// validation code passes around. The Origin of each is the rule's ID; the
// offending value is left out, as it may be a secret.
func (fs Findings) ErrorList() field.ErrorList {
	var out field.ErrorList
	for _, f := range fs.Of(Error) {
		out = append(out, f.fieldError())
	}
	return out
}

// Admission splits the findings into what an admission webhook returns, such as
// a controller-runtime validator: warnings for the client to print, a line each,
// and the error of [Findings.Err] that refuses the object.
func (fs Findings) Admission() (warnings []string, err error) {
	for _, f := range fs.Of(Warning) {
		warnings = append(warnings, f.String())
	}
	return warnings, fs.Err()
}

func (f Finding) fieldError() *field.Error {
	return &field.Error{
		Type:     field.ErrorTypeInvalid,
		Field:    f.Field,
		BadValue: field.OmitValueType{},
		Detail:   f.Message,
		Origin:   f.Rule,
	}
}

// A FindingsError is one or more findings of severity [Error] as an error.
// errors.As reaches it and a [*field.Error] for each finding.
type FindingsError struct {
	Findings Findings
}

// Error gives a line for each finding.
func (e *FindingsError) Error() string {
	lines := make([]string, len(e.Findings))
	for i, f := range e.Findings {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As reach the finding's *field.Error.
func (e *FindingsError) Unwrap() []error {
	out := make([]error, len(e.Findings))
	for i, f := range e.Findings {
		out[i] = f.fieldError()
	}
	return out
}
