// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/identity/mysql"
)

// own are the databases of the server itself, whose views have the rights of who asks.
const own = "('mysql', 'sys', 'information_schema', 'performance_schema')"

// definers reads what runs with the rights of its definer or its caller. A server leaves out what the
// account may not see, so a list of which a part may be left out is none.
func (r *reader) definers(ctx context.Context) error {
	needed := []string{"SELECT", "SHOW VIEW", "TRIGGER", "EVENT"}
	if r.out.Server.Product == mysql.MySQL {
		needed = append(needed, "SHOW_ROUTINE")
	}
	for _, privilege := range needed {
		if !r.may[privilege] {
			return nil
		}
	}
	r.out.Definers = []mysql.Definer{}
	for _, list := range []struct {
		query string
		kind  mysql.Kind
	}{
		{"SELECT TABLE_SCHEMA AS db, TABLE_NAME AS name, DEFINER AS definer, SECURITY_TYPE AS security, VIEW_DEFINITION AS text FROM information_schema.VIEWS WHERE TABLE_SCHEMA NOT IN " + own, mysql.View},
		{"SELECT TRIGGER_SCHEMA AS db, TRIGGER_NAME AS name, DEFINER AS definer, ACTION_STATEMENT AS text, EVENT_OBJECT_TABLE AS tbl, EVENT_MANIPULATION AS event FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA NOT IN " + own, mysql.Trigger},
		{"SELECT EVENT_SCHEMA AS db, EVENT_NAME AS name, DEFINER AS definer, EVENT_DEFINITION AS text FROM information_schema.EVENTS WHERE EVENT_SCHEMA NOT IN " + own, mysql.Event},
		{"SELECT ROUTINE_SCHEMA AS db, ROUTINE_NAME AS name, DEFINER AS definer, SECURITY_TYPE AS security, ROUTINE_DEFINITION AS text, ROUTINE_TYPE AS type, ROUTINE_BODY AS body FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA NOT IN " + own, mysql.Procedure},
	} {
		rows, err := r.rows(ctx, list.query)
		if err != nil {
			return err
		}
		for _, row := range rows {
			r.out.Definers = append(r.out.Definers, r.definer(row, list.kind))
		}
	}
	return nil
}

func (r *reader) definer(row record, kind mysql.Kind) mysql.Definer {
	switch row["type"] {
	case "FUNCTION":
		kind = mysql.Function
	case "PACKAGE", "PACKAGE BODY", "LIBRARY":
		kind = mysql.Package
	}
	d := mysql.Definer{Kind: kind, Database: row["db"], Object: row["name"], Invoker: row["security"] == "INVOKER", Table: row["tbl"], Event: row["event"]}
	if i := strings.LastIndexByte(row["definer"], '@'); i >= 0 { // no host has an @
		d.Definer = mysql.Name{User: row["definer"][:i], Host: row["definer"][i+1:]}
	} else {
		d.Definer.User = row["definer"] // a role of MariaDB
	}
	// A text in another language than SQL makes statements of texts, as PREPARE, EXECUTE
	// and EXECUTE IMMEDIATE do, and what sys has for that. An empty one was kept back.
	text := row["text"]
	if text != "" && (row["body"] == "" || row["body"] == "SQL") && !makesStatements.MatchString(text) {
		d.Databases = r.named(text, row["db"])
	}
	return d
}

var makesStatements = regexp.MustCompile(`(?i)\b(prepare|execute)\b|\bsys["` + "`" + `]?\s*\.`)

// gap is what may stand between a name and its dot: blanks, comments, and the end of a
// comment that the server reads.
const gap = `(?:\s|/\*.*?\*/|\*/|(?:--|#)[^\n]*\n)*`

// named returns the databases that a text names before a dot, beside the one it is in.
// Comments and strings count too: what looks like a name is one.
func (r *reader) named(text, in string) []string {
	out := []string{}
	lower := strings.ToLower(text)
	for _, database := range r.out.Databases {
		if !strings.Contains(lower, strings.ToLower(database)) {
			continue
		}
		name := regexp.QuoteMeta(strings.ReplaceAll(database, "`", "``"))
		if database != in && regexp.MustCompile(`(?is)(^|[^0-9A-Za-z_$\x{80}-\x{ffff}])["`+"`]?"+name+"[\"`]?"+gap+`\.`).MatchString(text) {
			out = append(out, database)
		}
	}
	slices.Sort(out)
	return out
}
