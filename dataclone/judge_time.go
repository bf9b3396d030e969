// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"fmt"
	"time"
)

const (
	// defaultWindow is how many hours back a table can be read unless the dataset
	// says otherwise, and leastWindow the fewest that it can say ("Data retention with
	// time travel and fail-safe").
	defaultWindow = 168
	leastWindow   = 48
	// slack is what a plan needs of its window beyond the time of its run: somebody
	// has to read and to approve it. A step takes a hundredth of a second at the rate
	// of calls that BigQuery allows, and three calls ("Quotas and limits").
	slack     = time.Hour
	slackStep = 50 * time.Millisecond
)

// times judges the plan's time against the clock and against the windows in which
// datasets can be read.
func (j *judge) times() {
	p := j.plan
	object := j.draft.request.object()
	if p.Planned.IsZero() {
		j.fail(EvidenceMissing, object, "planned", "set the time of the catalog from BigQuery's clock", "the catalog does not say at what time it was read, so nothing is known about times")
		return
	}
	if p.AsOf.IsZero() || p.AsOf.After(p.Planned) {
		j.fail(FutureAsOf, object, "asOf", "read at a time that has passed",
			"is %s, which is not before the time of the catalog, %s", stamp(p.AsOf), stamp(p.Planned))
	}
	p.ReadUntil = p.AsOf.Add(defaultWindow * time.Hour)
	for _, d := range j.sources {
		known := j.datasets[d]
		if known == nil {
			// What is not known has the window that every dataset has.
			p.ReadUntil = earlier(p.ReadUntil, p.AsOf.Add(leastWindow*time.Hour))
			continue
		}
		if !known.Absent {
			j.window(known)
		}
	}
}

func (j *judge) window(d *Dataset) {
	const field = "maxTimeTravelHours"
	p := j.plan
	hours := d.MaxTimeTravelHours
	if hours == 0 {
		hours = defaultWindow
	}
	if hours < leastWindow || hours > defaultWindow || hours%24 != 0 {
		j.fail(WindowNotMultipleOf24, d.Ref.object(), field, "read the catalog again", "is %d, where BigQuery has multiples of 24 from 48 to 168", hours)
		hours = leastWindow
	}
	window := time.Duration(hours) * time.Hour
	p.ReadUntil = earlier(p.ReadUntil, p.AsOf.Add(window))
	earliest := p.Planned.Add(-window)
	switch {
	case p.AsOf.Before(earliest):
		j.fail(OutsideWindow, d.Ref.object(), field, fmt.Sprintf("read at %s or later", stamp(earliest)),
			"tables can be read back to %s, and the plan reads at %s", stamp(earliest), stamp(p.AsOf))
	case p.AsOf.Before(earliest.Add(slack + time.Duration(len(p.Steps))*slackStep)):
		j.warn(WindowExpiresSoon, d.Ref.object(), field, "read at a later time",
			"tables can be read at the plan's time only until %s, which may be before the plan has run", stamp(p.AsOf.Add(window)))
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
