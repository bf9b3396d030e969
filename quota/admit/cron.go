// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// shortestInterval returns the least time between two runs of a schedule, or false
// where the schedule cannot be read. Which days it runs on is not looked at, so that
// it may be less than any two runs are apart (k8s.io/api/batch/v1, CronJobSpec, and
// the format of Vixie's cron that it names).
func shortestInterval(schedule string) (time.Duration, bool) {
	fields := strings.Fields(schedule)
	if len(fields) > 0 && (strings.HasPrefix(fields[0], "TZ=") || strings.HasPrefix(fields[0], "CRON_TZ=")) {
		fields = fields[1:]
	}
	switch {
	case len(fields) == 2 && fields[0] == "@every":
		d, err := time.ParseDuration(fields[1])
		return max(d, time.Second), err == nil
	case len(fields) == 1 && fields[0] == "@hourly":
		return time.Hour, true
	case len(fields) == 1 && slices.Contains([]string{"@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"}, fields[0]):
		return day, true
	case len(fields) != 5:
		return 0, false
	}
	minutes, ok := timesOf(fields[0], 59)
	hours, known := timesOf(fields[1], 23)
	if !ok || !known || !isDays(fields[2:]) {
		return 0, false
	}
	var runs []time.Duration
	for _, h := range hours {
		for _, m := range minutes {
			runs = append(runs, time.Duration(h)*time.Hour+time.Duration(m)*time.Minute)
		}
	}
	shortest := runs[0] + day - runs[len(runs)-1]
	for i := 1; i < len(runs); i++ {
		shortest = min(shortest, runs[i]-runs[i-1])
	}
	return shortest, true
}

// readable reports whether a text is a schedule.
func readable(schedule string) bool {
	_, ok := shortestInterval(schedule)
	return ok
}

// isDays reports whether fields are a day of the month, a month, and a day of the week,
// of which the last two may be names.
func isDays(fields []string) bool {
	month, week := strings.ToLower(fields[1]), strings.ToLower(fields[2])
	for i, name := range []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"} {
		month = strings.ReplaceAll(month, name, strconv.Itoa(i+1))
	}
	for i, name := range []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} {
		week = strings.ReplaceAll(week, name, strconv.Itoa(i))
	}
	days, ok := timesOf(fields[0], 31)
	months, known := timesOf(month, 12)
	_, named := timesOf(week, 6)
	return ok && known && named && (days[0] > 0 || strings.HasPrefix(fields[0], "*") || fields[0] == "?") && (months[0] > 0 || strings.HasPrefix(month, "*") || month == "?")
}

// timesOf returns the numbers from 0 to most that a field of a schedule lists, sorted.
func timesOf(field string, most int) ([]int, bool) {
	var out []int
	for part := range strings.SplitSeq(field, ",") {
		span, step, stepped := strings.Cut(part, "/")
		by := 1
		if stepped {
			n, err := strconv.Atoi(step)
			if err != nil || n < 1 {
				return nil, false
			}
			by = n
		}
		from, to := 0, most
		if span != "*" && span != "?" {
			first, last, ranged := strings.Cut(span, "-")
			n, err := strconv.Atoi(first)
			if err != nil {
				return nil, false
			}
			from = n
			switch {
			case ranged:
				if to, err = strconv.Atoi(last); err != nil {
					return nil, false
				}
			case !stepped:
				to = from
			}
		}
		if from < 0 || to > most || from > to {
			return nil, false
		}
		for n := from; n <= to; n += by {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), true
}
