// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"fmt"
	"strings"
	"time"

	"github.com/watertight-go/watertight/dataclone"
)

// decorated is the name of a table at a time ("Table decorators": milliseconds).
func decorated(table string, at time.Time) string {
	return fmt.Sprintf("%s@%d", table, at.UnixMilli())
}

// quoted writes a name between backticks.
func quoted(name string) string {
	return "`" + strings.NewReplacer(`\`, `\\`, "`", "\\`").Replace(name) + "`"
}

// from is a table in a query, as of a time unless that is zero. A table that wants a
// filter on its partitions gets one that holds for each row.
func from(t dataclone.Table, at time.Time) string {
	text := " FROM " + quoted(t.Ref.String()) + " AS t"
	if !at.IsZero() {
		text += fmt.Sprintf(" FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(%d)", at.UnixMilli())
	}
	if t.Partitioning.RequireFilter {
		column := t.Partitioning.Column
		if column == "" {
			column = "_PARTITIONTIME"
		}
		text += fmt.Sprintf(" WHERE %[1]s IS NULL OR %[1]s IS NOT NULL", quoted(column))
	}
	return text
}
