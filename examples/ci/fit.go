// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/quota/admit"
)

func fitCommand() *cobra.Command {
	var options admit.Options
	var format, version string
	cmd := &cobra.Command{
		Use:   "fit PATH...",
		Short: "Say whether workloads are admitted, fit under their quotas, and can be rolled out",
		Long: `Say of each namespace how well its workloads fit under its quotas and LimitRanges: NeverFits,
SteadyExceeds, WedgesOnRollout, SlowRollout, FitsSurge or FitsPeak, with the workload and the number
that decide, and the change that reaches the next. Unknown stands for the last three where something
that decides is missing.

` + inputs + `

The exit status is 1 for a namespace below SlowRollout, and 2 for one that is Unknown.

` + exitStatuses,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, paths []string) error {
			print, ok := fitFormats()[format]
			if !ok {
				return fmt.Errorf("unknown output format %q; want text, json or github", format)
			}
			var err error
			if options.Minor, err = minorOf(version); err != nil {
				return err
			}
			return fit(cmd, paths, options, print)
		},
	}
	cmd.Flags().StringVarP(&format, "output", "o", "text", "text, json or github")
	cmd.Flags().StringVar(&version, "kubernetes-version", "", fmt.Sprintf("that of the cluster, from 1.%d to 1.%d, which is the default", admit.OldestMinor, admit.LatestMinor))
	cmd.Flags().IntVar(&options.Nodes, "nodes", 0, "how many `nodes` a DaemonSet runs on; 0 counts the Nodes among the objects")
	cmd.Flags().IntVar(&options.ConcurrentRollouts, "concurrent-rollouts", 0, "how many `workloads` of a namespace are rolled out at the same time; 0 is all of them")
	cmd.Flags().BoolVar(&options.Whole, "whole", false, "the objects are all that the cluster holds: a class that is not among them does not exist")
	return cmd
}

// minorOf reads a version of Kubernetes: 1.37, or v1.37.2.
func minorOf(version string) (int, error) {
	if version == "" {
		return 0, nil
	}
	var minor int
	text := strings.TrimPrefix(version, "v")
	if _, err := fmt.Sscanf(text, "1.%d", &minor); err != nil || minor < admit.OldestMinor || minor > admit.LatestMinor {
		return 0, fmt.Errorf("--kubernetes-version %q: want one from 1.%d to 1.%d", version, admit.OldestMinor, admit.LatestMinor)
	}
	return minor, nil
}

// fit judges all that could be read, and prints on standard error what could not, and
// what is wrong with the rest.
func fit(cmd *cobra.Command, paths []string, options admit.Options, print fitPrinter) error {
	set, err := read(cmd, paths)
	documents, others := unread(err)
	if len(documents) > 0 {
		others = errors.Join(others, errors.New(count(len(documents), "document")+" not read"))
	}
	if len(set.Objects) == 0 {
		for _, row := range documents {
			fmt.Fprintln(cmd.ErrOrStderr(), row.place()+row.finding.String())
		}
		return cmp.Or(others, error(&nothingError{paths}))
	}
	report, err := admit.Fit(set.Objects, options)
	if err != nil {
		return err
	}
	if len(report.Namespaces) == 0 && others == nil {
		return fmt.Errorf("%s: neither a workload nor a quota", strings.Join(paths, ", "))
	}
	wrong := append(documents, locate(bulkhead.Check(set.Objects, set.Rules()...).Of(bulkhead.Error), set)...)
	distrust(&report, wrong)
	out := fitOutput{fitRows(report, set), problemRows(wrong, report, set)}
	for _, p := range out.Problems {
		fmt.Fprintln(cmd.ErrOrStderr(), p.text())
	}
	if err := print(cmd.OutOrStdout(), out); err != nil {
		return err
	}
	if n := len(wrong) - len(documents); n > 0 && others == nil {
		return &foundError{n}
	}
	return cmp.Or(others, fitStatus(report))
}

// distrust takes back that workloads fit where a document was not read, or says
// something other than what was read of it: more may run, under less room.
func distrust(report *admit.Report, wrong []located) {
	for i := range report.Namespaces {
		ns := &report.Namespaces[i]
		if len(wrong) == 0 || ns.Verdict < admit.SlowRollout {
			continue
		}
		ns.Verdict, ns.Deciding = admit.Unknown, nil
		for _, w := range wrong {
			ns.Missing = append(ns.Missing, admit.Problem{Object: w.finding.Object, Field: w.Field, Message: "what is meant: " + w.Message})
		}
	}
}

// fitStatus is the error that gives the exit status.
func fitStatus(report admit.Report) error {
	failing, unknown := 0, false
	for _, ns := range report.Namespaces {
		switch {
		case ns.Verdict == admit.Unknown:
			unknown = true
		case ns.Verdict < admit.SlowRollout:
			failing++
		}
	}
	switch {
	case failing > 0:
		return &foundError{failing}
	case unknown:
		return &undeterminedError{}
	default:
		return nil
	}
}

// position is that of a field, or of its object where the field is not written.
func position(set *manifest.Set, object bulkhead.Ref, field string) manifest.Position {
	at, found := set.Position(object, field)
	if !found {
		at, _ = set.Position(object, "")
	}
	return at
}
