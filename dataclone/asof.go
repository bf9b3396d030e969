// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"fmt"
	"time"
)

// A TimeError is a time that does not say which instant it is.
type TimeError struct {
	Text string
	Err  error
}

// Error quotes the text.
func (e *TimeError) Error() string {
	return fmt.Sprintf("time %q is not of the form 2026-11-22T11:59:00Z: it needs a zone, since BigQuery would read it as one in Los Angeles: %v", e.Text, e.Err)
}

// Unwrap returns what package time says.
func (e *TimeError) Unwrap() error { return e.Err }

// ParseAsOf reads a time with its zone, in the form of RFC 3339, and cuts it to
// milliseconds, in which BigQuery counts. The error is a [*TimeError].
func ParseAsOf(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, &TimeError{Text: s, Err: err}
	}
	return t.UTC().Truncate(time.Millisecond), nil
}
