// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/admit"
)

type fitPrinter func(io.Writer, fitted) error

func fitFormats() map[string]fitPrinter {
	return map[string]fitPrinter{"text": printFitText, "json": printFitJSON, "github": printFitGitHub}
}

func printFitJSON(w io.Writer, f fitted) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(f)
}

// printFitText prints each namespace with its rung, what decides, where, and what
// would change it, then what is taken of each quota, and a count of the rungs.
func printFitText(w io.Writer, f fitted) error {
	var out strings.Builder
	line := func(texts ...string) { out.WriteString(escaped(strings.Join(texts, "")) + "\n") }
	counts := make(map[admit.Rung]int)
	for _, n := range f.Namespaces {
		counts[n.Verdict]++
		line(n.Namespace, ": ", n.Verdict.String(), ", ", meaning(n.Verdict))
		for _, d := range n.Deciding {
			line("  ", d.text())
			if d.Change != "" {
				line("    change: ", d.Change)
			}
			if d.Cap != nil && d.Cap.ref != d.ref {
				line("    the cap: ", d.Cap.text())
			}
		}
		for _, m := range n.Missing {
			line("  missing: ", m.text())
		}
		for _, text := range n.Assumed {
			line("  assumed: ", text)
		}
		n.table(&out)
	}
	var sums []string
	for rung := admit.Unknown; rung <= admit.FitsPeak; rung++ {
		if n := counts[rung]; n > 0 {
			sums = append(sums, fmt.Sprintf("%d %s", n, rung))
		}
	}
	line(count(len(f.Namespaces), "namespace"), ": ", strings.Join(sums, ", "))
	_, err := io.WriteString(w, out.String())
	return err
}

// table prints the quotas, and of each what something is taken of.
func (n *fittedNamespace) table(w io.Writer) {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	heading := "  quota\tresource\tused\tin rollouts\tpeak\thard\n"
	for _, q := range n.Quotas {
		for _, name := range slices.Sorted(maps.Keys(q.Hard)) {
			used, surge, peak, hard := q.Used[name], q.Surge[name], q.Peak[name], q.Hard[name]
			if peak.Sign() <= 0 && len(q.Unbounded) == 0 {
				continue
			}
			fmt.Fprint(columns, heading)
			heading = ""
			fmt.Fprintf(columns, "  %s\t%s\t%s\t%s\t%s\t%s\n", escaped(q.Quota), escaped(string(name)), used.String(), surge.String(), peak.String(), hard.String())
		}
		for _, workload := range q.Unbounded {
			fmt.Fprintf(columns, "  %s\tand %s without bound\n", escaped(q.Quota), workload)
		}
	}
	_ = columns.Flush() // w is a strings.Builder, which does not fail
}

func (p place) text() string {
	at := located{File: p.File, Line: p.Line}.place()
	return at + strings.TrimSpace(p.Object+" "+p.Field) + ": " + p.Message
}

// escaped gives a text that neither breaks a line nor steers a terminal.
func escaped(s string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return s
	}
	quoted := strconv.Quote(s)
	return quoted[1 : len(quoted)-1]
}

// meaning says what a rung is to somebody who has not read the documentation.
func meaning(r admit.Rung) string {
	switch r {
	case admit.NeverFits:
		return "something is refused, whatever else there is"
	case admit.SteadyExceeds:
		return "there is no room for all replicas"
	case admit.WedgesOnRollout:
		return "a rollout never ends"
	case admit.SlowRollout:
		return "a rollout ends, after waiting for room"
	case admit.FitsSurge:
		return "a rollout has room, unless pods take long to terminate"
	case admit.FitsPeak:
		return "there is room at any time"
	default:
		return "something that decides is missing"
	}
}

// printFitGitHub prints a workflow command for what keeps a namespace from the next
// rung: an error below SlowRollout, a warning there, and nothing above. What is
// missing or wrong in the input is said too.
func printFitGitHub(w io.Writer, f fitted) error {
	findings := slices.Clone(f.Problems)
	for _, n := range f.Namespaces {
		rule, severity := fitRule(n.Verdict)
		if rule != "" {
			for _, d := range n.Deciding {
				findings = append(findings, d.row(rule, severity, d.Change))
			}
		}
		for _, m := range n.Missing {
			said := func(p located) bool { return p.finding.Object == m.ref && p.Field == m.Field && p.Message == m.Message }
			if !slices.ContainsFunc(f.Problems, said) {
				findings = append(findings, m.row("fit/unknown", bulkhead.Warning, ""))
			}
		}
	}
	return printGitHub(w, judgement{findings: findings})
}

// fitRule returns the ID under which findings say what keeps a namespace from the next
// rung, and how much that matters. There is none where it is no fault.
func fitRule(r admit.Rung) (string, bulkhead.Severity) {
	switch r {
	case admit.NeverFits:
		return "fit/never-fits", bulkhead.Error
	case admit.SteadyExceeds:
		return "fit/steady-exceeds", bulkhead.Error
	case admit.WedgesOnRollout:
		return "fit/wedges-on-rollout", bulkhead.Error
	case admit.SlowRollout:
		return "fit/slow-rollout", bulkhead.Warning
	default:
		return "", bulkhead.Warning
	}
}
