// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"

	"github.com/watertight-go/watertight/dataclone"
)

// printPlan prints what a plan does, and what is wrong with it.
func printPlan(stdout io.Writer, p *dataclone.Plan) {
	fmt.Fprintf(stdout, "\n== plan %.16s\n", p.Hash())
	for _, s := range p.Steps {
		fmt.Fprintf(stdout, "%s %-16s %s\n", s.ID, s.Kind, s.Target())
	}
	for _, finding := range p.Findings {
		fmt.Fprintln(stdout, finding)
	}
}
