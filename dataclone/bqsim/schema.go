// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"regexp"
	"strings"
)

const (
	maxColumns = 10_000 // of a table, and 15 levels of records; page "Quotas and limits"
	maxNesting = 15
)

var columnName = regexp.MustCompile(`^[\p{L}_][\p{L}\p{M}\p{N}_-]{0,299}$`)

// fields are the columns of a schema or of a record.
func fields(o resource) []resource {
	var out []resource
	for _, f := range o.list("fields") {
		if f, ok := f.(object); ok {
			out = append(out, f)
		}
	}
	return out
}

// checkSchema refuses what is no schema.
func checkSchema(schema resource) error {
	left := maxColumns
	return checkFields(schema, "schema", &left, 0)
}

func checkFields(o resource, place string, left *int, depth int) error {
	if depth > maxNesting {
		return invalid("%s: more than %d levels of records", place, maxNesting)
	}
	seen := make(map[string]bool)
	switch o["fields"].(type) {
	case nil, []any:
	default:
		return invalid("Invalid value at '%s.fields': want a list", place)
	}
	for _, item := range o.list("fields") {
		f, ok := item.(object)
		field := resource(f)
		if *left--; !ok || *left < 0 {
			return invalid("Invalid value at '%s.fields': want at most %d objects", place, maxColumns)
		}
		name := field.str("name")
		if !columnName.MatchString(name) || seen[strings.ToLower(name)] {
			return invalid("Invalid or repeated field name %q in %s", name, place)
		}
		seen[strings.ToLower(name)] = true
		if fieldType(field) == "" {
			return invalid("Invalid type %q of field %s.%s", field.str("type"), place, name)
		}
		switch field.str("mode") {
		case "", "NULLABLE", "REQUIRED", "REPEATED":
		default:
			return invalid("Invalid mode %q of field %s.%s", field.str("mode"), place, name)
		}
		if fieldType(field) == "RECORD" {
			if len(field.list("fields")) == 0 {
				return invalid("Field %s.%s is type RECORD but has no schema", place, name)
			}
			if err := checkFields(field, place+"."+name, left, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// fieldType is the type of a column under its one name in the API; empty for
// what is no type.
func fieldType(f resource) string {
	switch t := strings.ToUpper(f.str("type")); t {
	case "INT64":
		return "INTEGER"
	case "FLOAT64":
		return "FLOAT"
	case "BOOL":
		return "BOOLEAN"
	case "STRUCT":
		return "RECORD"
	case "STRING", "BYTES", "INTEGER", "FLOAT", "BOOLEAN", "TIMESTAMP", "DATE", "TIME", "DATETIME", "GEOGRAPHY", "NUMERIC", "BIGNUMERIC",
		"JSON", "RECORD", "INTERVAL", "RANGE":
		return t
	default:
		return ""
	}
}

// reschema gives the table a schema, if it is one that the old rows fit: it may
// add columns that are not required and relax required ones.
func (t *table) reschema(s *Server, schema resource) error {
	old := t.now()
	if err := extends(old.schema, schema, t.ref.colon()); err != nil && t.kind == kindTable {
		return err
	}
	t.push(s, version{at: s.now, schema: schema, chunks: old.chunks})
	return nil
}

func extends(old, schema resource, place string) error {
	columns := make(map[string]resource)
	for _, f := range fields(schema) {
		columns[strings.ToLower(f.str("name"))] = f
	}
	for _, was := range fields(old) {
		name := strings.ToLower(was.str("name"))
		is := columns[name]
		delete(columns, name)
		relaxed := was.str("mode") == "REQUIRED" && is.str("mode") != "REPEATED" || mode(was) == mode(is)
		if is == nil || fieldType(is) != fieldType(was) || !relaxed {
			return invalid("Provided Schema does not match Table %s. Field %s is missing or has changed type or mode", place, was.str("name"))
		}
		if fieldType(was) == "RECORD" {
			if err := extends(was, is, place); err != nil {
				return err
			}
		}
	}
	for _, f := range columns {
		if old != nil && f.str("mode") == "REQUIRED" {
			return invalid("Provided Schema does not match Table %s. Cannot add required field %s", place, f.str("name"))
		}
	}
	return nil
}

func mode(f resource) string {
	if m := f.str("mode"); m != "" {
		return m
	}
	return "NULLABLE"
}
