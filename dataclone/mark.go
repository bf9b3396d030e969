// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"fmt"
	"maps"
	"strings"
)

// Labels that everything carries which a plan makes. Only what carries all three is
// ever dropped or taken for done.
const (
	// LabelManagedBy has the value ManagedBy.
	LabelManagedBy = "managed-by"
	// LabelEnvironment has the name of the plan's environment.
	LabelEnvironment = "watertight-environment"
	// LabelPlan has the beginning of the plan's hash.
	LabelPlan = "watertight-plan"
	// ManagedBy is the value of LabelManagedBy.
	ManagedBy = "watertight"
)

// markLength is how much of a plan's hash a mark holds. A label has room for 63
// characters.
const markLength = 32

// A Mark tells what made something: it is written into labels, and into the
// description of what has no labels.
type Mark struct {
	Environment string
	// Plan is the beginning of the plan's hash.
	Plan string
}

// Mark returns the mark of what a run of p makes.
func (p *Plan) Mark() Mark {
	return Mark{Environment: p.Environment, Plan: p.Hash()[:markLength]}
}

// MarkOf returns the mark that labels hold, and whether they hold one.
func MarkOf(labels map[string]string) (Mark, bool) {
	m := Mark{Environment: labels[LabelEnvironment], Plan: labels[LabelPlan]}
	return m, labels[LabelManagedBy] == ManagedBy && m.valid()
}

func (m Mark) valid() bool {
	return m.Environment != "" && len(m.Plan) == markLength && strings.Trim(m.Plan, "0123456789abcdef") == ""
}

// Labels returns the labels of m and those of extra. Those of m win.
func (m Mark) Labels(extra map[string]string) map[string]string {
	out := make(map[string]string, len(extra)+3)
	maps.Copy(out, extra)
	out[LabelManagedBy] = ManagedBy
	out[LabelEnvironment] = m.Environment
	out[LabelPlan] = m.Plan
	return out
}

// Describe returns a description that holds m and then text. Routines have no labels.
func (m Mark) Describe(text string) string {
	line := fmt.Sprintf("%s=%s %s=%s %s=%s", LabelManagedBy, ManagedBy, LabelEnvironment, m.Environment, LabelPlan, m.Plan)
	if text == "" {
		return line
	}
	return line + "\n" + text
}

// MarkIn returns the mark that a description begins with, and whether it does.
func MarkIn(description string) (Mark, bool) {
	line, _, _ := strings.Cut(description, "\n")
	labels := map[string]string{}
	for word := range strings.FieldsSeq(line) {
		key, value, _ := strings.Cut(word, "=")
		labels[key] = value
	}
	m, ok := MarkOf(labels)
	return m, ok && line == m.Describe("")
}
