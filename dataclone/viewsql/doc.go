// SPDX-License-Identifier: Apache-2.0

// Package viewsql rewrites references to datasets in GoogleSQL: in the query of a view,
// the body of a function or a procedure, the predicate of a row access policy. A copy of
// a dataset needs its views to read the copy, not the original.
//
// It knows the lexical structure of GoogleSQL exactly, and of the grammar what tells in
// which places a path names a table, a function or a model. It changes the dataset and
// the project of such paths, writes them in backticks, and leaves every other byte alone,
// above all those of literals and comments. The name of a table never changes, and a
// path keeps its components, so it is still called by the same name where it has no
// alias.
//
// It fails closed. Whatever it cannot read is refused, with the place and the reason,
// and so is a path that may mean two things. It does not know the columns of tables: in
// FROM t, sales.items it takes the last for a table, though t may have a column sales
// that hides it. The result then does not run, or reads a table items of the copy; it
// never reads the original.
//
// What is not mapped stays as it is. A name without a project then goes with the project
// that comes to own the text, so a caller who moves the text to another project has to
// look at the references that are not [Reference.Mapped].
//
// What stands in strings is never rewritten: EXECUTE IMMEDIATE, EXTERNAL_QUERY and the
// like are refused. Who accepts that the strings may name the original says so with
// [Mapping].KeepStrings, and gets warnings. Have BigQuery dry-run the result as well: it
// says which tables a query reads.
//
// The package calls nobody and needs the standard library only. Its time is proportional
// to the length of the text.
//
// Sources: BigQuery documentation, "Lexical structure and syntax", "Query syntax", "Pipe
// query syntax", "Procedural language" and "Data definition language (DDL) statements"
// of August 2026; ZetaSQL, zetasql/parser.
package viewsql
