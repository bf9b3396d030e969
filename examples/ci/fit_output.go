// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/quota/admit"
)

// A fitted is a namespace in the output of fit. Of several quotas that cap one
// resource, Used, Surge, Peak and Hard are those of the one with the least left.
type fitted struct {
	Namespace string              `json:"namespace"`
	Verdict   admit.Rung          `json:"verdict"`
	Used      corev1.ResourceList `json:"used"`
	Surge     corev1.ResourceList `json:"surge"`
	Peak      corev1.ResourceList `json:"peak"`
	Hard      corev1.ResourceList `json:"hard"`
	Pods      []fittedPod         `json:"pods"`
	Deciding  []decision          `json:"deciding"`
	Quotas    []fittedQuota       `json:"quotas"`
	Missing   []place             `json:"missing"`
	Assumed   []string            `json:"assumed"`
}

// A fittedPod is what a workload runs, and the claims that it makes: one of them, and
// how many.
type fittedPod struct {
	Object  string              `json:"object"`
	Field   string              `json:"field"`
	Verdict admit.Verdict       `json:"verdict"`
	Message string              `json:"message"`
	Charged corev1.ResourceList `json:"charged"`
	Steady  int64               `json:"steady"`
	Surge   int64               `json:"surge"`
	Peak    *int64              `json:"peak"` // null where there is no bound
}

type fittedQuota struct {
	Quota     string              `json:"quota"`
	Hard      corev1.ResourceList `json:"hard"`
	Used      corev1.ResourceList `json:"used"`
	Surge     corev1.ResourceList `json:"surge"`
	Peak      corev1.ResourceList `json:"peak"`
	Unbounded []string            `json:"unbounded"` // workloads whose peak has no bound
}

// A place is one in the input, and what there is to say of it.
type place struct {
	Object  string `json:"object"`
	Field   string `json:"field"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Message string `json:"message"`
}

// A decision is a number that keeps a namespace from the next rung.
type decision struct {
	place
	Quota    string              `json:"quota"`
	Resource corev1.ResourceName `json:"resource"`
	Need     *resource.Quantity  `json:"need,omitempty"`
	Hard     *resource.Quantity  `json:"hard,omitempty"`
	Change   string              `json:"change"`
}

// A fitOutput is what fit prints.
type fitOutput struct {
	Namespaces []fitted `json:"namespaces"`
	Problems   []place  `json:"problems"` // of the input
}

// problemRows lists what is wrong with the input: what manifests say, and then what
// they mean.
func problemRows(wrong []located, report admit.Report, set *manifest.Set) []place {
	out := []place{}
	for _, w := range wrong {
		out = append(out, place{w.Object, w.Field, w.File, w.Line, w.Message})
	}
	for _, p := range report.Problems {
		out = append(out, placeOf(set, p.Object, p.Field, p.Message))
	}
	return out
}

func fitRows(report admit.Report, set *manifest.Set) []fitted {
	out := make([]fitted, 0, len(report.Namespaces))
	for _, ns := range report.Namespaces {
		row := fitted{
			Namespace: ns.Namespace, Verdict: ns.Verdict, Pods: []fittedPod{}, Deciding: []decision{}, Missing: []place{},
			Assumed: append([]string{}, ns.Assumed...),
		}
		for _, l := range ns.Loads {
			row.Pods = append(row.Pods, podRow(l))
		}
		for _, d := range ns.Deciding {
			one := decision{placeOf(set, d.Object, d.Field, d.Message), d.Quota, d.Resource, nil, nil, d.Change}
			if d.Resource != "" {
				one.Need, one.Hard = &d.Need, &d.Hard
			}
			row.Deciding = append(row.Deciding, one)
		}
		for _, m := range ns.Missing {
			row.Missing = append(row.Missing, placeOf(set, m.Object, m.Field, m.Message))
		}
		row.quotas(ns.Quotas)
		out = append(out, row)
	}
	return out
}

func podRow(l admit.Load) fittedPod {
	row := fittedPod{
		Object: l.Object.String(), Field: l.Field, Verdict: l.Result.Verdict, Message: l.Result.Message, Charged: l.Result.Charged(),
		Steady: l.Steady, Surge: l.Surge,
	}
	if !l.Unbounded {
		row.Peak = &l.Peak
	}
	return row
}

func placeOf(set *manifest.Set, object bulkhead.Ref, field, message string) place {
	at := position(set, object, field)
	return place{object.String(), field, at.File, at.Line, message}
}

// quotas adds up quotas: of those that cap one resource the one with the least left
// counts.
func (f *fitted) quotas(uses []admit.Use) {
	f.Used, f.Surge, f.Peak, f.Hard = make(corev1.ResourceList), make(corev1.ResourceList), make(corev1.ResourceList), make(corev1.ResourceList)
	f.Quotas = make([]fittedQuota, 0, len(uses))
	for _, u := range uses {
		q := fittedQuota{u.Quota, u.Hard, u.Steady, u.Surge, u.Peak, []string{}}
		for _, ref := range u.Unbounded {
			q.Unbounded = append(q.Unbounded, ref.String())
		}
		f.Quotas = append(f.Quotas, q)
		for name, hard := range u.Hard {
			if other, ok := f.Hard[name]; ok {
				before, now := left(other, f.Peak[name]), left(hard, u.Peak[name])
				if before.Cmp(now) <= 0 {
					continue
				}
			}
			f.Hard[name], f.Used[name], f.Surge[name], f.Peak[name] = hard, u.Steady[name], u.Surge[name], u.Peak[name]
		}
	}
}

func left(hard, taken resource.Quantity) resource.Quantity {
	out := hard.DeepCopy()
	out.Sub(taken)
	return out
}

type fitPrinter func(io.Writer, fitOutput) error

func fitFormats() map[string]fitPrinter {
	return map[string]fitPrinter{"text": printFitText, "json": printFitJSON, "github": printFitGitHub}
}

func printFitJSON(w io.Writer, out fitOutput) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(out)
}

// printFitText prints each namespace with its rung, what decides and what would
// change it, and then what of each quota is taken.
func printFitText(w io.Writer, found fitOutput) error {
	var out strings.Builder
	for _, row := range found.Namespaces {
		fmt.Fprintf(&out, "%s: %s\n", cmp.Or(row.Namespace, "(no namespace)"), row.Verdict)
		for _, d := range row.Deciding {
			if row.Verdict == admit.FitsPeak {
				fmt.Fprintf(&out, "  least room: %s\n", d.Message)
				continue
			}
			fmt.Fprintf(&out, "  %s\n", d.text())
			if d.Change != "" {
				fmt.Fprintf(&out, "    %s\n", d.Change)
			}
		}
		for _, m := range row.Missing {
			fmt.Fprintf(&out, "  missing: %s\n", m.text())
		}
		for _, text := range row.Assumed {
			fmt.Fprintf(&out, "  assumed: %s\n", text)
		}
		for _, q := range row.Quotas {
			for _, name := range slices.Sorted(maps.Keys(q.Hard)) {
				hard, used, surge, peak := q.Hard[name], q.Used[name], q.Surge[name], q.Peak[name]
				fmt.Fprintf(&out, "  ResourceQuota %s: %s %s of %s, %s in rollouts and runs, %s at the peak", q.Quota, name, used.String(), hard.String(), surge.String(), peak.String())
				if len(q.Unbounded) > 0 {
					fmt.Fprintf(&out, ", which has no bound for %s", strings.Join(q.Unbounded, ", "))
				}
				out.WriteByte('\n')
			}
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func (p place) text() string {
	at := located{File: p.File, Line: p.Line}.place()
	if p.Object != "" && p.Object != (bulkhead.Ref{}).String() {
		at += strings.TrimSpace(p.Object+" "+p.Field) + ": "
	}
	return at + p.Message
}

// printFitGitHub prints a workflow command for what keeps a namespace from the next
// rung: an error below SlowRollout, a warning there, and nothing above.
func printFitGitHub(w io.Writer, found fitOutput) error {
	j := judgement{}
	for _, p := range found.Problems {
		j.findings = append(j.findings, annotation("fit", bulkhead.Warning, p, ""))
	}
	for _, row := range found.Namespaces {
		severity := bulkhead.Error
		switch {
		case row.Verdict > admit.SlowRollout:
			continue
		case row.Verdict == admit.SlowRollout, row.Verdict == admit.Unknown:
			severity = bulkhead.Warning
		}
		title := "fit: " + row.Namespace + " " + row.Verdict.String()
		for _, d := range row.Deciding {
			j.findings = append(j.findings, annotation(title, severity, d.place, d.Change))
		}
		for _, m := range row.Missing {
			j.findings = append(j.findings, annotation(title, bulkhead.Warning, m, ""))
		}
	}
	return printGitHub(w, j)
}

func annotation(title string, severity bulkhead.Severity, p place, change string) located {
	return located{
		Rule: title, Severity: severity, File: p.File, Line: p.Line,
		finding: bulkhead.Finding{Rule: "fit", Severity: severity, Message: strings.TrimPrefix(strings.TrimSpace(p.Object+" "+p.Field)+": "+p.Message, ": "), Fix: change},
	}
}
