// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// day is how a shard's name writes its day ("Introduction to partitioned tables",
	// Date/time sharded tables).
	day       = "20060102"
	dayInText = "2006-01-02"
)

// shardOf splits the name of a shard by date. What does not end in a day that there
// is, or has nothing before it, is no shard.
func shardOf(name string) (prefix string, date time.Time, ok bool) {
	if len(name) <= len(day) {
		return "", time.Time{}, false
	}
	prefix = name[:len(name)-len(day)]
	date, err := time.Parse(day, name[len(prefix):])
	return prefix, date, err == nil
}

// dropped says for the shards that s leaves out why it does.
func (s Shards) dropped(tables []Table) map[TableRef]string {
	if s == (Shards{}) {
		return nil
	}
	out := make(map[TableRef]string)
	kept := make(map[string][]TableRef) // shards in the window, by prefix
	for _, t := range tables {
		prefix, date, ok := shardOf(t.Ref.Table)
		switch {
		case !ok || t.Type != StandardTable && t.Type != SnapshotTable:
		case !s.From.IsZero() && date.Before(midnight(s.From)):
			out[t.Ref] = fmt.Sprintf("it is a shard from before %s", s.From.UTC().Format(dayInText))
		case !s.To.IsZero() && date.After(midnight(s.To)):
			out[t.Ref] = fmt.Sprintf("it is a shard from after %s", s.To.UTC().Format(dayInText))
		default:
			kept[prefix] = append(kept[prefix], t.Ref)
		}
	}
	if s.Last <= 0 {
		return out
	}
	for _, shards := range kept {
		// One prefix and days of one form: the order of names is that of days.
		slices.SortFunc(shards, func(a, b TableRef) int { return strings.Compare(b.Table, a.Table) })
		for _, t := range shards[min(s.Last, len(shards)):] {
			out[t] = fmt.Sprintf("it is not among the %d newest of its shards", s.Last)
		}
	}
	return out
}

// midnight is the beginning of the day of t, in UTC.
func midnight(t time.Time) time.Time {
	year, month, date := t.UTC().Date()
	return time.Date(year, month, date, 0, 0, 0, 0, time.UTC)
}
