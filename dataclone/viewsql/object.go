// SPDX-License-Identifier: Apache-2.0

package viewsql

import "strings"

// procedure is what object says of a procedure, whose body is statements.
const procedure Kind = "procedure"

// create reads the beginning of a CREATE statement, and tells whether the body of a
// procedure follows it.
func (a *analysis) create() bool {
	i := a.at
	a.at++
	a.skipWords("OR", "REPLACE")
	temporary := a.skip("TEMP", "TEMPORARY")
	place, p := a.object()
	if temporary && len(p.components) == 1 && len(p.components[0].parts) == 1 {
		a.tables[strings.ToLower(p.components[0].parts[0])] = true
	}
	switch {
	case place == Table && a.skip("LIKE", "CLONE", "COPY"):
		a.take(Table, false)
	case place == procedure:
		if a.upTo("BEGIN") {
			return true
		}
		a.notice(DynamicSQL, i, "the body of the procedure is code in a string")
	}
	return false
}

// object reads the kind and the name of what CREATE, DROP, ALTER and UNDROP are about
// (BigQuery documentation, "Data definition language (DDL) statements").
func (a *analysis) object() (Kind, path) {
	for a.skip("MATERIALIZED", "SNAPSHOT", "AGGREGATE", "SEARCH", "VECTOR", "ALL") || a.external() {
		continue
	}
	i := a.at
	a.at++
	place := Table
	switch a.keyword(i) {
	case "TABLE":
		if a.skip("FUNCTION") {
			place = Routine
		}
	case "VIEW":
	case "FUNCTION":
		place = Routine
	case "PROCEDURE":
		place = procedure
	case "MODEL":
		place = Model
	case "SCHEMA":
		place = Schema
	case "INDEX", "ROW":
		// The name of an index or a policy, and then the table.
		if !a.upTo("ON") {
			a.notice(UnknownStatement, i, "ON is expected behind it")
			return "", path{}
		}
	default:
		a.notice(UnknownStatement, i, "statements about it are not known")
		a.at = i
		return "", path{}
	}
	if a.skip("IF") {
		a.skipWords("NOT", "EXISTS")
	}
	p, ok := a.take(place, true)
	if ok && place == procedure {
		a.paths[len(a.paths)-1].place = Routine
	}
	return place, p
}

func (a *analysis) external() bool {
	if a.keyword(a.at) != "EXTERNAL" {
		return false
	}
	a.notice(ExternalData, a.at, "its data are outside of BigQuery")
	a.at++
	return true
}

// grant reads GRANT and REVOKE up to the object that they are about.
func (a *analysis) grant() {
	i := a.at
	a.at++
	if !a.upTo("ON") {
		a.notice(UnknownStatement, i, "ON is expected behind it")
		return
	}
	a.skipWords("EXTERNAL", "MATERIALIZED")
	switch {
	case a.skip("TABLE", "VIEW"):
		a.take(Table, true)
	case a.skip("SCHEMA"):
		a.take(Schema, true)
	default:
		a.notice(UnknownStatement, i, "it is about something unknown")
	}
	a.skip("FROM") // REVOKE has the members behind it
}
