// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"

	"github.com/spf13/cobra"

	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol/reach"
)

func diffCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Show which connections a change opens and closes",
		Long: `Show which connections a change opens and closes:
{"added":[flow],"removed":[flow],"changed":[{"from","to","before":[flow],"after":[flow]}],
"external":[{"workload","direction","before":[open],"after":[open]}]}.

A flow from a workload to itself is between its pods. External is what is open to addresses
outside the cluster, as {"addresses":["10.0.0.0/8"],"ports":"TCP 443","verdict":"allowed"}.

OLD and NEW are each a file, a folder or, one of them, - for a YAML stream on standard input;
NAMESPACE=PATH works as for the other commands. /dev/null as OLD is a cluster without anything.
Differences do not change the exit status.

` + exitStatuses,
		Args: cobra.ExactArgs(2),
	}
	profile := profileFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		if streams(paths...) > 1 {
			return fmt.Errorf("only one of OLD and NEW can be standard input")
		}
		before, err := readNetwork(cmd, paths[:1], *profile)
		if _, nothing := errors.AsType[*nothingError](err); nothing { // there was nothing before the first manifest
			before, err = newNetwork(cmd, &manifest.Set{}, *profile)
		}
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
		return after.status(tally{})
	}
	return cmd
}

// changes is the output of diff.
type changes struct {
	Added   []flow   `json:"added"`
	Removed []flow   `json:"removed"`
	Changed []change `json:"changed"`

	External []externalChange `json:"external"`
}

// An externalChange is a workload that can exchange something else with addresses
// outside than before.
type externalChange struct {
	Workload  string     `json:"workload"`
	Direction string     `json:"direction"` // Egress or Ingress
	Before    []external `json:"before"`
	After     []external `json:"after"`
}

// An external is ports that are open to addresses, or from them.
type external struct {
	Addresses []netip.Prefix `json:"addresses"`
	Ports     string         `json:"ports"`
	Verdict   reach.Verdict  `json:"verdict"`
}

func externals(list []reach.External) []external {
	out := make([]external, len(list))
	for i, e := range list {
		out[i] = external{e.Prefixes, e.Ports.String(), e.Verdict}
	}
	return out
}

// A change is a pair of workloads whose open ports differ.
type change struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Before []flow `json:"before"`
	After  []flow `json:"after"`
}

func newChanges(c reach.Changes) changes {
	out := changes{Added: []flow{}, Removed: []flow{}, Changed: []change{}, External: []externalChange{}}
	for _, e := range c.External {
		out.External = append(out.External, externalChange{e.Workload.String(), string(e.Direction), externals(e.Before), externals(e.After)})
	}
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
