// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/admit"
	"github.com/watertight-go/watertight/quota/schedule"
)

// printFit says how well the workloads of each namespace fit under its caps, also
// while they are rolled out.
func printFit(w io.Writer, objs []bulkhead.Object) error {
	report, err := admit.Fit(objs, admit.Options{})
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "\nunder their caps")
	for _, ns := range report.Namespaces {
		fmt.Fprintf(w, "  %-26s %s\n", ns.Namespace, ns.Verdict)
		for _, d := range ns.Deciding {
			fmt.Fprintf(w, "    %s: %s\n", d.Object, d.Message)
			if d.Change != "" {
				fmt.Fprintf(w, "    change: %s\n", d.Change)
			}
		}
		for _, m := range ns.Missing {
			fmt.Fprintf(w, "    missing: %s: %s\n", m.Object, m.Message)
		}
	}
	return nil
}

// printRanks says whether production comes first: of each question the worst answer,
// and what it rests on. The shop is all that the cluster holds.
func printRanks(w io.Writer, objs []bulkhead.Object) error {
	cluster, err := schedule.New(objs, schedule.Boundary{Production: []string{"prod"}, Staging: []string{"staging"}}, schedule.Options{Whole: true})
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "\nproduction comes first")
	answers := slices.Concat(cluster.Ranks(), cluster.Claims(), cluster.Evictions())
	for _, question := range []struct {
		text  string
		about schedule.Statement
	}{
		{"it outranks staging", schedule.Outranks},
		{"on a full node it takes staging's place", schedule.Preempts},
		{"whatever class staging asks for", schedule.Unclaimed},
		{"when a node runs short of memory", schedule.EvictedLast},
	} {
		about := slices.DeleteFunc(slices.Clone(answers), func(j schedule.Judgement) bool { return j.Statement != question.about })
		worst := schedule.Worst(about)
		fmt.Fprintf(w, "  %-40s %s\n", question.text, worst)
		at := slices.IndexFunc(about, func(j schedule.Judgement) bool { return j.Verdict == worst })
		if at >= 0 {
			fmt.Fprintf(w, "    %s %s: %s\n", about[at].Object, about[at].Field, about[at].Message)
			for _, missing := range about[at].Missing {
				fmt.Fprintf(w, "    missing: %s\n", missing)
			}
		}
	}
	return nil
}
