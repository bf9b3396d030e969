// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/watertight-go/watertight/netpol/reach"
)

func diffCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Show which connections between workloads a change opens and closes",
		Long: `Show which connections between workloads a change opens and closes:
{"added":[flow],"removed":[flow],"changed":[{"from","to","before":[flow],"after":[flow]}]}.

OLD and NEW are files or folders. Differences do not change the exit status.

` + exitStatuses,
		Args: cobra.ExactArgs(2),
	}
	profile := profileFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		if paths[0] == "-" && paths[1] == "-" {
			return fmt.Errorf("only one of OLD and NEW can be standard input")
		}
		before, err := readNetwork(cmd, paths[:1], *profile)
		if err != nil {
			return err
		}
		after, err := readNetwork(cmd, paths[1:], *profile)
		if err != nil {
			return err
		}
		encoder := json.NewEncoder(cmd.OutOrStdout())
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(newChanges(reach.Diff(before.Cluster, after.Cluster))); err != nil {
			return err
		}
		if before.err != nil {
			return before.err
		}
		return after.status(false)
	}
	return cmd
}

// changes is the output of diff.
type changes struct {
	Added   []flow   `json:"added"`
	Removed []flow   `json:"removed"`
	Changed []change `json:"changed"`
}

// A change is a pair of workloads whose open ports differ.
type change struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Before []flow `json:"before"`
	After  []flow `json:"after"`
}

func newChanges(c reach.Changes) changes {
	out := changes{Added: []flow{}, Removed: []flow{}, Changed: []change{}}
	for _, f := range c.Added {
		out.Added = append(out.Added, newFlow(f))
	}
	for _, f := range c.Removed {
		out.Removed = append(out.Removed, newFlow(f))
	}
	for _, one := range c.Changed {
		line := change{From: one.From.String(), To: one.To.String()}
		for _, f := range one.Before.Flows(one.From, one.To) {
			line.Before = append(line.Before, newFlow(f))
		}
		for _, f := range one.After.Flows(one.From, one.To) {
			line.After = append(line.After, newFlow(f))
		}
		out.Changed = append(out.Changed, line)
	}
	return out
}
