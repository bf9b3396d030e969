// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"fmt"
	"io"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// mostNames is how many names a line of a summary has at most: whoever needs all of
// them reads the plan.
const mostNames = 5

// WriteSummary writes what the plan does for a person to read and to approve: what is
// made of what, at which time and until when, what is left out and why, what is wrong,
// what it costs, and the hash to approve. Names come from BigQuery: what in them would
// not print is escaped. The text may change between releases. Errors are those of the
// writer.
func (p *Plan) WriteSummary(w io.Writer) error {
	var b strings.Builder
	for _, m := range p.Datasets {
		fmt.Fprintf(&b, "clone of %s in %s\n", shown(m.From.String()), shown(m.To.String()))
	}
	if p.Consistent {
		fmt.Fprintf(&b, "all tables as of %s\n", stamp(p.AsOf))
	} else {
		fmt.Fprintf(&b, "tables as of %s, but not all: the clones are no consistent cut\n", stamp(p.AsOf))
	}
	fmt.Fprintf(&b, "expires %s; can be run until %s\n", stamp(p.Expires), stamp(p.ReadUntil))
	p.summarizeSteps(&b)
	for _, s := range p.Skipped {
		fmt.Fprintf(&b, "left out: %s: %s\n", shown(s.Object.String()), shown(s.Reason))
	}
	fmt.Fprintln(&b, p.cost())
	for _, severity := range []bulkhead.Severity{bulkhead.Error, bulkhead.Warning} {
		for _, f := range p.Findings.Of(severity) {
			fmt.Fprintln(&b, f)
		}
	}
	if p.Findings.Err() != nil {
		fmt.Fprintln(&b, "it does not run: mend the errors and plan again")
	}
	fmt.Fprintf(&b, "hash %s\n", p.Hash())
	_, err := io.WriteString(w, b.String())
	return err
}

// summarizeSteps writes a line for each kind of steps, in the order of the plan.
func (p *Plan) summarizeSteps(b *strings.Builder) {
	names := make(map[Kind][]string)
	var kinds []Kind
	for _, s := range p.Steps {
		if names[s.Kind] == nil {
			kinds = append(kinds, s.Kind)
		}
		name := s.Destination.String()
		if s.Destination == (TableRef{}) {
			name = s.Dataset.String()
		}
		names[s.Kind] = append(names[s.Kind], shown(name))
	}
	for _, k := range kinds {
		list := names[k]
		more := ""
		if n := len(list) - mostNames; n > 0 {
			more = fmt.Sprintf(" and %d more", n)
			list = list[:mostNames]
		}
		fmt.Fprintf(b, "%s, %d: %s%s\n", k, len(names[k]), strings.Join(list, ", "), more)
	}
}

// cost says what the clones cost ("Introduction to table clones", Storage costs). What
// they will is up to how much is changed, so there is a bound and no guess.
func (p *Plan) cost() string {
	return fmt.Sprintf("cost: no storage at first, whatever the size (%s); then that of what is changed or deleted on either side, up to all of it, until %s",
		size(p.Bytes), stamp(p.Expires))
}

// size writes a number of bytes in binary units, as BigQuery bills them.
func size(n int64) string {
	const units = "KMGTPE"
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	value, i := float64(n)/1024, 0
	for ; value >= 1024; i++ {
		value /= 1024
	}
	return fmt.Sprintf("%.1f %ciB", value, units[i])
}

// shown escapes what in a name would break a line or steer a terminal.
func shown(name string) string {
	return bulkhead.Ref{Kind: "", Name: name}.String()[1:]
}
