// SPDX-License-Identifier: Apache-2.0

package bulkhead

import (
	"cmp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

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
// validation code passes around. The Origin of each is the rule's ID, and the
// Detail gives object, message and fix, so that findings of several objects can be
// told apart. The Field of a finding about a whole object is "<nil>", as a nil
// [*field.Path] writes itself. The offending value is left out, as it may be a
// secret.
func (fs Findings) ErrorList() field.ErrorList {
	var out field.ErrorList
	for _, f := range fs.Of(Error) {
		out = append(out, f.fieldError())
	}
	return out
}

func (f Finding) fieldError() *field.Error {
	var whole *field.Path
	detail := f.Message
	if f.Object != (Ref{}) {
		detail = f.Object.String() + ": " + detail
	}
	if f.Fix != "" {
		detail += "; " + f.Fix
	}
	return &field.Error{
		Type:     field.ErrorTypeInvalid,
		Field:    cmp.Or(f.Field, whole.String()),
		BadValue: field.OmitValueType{},
		Detail:   printable(detail),
		Origin:   f.Rule,
	}
}

// A FindingsError is one or more findings of severity [Error] as an error.
// errors.As reaches it and the [*field.Error] of its first finding; Findings lists
// all.
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

// Unwrap gives a *field.Error for each finding, as [Findings.ErrorList] does.
func (e *FindingsError) Unwrap() []error {
	out := make([]error, len(e.Findings))
	for i, f := range e.Findings {
		out[i] = f.fieldError()
	}
	return out
}
