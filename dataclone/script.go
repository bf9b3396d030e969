// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"fmt"
	"io"
	"strings"
)

// WriteScript writes the plan as GoogleSQL that a person could run in its place, one
// statement a step, in order. What SQL has no statement for stands in a comment. A run
// does more than the script: it reads each destination before it writes, and goes on
// where it was cut off. Errors are those of the writer.
func (p *Plan) WriteScript(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "-- plan %s, for %s\n", p.Hash(), shown(p.Environment))
	if p.Findings.Err() != nil {
		fmt.Fprintln(&b, "-- it has errors: do not run it")
	}
	mark := p.Mark()
	for _, s := range p.Steps {
		fmt.Fprintf(&b, "\n-- step %s, %s\n%s\n", s.ID, s.Kind, p.statement(s, mark))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// statement is what the script has for a step.
func (p *Plan) statement(s Step, m Mark) string {
	switch s.Kind {
	case CreateDataset:
		text := fmt.Sprintf("CREATE SCHEMA %s OPTIONS(location=%s, labels=%s);",
			quotePath(s.Dataset.String()), quoteString(s.Location), labelList(m.Labels(p.ExtraLabels)))
		if s.Private {
			text += "\n-- then let nobody but its owners read it"
		}
		return text
	case CloneTable, SnapshotOf, RestoreSnapshot:
		return p.SQL(s, m) + ";"
	case CreateView:
		return p.viewSQL("VIEW", s, m)
	case CreateMaterializedView:
		return p.viewSQL("MATERIALIZED VIEW", s, m)
	case SetForeignKeys:
		return foreignKeySQL(s)
	case UndeleteTable:
		return commented(fmt.Sprintf("a copy job of %s@%d to %s, with bq cp or the API; then the labels %s",
			s.Source, p.AsOf.UnixMilli(), s.Destination, labelList(m.Labels(p.ExtraLabels))))
	case AuthorizeView:
		return commented(fmt.Sprintf("add the view %s to the access list of the dataset %s", s.Destination, s.Dataset))
	case CreateExternal:
		return commented(fmt.Sprintf("make the external table %s with tables.insert of:\n%s", s.Destination, s.Resource))
	case CreateRoutine:
		return commented(fmt.Sprintf("make the routine %s with routines.insert of:\n%s", s.Destination, s.Resource))
	default:
		return commented(fmt.Sprintf("a step of kind %q, which this version does not know", string(s.Kind)))
	}
}

// viewSQL writes the statement that makes a view, with the options that decide what
// it shows and what it costs. The query ends in a line of its own, since it may end in
// a comment.
func (p *Plan) viewSQL(what string, s Step, m Mark) string {
	options := fmt.Sprintf("expiration_timestamp=%s, labels=%s", timestamp(p.Expires), labelList(m.Labels(p.ExtraLabels)))
	if s.View.PrivacyPolicy != "" {
		options += ", privacy_policy=" + quoteString(s.View.PrivacyPolicy)
	}
	if s.Kind == CreateMaterializedView {
		options += materializedOptions(s.View)
	}
	return fmt.Sprintf("CREATE %s %s OPTIONS(%s) AS\n%s\n;", what, quotePath(s.Destination.String()), options, s.View.Query)
}

// materializedOptions are those of a materialized view alone ("Data definition language
// (DDL) statements in GoogleSQL", materialized_view_option_list).
func materializedOptions(v *View) string {
	options := fmt.Sprintf(", enable_refresh=%t", v.EnableRefresh)
	if v.RefreshInterval > 0 {
		options += fmt.Sprintf(", refresh_interval_minutes=%g", v.RefreshInterval.Minutes())
	}
	if v.MaxStaleness != "" {
		options += fmt.Sprintf(", max_staleness=CAST(%s AS INTERVAL)", quoteString(v.MaxStaleness))
	}
	if v.NonIncremental {
		options += ", allow_non_incremental_definition=true"
	}
	return options
}

// foreignKeySQL writes the statements that give a clone its foreign keys. A clone has
// those of its source, under the same names.
func foreignKeySQL(s Step) string {
	table := quotePath(s.Destination.String())
	lines := []string{commented("drop the foreign keys that " + s.Destination.String() + " has, by their names")}
	for _, k := range s.ForeignKeys {
		lines = append(lines, fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s(%s) NOT ENFORCED;",
			table, quotePath(k.Name), quoteAll(k.Columns), quotePath(k.References.String()), quoteAll(k.ReferencedColumns)))
	}
	return strings.Join(lines, "\n")
}

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quotePath(name)
	}
	return strings.Join(quoted, ", ")
}

// commented puts a text into comments, line by line, whatever ends its lines.
func commented(text string) string {
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
	return "-- " + strings.Join(lines, "\n-- ")
}
