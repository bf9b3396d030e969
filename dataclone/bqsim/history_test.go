// SPDX-License-Identifier: Apache-2.0

package bqsim_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/dataclone/bqsim"
)

// A moment is what a naive history notes: from a time on, a table has so many rows.
type moment struct {
	at   time.Time
	rows int
}

// TestHistory holds random loads and clones against lists of moments: at every
// time in the window a table has the rows that it had then, whatever happened to
// its clones since, and no clone stores anything.
func TestHistory(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := bqsim.New(bqsim.Options{Start: start})
		ok(t, s, "POST", "/projects/stg-1/datasets", `{"datasetReference":{"datasetId":"stg"},"maxTimeTravelHours":"48"}`)
		ok(t, s, "POST", "/projects/stg-1/datasets/stg/tables", `{"tableReference":{"tableId":"t0"},"schema":{"fields":[{"name":"a","type":"INTEGER"}]}}`)
		histories := [][]moment{{{start, 0}}}
		rowsAt := func(h []moment, when time.Time) int {
			rows := -1
			for _, m := range h {
				if !m.at.After(when) {
					rows = m.rows
				}
			}
			return rows
		}
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			must(t, s.Advance(time.Duration(rapid.IntRange(0, 300).Draw(rt, "minutes"))*time.Minute))
			i := rapid.IntRange(0, len(histories)-1).Draw(rt, "table")
			name := fmt.Sprintf("t%d", i)
			h := histories[i]
			switch rapid.IntRange(0, 2).Draw(rt, "what") {
			case 0:
				must(t, s.Load(bqsim.TableRef{Project: "stg-1", Dataset: "stg", Table: name}, map[string]any{"a": 1}))
				histories[i] = append(h, moment{s.Now(), h[len(h)-1].rows + 1})
			case 1:
				when := s.Now().Add(-time.Duration(rapid.IntRange(0, 60*60).Draw(rt, "ago")) * time.Minute)
				want := rowsAt(h, when)
				inside := want >= 0 && !when.Before(s.Now().Add(-48*hour))
				bytes := s.StoredBytes()
				next := fmt.Sprintf("t%d", len(histories))
				got := querying(t, s, fmt.Sprintf("CREATE TABLE stg.%s CLONE stg.%s FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(%d)", next, name, when.UnixMilli()))
				if s.StoredBytes() != bytes {
					rt.Fatalf("clone of %s stored %d bytes", name, s.StoredBytes()-bytes)
				}
				if got == "" {
					if !inside {
						rt.Fatalf("%s at %v was cloned from outside of its window", name, when)
					}
					histories = append(histories, []moment{{s.Now(), want}})
				} else if inside && i == 0 {
					rt.Fatalf("%s at %v: %s", name, when, got)
				}
			default:
				if rows := numRows(t, s, name); rows != fmt.Sprint(h[len(h)-1].rows) {
					rt.Fatalf("%s has %s rows, want %d", name, rows, h[len(h)-1].rows)
				}
			}
		}
	})
}
