// SPDX-License-Identifier: Apache-2.0

package viewsql

// A token is a part of the text that is neither white space nor comment.
type token struct {
	kind       kind
	start, end int
	// keyword is an unquoted word in capitals. It is empty for a word after a dot or an
	// @, which is a name whatever it says.
	keyword string
	// continues marks a dot that goes on with a path, and a word or number that goes on
	// with an unquoted name by a dash without space on either side.
	continues bool
	// match is the index of the closing token, for an opening bracket.
	match int
}

// A kind is what a token is, as far as names are concerned.
type kind uint8

const (
	endOfText kind = iota
	word           // an unquoted identifier or keyword
	quoted         // an identifier in backticks
	number
	literal   // a string or bytes literal with its prefix and quotes
	parameter // @name, @@system_variable
	symbol    // an operator, bracket or other punctuation
)

// isName tells whether a token may begin a path.
func (t token) isName() bool {
	return t.kind == quoted || t.kind == word && !reserved(t.keyword)
}

// reserved tells whether a word is a keyword that is no name without backticks
// (BigQuery documentation, "Lexical structure and syntax", "Reserved keywords").
func reserved(keyword string) bool {
	switch keyword {
	case "ALL", "AND", "ANY", "ARRAY", "AS", "ASC", "ASSERT_ROWS_MODIFIED", "AT", "BETWEEN", "BY", "CASE", "CAST",
		"COLLATE", "CONTAINS", "CREATE", "CROSS", "CUBE", "CURRENT", "DEFAULT", "DEFINE", "DESC", "DISTINCT", "ELSE",
		"END", "ENUM", "ESCAPE", "EXCEPT", "EXCLUDE", "EXISTS", "EXTRACT", "FALSE", "FETCH", "FOLLOWING", "FOR", "FROM",
		"FULL", "GRAPH_TABLE", "GROUP", "GROUPING", "GROUPS", "HASH", "HAVING", "IF", "IGNORE", "IN", "INNER",
		"INTERSECT", "INTERVAL", "INTO", "IS", "JOIN", "LATERAL", "LEFT", "LIKE", "LIMIT", "LOOKUP", "MERGE", "NATURAL",
		"NEW", "NO", "NOT", "NULL", "NULLS", "OF", "ON", "OR", "ORDER", "OUTER", "OVER", "PARTITION", "PRECEDING",
		"PROTO", "QUALIFY", "RANGE", "RECURSIVE", "RESPECT", "RIGHT", "ROLLUP", "ROWS", "SELECT", "SET", "SOME", "STRUCT",
		"TABLESAMPLE", "THEN", "TO", "TREAT", "TRUE", "UNBOUNDED", "UNION", "UNNEST", "USING", "WHEN", "WHERE", "WINDOW",
		"WITH", "WITHIN":
		return true
	}
	return false
}
