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
	case d.output == "json" && len(d.from)+len(d.away) > 0:
		return errors.New("--from and --away are for -o markdown and -o html")
	default:
		return nil
	}
}

// draw prints the picture of who can connect to whom.
func (d drawing) draw(n *network) func(io.Writer) (unknown bool, err error) {
	return func(w io.Writer) (bool, error) {
		p, err := report.NewPicture(n.Cluster, report.Boundary{From: d.from, Away: d.away})
		if err != nil {
			return false, err
		}
		unknown := slices.ContainsFunc(p.Sums, func(a report.Arrow) bool { return a.Verdict == reach.Unknown })
		if d.output == "html" {
			return unknown, p.WriteHTML(w)
		}
		return unknown, p.WriteMarkdown(w)
	}
}
