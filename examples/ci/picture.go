// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/watertight-go/watertight/bulkhead/report"
	"github.com/watertight-go/watertight/netpol/reach"
)

// A drawing is what the flags of flows say about pictures.
type drawing struct {
	output     string
	from, away []string
}

// check refuses flags that would do nothing.
func (d drawing) check(lists bool) error {
	switch {
	case !slices.Contains([]string{"json", "markdown", "html"}, d.output):
		return fmt.Errorf("unknown output format %q; want json, markdown or html", d.output)
	case d.output != "json" && lists:
		return fmt.Errorf("-o %s draws a picture; --by and --count are for -o json", d.output)
	case lists && d.sides():
		return errors.New("--by and --count are for all flows, not for those from --from to --away")
	default:
		return nil
	}
}

// sides reports whether the flags name sides.
func (d drawing) sides() bool { return len(d.from)+len(d.away) > 0 }

// crossing prints the flows from one side to the other.
func (d drawing) crossing(n *network) func(io.Writer) (tally, error) {
	return func(w io.Writer) (tally, error) {
		flows, err := report.Boundary{From: d.from, Away: d.away}.Crossing(n.Cluster)
		if err != nil {
			return tally{}, err
		}
		found, err := print(w, flows)
		found.breaches = found.allowed
		return found, err
	}
}

// draw prints the picture of who can connect to whom.
func (d drawing) draw(n *network) func(io.Writer) (tally, error) {
	return func(w io.Writer) (tally, error) {
		b := report.Boundary{From: d.from, Away: d.away}
		p, err := report.NewPicture(n.Cluster, b)
		if err != nil {
			return tally{}, err
		}
		var found tally
		for _, a := range p.Sums {
			found.add(a.Verdict)
		}
		if d.sides() {
			crossing, err := b.Crossing(n.Cluster)
			if err != nil {
				return tally{}, err
			}
			for f := range crossing {
				if f.Verdict == reach.Allowed {
					found.breaches++
				}
			}
		}
		if d.output == "html" {
			return found, p.WriteHTML(w)
		}
		return found, p.WriteMarkdown(w)
	}
}
