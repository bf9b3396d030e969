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
		}
		for _, m := range ns.Missing {
			fmt.Fprintf(w, "    missing: %s: %s\n", m.Object, m.Message)
		}
	}
	return nil
}

// printRanks says whether production comes first: of each question the worst answer,
// and what it rests on.
func printRanks(w io.Writer, objs []bulkhead.Object) error {
	cluster, err := schedule.New(objs, schedule.Boundary{Production: []string{"prod"}, Staging: []string{"staging"}}, schedule.Options{Whole: true})
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "\nproduction comes first")
	for _, question := range []struct {
		text    string
		answers []schedule.Judgement
	}{
		{"when the scheduler evicts", cluster.Ranks()},
		{"whatever class staging asks for", cluster.Claims()},
		{"when a node runs short of memory", cluster.Evictions()},
	} {
		worst := schedule.Worst(question.answers)
		fmt.Fprintf(w, "  %-34s %s\n", question.text, worst)
		at := slices.IndexFunc(question.answers, func(j schedule.Judgement) bool { return j.Verdict == worst })
		if at >= 0 {
			fmt.Fprintf(w, "    %s\n", question.answers[at])
		}
	}
	return nil
}
