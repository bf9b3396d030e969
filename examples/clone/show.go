// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/schollz/progressbar/v3"

	"github.com/watertight-go/watertight/dataclone"
	"github.com/watertight-go/watertight/dataclone/bqclone"
)

// runPlan runs an approved plan with a progress bar, and prints what it made.
func runPlan(ctx context.Context, client *bqclone.Client, p *dataclone.Plan, approved string, stdout, stderr io.Writer) error {
	bar := progressbar.NewOptions(len(p.Steps), progressbar.OptionSetWriter(stderr),
		progressbar.OptionSetDescription("steps"), progressbar.OptionShowCount())
	counts := make(map[bqclone.State]int)
	var failed []string
	for event, err := range client.Run(ctx, p, approved) {
		counts[event.State]++
		if err != nil {
			failed = append(failed, err.Error())
		}
		if err := bar.Add(1); err != nil {
			return err
		}
	}
	fmt.Fprintln(stderr)
	for _, state := range []bqclone.State{bqclone.Done, bqclone.Found, bqclone.Running, bqclone.Failed, bqclone.NotRun} {
		if counts[state] > 0 {
			fmt.Fprintf(stdout, "%d steps %s\n", counts[state], state)
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("%w:\n%s\nrun it again to go on", errNotSound, strings.Join(failed, "\n"))
	}
	return nil
}

// verify compares clones and sources, and prints what differs.
func verify(ctx context.Context, client *bqclone.Client, p *dataclone.Plan, level bqclone.Level, stdout io.Writer) error {
	results, err := client.Verify(ctx, p, level, 0)
	if err != nil {
		return err
	}
	equal := 0
	for _, r := range results {
		if r.Equal {
			equal++
		}
		for _, difference := range append(r.Differences, r.Unknown...) {
			fmt.Fprintf(stdout, "%s: %s\n", r.Destination, difference)
		}
	}
	fmt.Fprintf(stdout, "%d of %d clones are like their sources as of %s\n", equal, len(results), p.AsOf.Format("2006-01-02 15:04:05 MST"))
	if equal < len(results) {
		return errNotSound
	}
	return nil
}

// printDrift prints what has changed on either side since the clones were made.
func printDrift(ctx context.Context, client *bqclone.Client, p *dataclone.Plan, stdout io.Writer) error {
	drifts, err := client.Drift(ctx, p)
	if err != nil {
		return err
	}
	for _, d := range drifts {
		var words []string
		if d.Behind {
			words = append(words, "is behind "+d.Source.String())
		}
		if d.Diverged {
			words = append(words, "was changed itself")
		}
		if d.Vanished {
			words = append(words, "is not there")
		}
		if d.Orphaned {
			words = append(words, "has lost its source")
		}
		if d.Unknown != "" {
			words = append(words, "may have changed, since "+d.Unknown)
		}
		if len(words) > 0 {
			fmt.Fprintf(stdout, "%s %s\n", d.Destination, strings.Join(words, " and "))
		}
	}
	return nil
}
