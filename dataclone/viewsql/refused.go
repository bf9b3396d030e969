// SPDX-License-Identifier: Apache-2.0

package viewsql

import (
	"fmt"
	"slices"
	"strings"
)

// A Reason says why a text was refused, or what a notice is about. The words are
// stable.
type Reason string

const (
	// InvalidUTF8 is text that is not UTF-8, which BigQuery does not take.
	InvalidUTF8 Reason = "invalid-utf8"
	// UnknownCharacter is a character that begins no token of GoogleSQL.
	UnknownCharacter Reason = "unknown-character"
	// Unterminated is a literal, a quoted identifier or a comment without its end.
	Unterminated Reason = "unterminated"
	// BadIdentifier is a quoted identifier that is empty or has an escape that GoogleSQL
	// does not know.
	BadIdentifier Reason = "bad-identifier"
	// Unbalanced is a bracket or a block without its other end.
	Unbalanced Reason = "unbalanced"
	// TooDeep is text whose brackets nest deeper than this package follows.
	TooDeep Reason = "too-deep"
	// UnknownSyntax is a place where it cannot be told what a name stands for.
	UnknownSyntax Reason = "unknown-syntax"
	// UnknownStatement is a statement that this package does not know.
	UnknownStatement Reason = "unknown-statement"
	// LegacySQL is a table as legacy SQL writes it, such as [project:dataset.table].
	LegacySQL Reason = "legacy-sql"
	// AmbiguousName is a path that may name an object of a mapped dataset as well as
	// something else, such as an array of an alias with the dataset's name.
	AmbiguousName Reason = "ambiguous-name"
	// DefaultDataset is a script that sets the dataset or the project of names that have
	// none.
	DefaultDataset Reason = "default-dataset"
	// NotAQuery is text that is not one query expression.
	NotAQuery Reason = "not-a-query"

	// DynamicSQL is what runs or names what stands in strings: EXECUTE IMMEDIATE,
	// procedures in other languages, GRAPH_EXPAND, and the procedures of the system such as
	// BQ.REFRESH_MATERIALIZED_VIEW.
	DynamicSQL Reason = "dynamic-sql"
	// ExternalQuery is a query that another database runs: EXTERNAL_QUERY.
	ExternalQuery Reason = "external-query"
	// ExternalData is a statement that reads or writes data outside BigQuery at places
	// that stand in strings: EXPORT, LOAD DATA, external tables.
	ExternalData Reason = "external-data"

	// ProjectMetadata is a view of INFORMATION_SCHEMA that covers a project or a region,
	// and so has no other dataset to go to. It is a warning only.
	ProjectMetadata Reason = "project-metadata"
)

// opaque tells whether the reason is text in strings that something else reads.
func (r Reason) opaque() bool {
	return r == DynamicSQL || r == ExternalQuery || r == ExternalData
}

// A Position is a place in a text.
type Position struct {
	Offset int // in bytes, from 0
	Line   int // from 1
	Column int // in bytes, from 1
}

// String returns the position as line:column.
func (p Position) String() string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }

// A Notice is something about one place of a text.
type Notice struct {
	Reason Reason
	Position
	Text   string // the name or the keyword that it is about; never the content of a literal or a comment
	Detail string // for people; may change between releases
}

// String returns the notice as one line.
func (n Notice) String() string {
	return fmt.Sprintf("%s: %s: %s: %s", n.Position, n.Reason, n.Text, n.Detail)
}

// A RefusedError says why a text is not rewritten: all that was found, in the order of
// the text. After the first fault of the lexical structure nothing more is looked for,
// since what follows cannot be told from a literal.
type RefusedError struct{ Notices []Notice }

// Error returns the first ten notices, which hold no literal, and the number of others.
func (e *RefusedError) Error() string {
	shown := e.Notices[:min(len(e.Notices), 10)]
	lines := make([]string, len(shown))
	for i, n := range shown {
		lines[i] = n.String()
	}
	if more := len(e.Notices) - len(shown); more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return "refused: " + strings.Join(lines, "; ")
}

// Has tells whether the text was refused for a reason, among others.
func (e *RefusedError) Has(r Reason) bool {
	return slices.ContainsFunc(e.Notices, func(n Notice) bool { return n.Reason == r })
}
