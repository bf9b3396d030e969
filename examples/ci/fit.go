// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/quota/admit"
)

func fitCommand() *cobra.Command {
	var options admit.Options
	var format, version, config string
	cmd := &cobra.Command{
		Use:   "fit PATH...",
		Short: "Say whether workloads are admitted, fit under their quotas, and can be rolled out",
		Long: `Say of each namespace how well its workloads fit under its quotas and LimitRanges: NeverFits,
SteadyExceeds, WedgesOnRollout, SlowRollout, FitsSurge or FitsPeak, with the workload and the number
that decide, and the change that reaches the next. Unknown stands for the last three where something
that decides is missing. Objects that name no namespace are taken to be in default.

` + inputs + `

The exit status is 1 for a namespace below SlowRollout, for text that no cluster takes, such as a
misspelt field, and 2 for a namespace that is Unknown.

` + exitStatuses,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, paths []string) error {
			print, ok := fitFormats()[format]
			if !ok {
				return fmt.Errorf("unknown output format %q; want text, json or github", format)
			}
			var wrong [2]error
			options.Minor, wrong[0] = minorOf(version)
			options.Limited, wrong[1] = readLimited(config)
			if err := errors.Join(wrong[:]...); err != nil {
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
	cmd.Flags().StringVar(&config, "admission-config", "", "the `file` that kube-apiserver has as --admission-control-config-file; its limitedResources are refused where no quota covers them")
	return cmd
}

// fit judges all that could be read, and says beside the answer what could not be, and
// what is wrong with the rest.
func fit(cmd *cobra.Command, paths []string, options admit.Options, print fitPrinter) error {
	set, err := read(cmd, paths)
	documents, others := unread(err)
	documents, _ = setAside(documents)
	if len(documents) > 0 {
		others = errors.Join(others, errors.New(count(len(documents), "document")+" not read"))
	}
	if len(set.Objects) == 0 {
		printRows(cmd, documents)
		return cmp.Or(others, error(&nothingError{paths}))
	}
	nowhere := slices.ContainsFunc(set.Objects, func(o bulkhead.Object) bool {
		return o.GetNamespace() == "" && bulkhead.Namespaced(bulkhead.RefTo(o))
	})
	set = set.In("default") // where kubectl puts them, unless it is told otherwise
	report, err := admit.Fit(set.Objects, options)
	if err != nil {
		return err
	}
	if len(report.Namespaces) == 0 && others == nil {
		return fmt.Errorf("%s: neither a workload nor a quota", strings.Join(paths, ", "))
	}
	problems := append(documents, problemRows(report, set)...)
	distrust(&report, problems)
	out := fitted{Namespaces: fitRows(report, set), Problems: problems}
	if nowhere {
		out.assume("default", "objects that name no namespace are in default")
	}
	printRows(cmd, out.Problems)
	if err := print(cmd.OutOrStdout(), out); err != nil {
		return err
	}
	return cmp.Or(others, fitStatus(report, out.Problems))
}

// distrust takes back that workloads fit where a document was not read, or says
// something other than what was read of it: more may run, under less room.
func distrust(report *admit.Report, problems []located) {
	for i := range report.Namespaces {
		ns := &report.Namespaces[i]
		if ns.Verdict < admit.SlowRollout {
			continue
		}
		for _, p := range problems {
			if p.Severity == bulkhead.Error {
				ns.Verdict, ns.Deciding = admit.Unknown, nil
				ns.Missing = append(ns.Missing, admit.Problem{Object: p.finding.Object, Field: p.Field, Message: "what is meant at " + p.place() + p.Message})
			}
		}
	}
}

// printRows prints on standard error what is wrong with the input.
func printRows(cmd *cobra.Command, rows []located) {
	for _, row := range rows {
		fmt.Fprintln(cmd.ErrOrStderr(), row.place()+row.finding.String())
	}
}

// fitStatus is the error that gives the exit status.
func fitStatus(report admit.Report, problems []located) error {
	errors, unknown := 0, false
	for _, p := range problems {
		if p.Severity == bulkhead.Error {
			errors++
		}
	}
	for _, ns := range report.Namespaces {
		switch {
		case ns.Verdict == admit.Unknown:
			unknown = true
		case ns.Verdict < admit.SlowRollout:
			errors++
		}
	}
	switch {
	case errors > 0:
		return &foundError{errors}
	case unknown:
		return &undeterminedError{}
	default:
		return nil
	}
}

// position is that of a field, or of its object where several have the name and none
// the field.
func position(set *manifest.Set, object bulkhead.Ref, field string) manifest.Position {
	at, found := set.Position(object, field)
	if !found {
		at, _ = set.Position(object, "")
	}
	return at
}
