// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/watertight-go/watertight/bulkhead"
)

// A DocumentError says why one document, or one item of a List, could not be
// read. The other documents of the input are not affected. Its text names the
// place and never quotes a value, which may be a secret.
type DocumentError struct {
	File     string       // as given to [Read], or the path of the file
	Document int          // counted from 1 in the file; 0 means the file as a whole
	Line     int          // counted from 1 in the file; 0 where no line is known
	Object   bulkhead.Ref // empty if it was not reached
	Field    string       // path such as "spec.ports[0].port"; empty for the whole document
	Err      error        // what is wrong; a [*LimitError] for input beyond a limit
}

// Error gives "file:line: document 2: field: what is wrong". Characters that do
// not print are escaped, so that no name makes a line of its own.
func (e *DocumentError) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	if e.Document > 0 {
		fmt.Fprintf(&b, ": document %d", e.Document)
	}
	if e.Object.Kind != "" {
		fmt.Fprintf(&b, ": %s", e.Object)
	}
	if e.Field != "" {
		fmt.Fprintf(&b, ": %s", e.Field)
	}
	return printable(strings.TrimPrefix(fmt.Sprintf("%s: %v", b.String(), e.Err), ": "))
}

// printable escapes s, as in a Go string, if it holds a character that does not print.
func printable(s string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return s
	}
	quoted := strconv.Quote(s)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// Unwrap returns what is wrong.
func (e *DocumentError) Unwrap() error { return e.Err }

// Unreadable is the rule ID of [DocumentError.Finding].
const Unreadable = "manifest/unreadable"

// Finding gives the error the form of a finding of severity error, for reports
// that list both. File and line stay with e, since a document that was not read
// has no position in a Set.
func (e *DocumentError) Finding() bulkhead.Finding {
	return bulkhead.Finding{
		Rule: Unreadable, Severity: bulkhead.Error, Object: e.Object, Field: e.Field,
		Message: "the document is not read: " + e.Err.Error(),
	}
}

// A SyntaxError says that a text is not YAML, or is YAML that has no JSON form.
type SyntaxError struct {
	Problem string // in the words of the parser, without any part of the text
}

// Error gives the problem.
func (e *SyntaxError) Error() string { return e.Problem }

// A LimitError says that input is larger than the package accepts.
type LimitError struct {
	What string // what there is too much of, such as "bytes in one document"
	Max  int    // the limit, one of the constants of this package
}

// Error names the limit.
func (e *LimitError) Error() string { return fmt.Sprintf("more than %d %s", e.Max, e.What) }

// A NoManifestsError says that a folder holds no file that could be read as
// manifests, which is taken for a mistake: what checks nothing finds nothing.
type NoManifestsError struct {
	Path string
}

// Error names the folder.
func (e *NoManifestsError) Error() string {
	return printable(e.Path) + ": no .yaml, .yml or .json file in this folder"
}
