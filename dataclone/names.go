// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A NameError is a name that BigQuery would not take.
type NameError struct {
	// Kind is what is named: "project", "dataset", "table", "label key", "label
	// value" or "environment".
	Kind string
	Name string
	// Reason continues a sentence that begins with the name.
	Reason string
}

// Error quotes the name and says what is wrong with it.
func (e *NameError) Error() string { return fmt.Sprintf("%s %q %s", e.Kind, e.Name, e.Reason) }

// longest is how many bytes of UTF-8 the name of a table may have, and how many
// characters that of a dataset ("Create and use tables", "Create datasets").
const longest = 1024

// Validate returns nil if the names of project and dataset are well formed, and
// otherwise [*NameError] values, joined. A dataset whose name begins with "_" is
// hidden, and its name well formed.
func (d DatasetRef) Validate() error {
	return errors.Join(validateProject(d.Project), validateDataset(d.Dataset))
}

// Validate returns nil if the names of project, dataset and table are well formed,
// and otherwise [*NameError] values, joined.
func (t TableRef) Validate() error {
	return errors.Join(t.In().Validate(), validateTable(t.Table))
}

// validateProject judges a project ID ("Creating and managing projects"): that of a
// domain has the domain and a colon before it.
func validateProject(name string) error {
	domain, id, scoped := strings.Cut(name, ":")
	if !scoped {
		domain, id = "a.a", name
	}
	letter := id != "" && id[0] >= 'a' && id[0] <= 'z'
	if !letter || len(id) < 6 || len(id) > 30 || id[len(id)-1] == '-' || !only(id, "-") ||
		!strings.Contains(domain, ".") || !only(domain, "-.") {
		return &NameError{
			Kind: "project", Name: name,
			Reason: "is not 6 to 30 lower case letters, digits and hyphens, from a letter to a letter or a digit",
		}
	}
	return nil
}

// only reports whether s holds only lower case letters, digits and bytes of also.
func only(s, also string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune(also, r)
	})
}

// validateDataset judges the name of a dataset ("Create datasets", Name datasets).
func validateDataset(name string) error {
	if name == "" || len(name) > longest || !only(strings.ToLower(name), "_") || len(strings.ToLower(name)) != len(name) {
		return &NameError{Kind: "dataset", Name: abridged(name), Reason: "is not 1 to 1024 letters, digits and underscores"}
	}
	return nil
}

// abridged is enough of a name to find it by.
func abridged(name string) string {
	if len(name) <= 64 {
		return name
	}
	return strings.ToValidUTF8(name[:64], "") + "..."
}

// validateTable judges the name of a table ("Create and use tables", Table naming):
// up to 1,024 bytes of the categories letter, mark, number, connector, dash and space.
// So a decorator ("$", "@") and a wildcard ("*") is part of no name.
func validateTable(name string) error {
	allowed := func(r rune) bool {
		return unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.Pc, unicode.Pd, unicode.Zs)
	}
	switch {
	case name == "" || !utf8.ValidString(name):
		return &NameError{Kind: "table", Name: name, Reason: "is empty or no UTF-8"}
	case len(name) > longest:
		return &NameError{Kind: "table", Name: abridged(name), Reason: fmt.Sprintf("has %d bytes in UTF-8, of at most 1024", len(name))}
	}
	for _, r := range name {
		if !allowed(r) {
			return &NameError{Kind: "table", Name: name, Reason: fmt.Sprintf("has the character %q, which is no letter, mark, number, connector, dash or space", r)}
		}
	}
	return nil
}

// validateLabel judges a label ("Introduction to labels", Requirements for labels):
// a key of 1 to 63 characters that begins with a lower case or an international
// letter, a value of at most 63, both of lower case letters, digits, "_" and "-".
func validateLabel(key, value string) error {
	first, _ := utf8.DecodeRuneInString(key)
	var errs []error
	if key == "" || utf8.RuneCountInString(key) > 63 || !unicode.IsLetter(first) || !labelCharacters(key) {
		errs = append(errs, &NameError{
			Kind: "label key", Name: key,
			Reason: "is not 1 to 63 lower case letters, digits, underscores and hyphens that begin with a letter",
		})
	}
	if utf8.RuneCountInString(value) > 63 || !labelCharacters(value) {
		errs = append(errs, &NameError{
			Kind: "label value", Name: value,
			Reason: "is not up to 63 lower case letters, digits, underscores and hyphens",
		})
	}
	return errors.Join(errs...)
}

func labelCharacters(s string) bool {
	for _, r := range s {
		lower := unicode.IsLetter(r) && !unicode.IsUpper(r) && !unicode.IsTitle(r)
		if !lower && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '_' && r != '-' {
			return false
		}
	}
	return utf8.ValidString(s)
}

// validateEnvironment judges the name of an environment: it is the value of a label,
// and not empty.
func validateEnvironment(name string) error {
	if name == "" || validateLabel(LabelEnvironment, name) != nil {
		return &NameError{
			Kind: "environment", Name: abridged(name),
			Reason: "is not 1 to 63 lower case letters, digits, underscores and hyphens",
		}
	}
	return nil
}
