// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// SQL returns the statement of GoogleSQL with which a step that copies data is run: one
// of kind [CloneTable], [SnapshotOf] or [RestoreSnapshot]. For other kinds it returns
// "", since they are no statement, or hold text of somebody else: package bqclone
// makes them through the resources of the API.
//
// The statement fails if the destination exists, even if it is empty. The mark is that
// of p, which callers make once.
func (p *Plan) SQL(s Step, m Mark) string {
	switch s.Kind {
	case CloneTable, RestoreSnapshot:
		return p.cloneSQL("TABLE", s, m)
	case SnapshotOf:
		return p.cloneSQL("SNAPSHOT TABLE", s, m)
	default:
		return ""
	}
}

// cloneSQL writes the statement ("Data definition language (DDL) statements in
// GoogleSQL": CREATE TABLE CLONE, CREATE SNAPSHOT TABLE). The time is written as a
// number, since the zone of a literal there is America/Los_Angeles ("Query syntax",
// FOR SYSTEM_TIME AS OF).
func (p *Plan) cloneSQL(what string, s Step, m Mark) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE %s %s CLONE %s", what, quotePath(s.Destination.String()), quotePath(s.Source.String()))
	if s.Kind != RestoreSnapshot && !s.Latest {
		fmt.Fprintf(&b, " FOR SYSTEM_TIME AS OF %s", timestamp(p.AsOf))
	}
	fmt.Fprintf(&b, " OPTIONS(expiration_timestamp=%s, labels=%s)", timestamp(p.Expires), labelList(m.Labels(p.ExtraLabels)))
	return b.String()
}

func timestamp(t time.Time) string { return fmt.Sprintf("TIMESTAMP_MILLIS(%d)", t.UnixMilli()) }

// labelList writes labels in the order of their keys.
func labelList(labels map[string]string) string {
	var pairs []string
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		pairs = append(pairs, fmt.Sprintf("(%s, %s)", quoteString(key), quoteString(labels[key])))
	}
	return "[" + strings.Join(pairs, ", ") + "]"
}

// quotePath writes a name between backticks ("Lexical structure and syntax", Quoted
// identifiers).
func quotePath(path string) string {
	return "`" + strings.ReplaceAll(strings.ReplaceAll(path, `\`, `\\`), "`", "\\`") + "`"
}

// quoteString writes a literal of type STRING.
func quoteString(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`).Replace(s) + `"`
}
