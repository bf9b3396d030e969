// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"fmt"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/dataclone"
)

// Rules that only a run can find broken. The others of a run are those of a plan.
const (
	// PlanChanged is a plan that is not the one that was approved, or a step that no
	// plan has.
	PlanChanged = "dataclone/plan-changed"
	// SourceChanged is a table that is not the one that was planned with.
	SourceChanged = "dataclone/source-changed"
)

// A RefusedError is a plan that is not run: nothing was written.
type RefusedError struct {
	// Findings say why. Empty if Err does.
	Findings bulkhead.Findings
	// Err is what is wrong with a plan that none is.
	Err error
}

// Error names what is wrong.
func (e *RefusedError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("the plan is refused: %v", e.Err)
	}
	return fmt.Sprintf("the plan is refused: %v", e.Findings.Err())
}

// Unwrap returns the reason.
func (e *RefusedError) Unwrap() error {
	if e.Err != nil {
		return e.Err
	}
	return e.Findings.Err()
}

// refuse is the refusal of a plan as a whole, or of one of its datasets.
func refuse(rule string, object bulkhead.Ref, field, format string, args ...any) *RefusedError {
	return &RefusedError{Findings: bulkhead.Findings{{
		Rule: rule, Severity: bulkhead.Error, Object: object, Field: field, Message: fmt.Sprintf(format, args...),
	}}}
}

// A StepError is a step that failed. What ran before it stays, and a run that is
// started again goes on from there.
type StepError struct {
	// Step is the ID of the step, and Kind what it does.
	Step string
	Kind dataclone.Kind
	// Object is what the step makes or changes.
	Object string
	// Job is the last job that was begun, if the step has one.
	Job string
	// Rule is that of package dataclone which was broken, such as
	// "dataclone/destination-exists". Empty if BigQuery failed.
	Rule string
	// Err is a [*CallError], a [*JobError] or a [*ForeignJobError] if BigQuery
	// failed.
	Err error
}

// Error names step, object, job and reason.
func (e *StepError) Error() string {
	text := fmt.Sprintf("step %s (%s %s)", e.Step, e.Kind, e.Object)
	if e.Job != "" {
		text += ", job " + e.Job
	}
	if e.Rule != "" {
		text += ": " + e.Rule
	}
	return fmt.Sprintf("%s: %v", text, e.Err)
}

// Unwrap returns the reason.
func (e *StepError) Unwrap() error { return e.Err }

// A ruleError is a rule that a step would break.
type ruleError struct {
	rule string
	err  error
}

func (e *ruleError) Error() string { return e.err.Error() }
func (e *ruleError) Unwrap() error { return e.err }

func broken(rule, format string, args ...any) error {
	return &ruleError{rule: rule, err: fmt.Errorf(format, args...)}
}

const host = "bigquery.googleapis.com"

func datasetObject(d dataclone.DatasetRef) bulkhead.Ref {
	return bulkhead.Ref{Group: host, Kind: "Dataset", Namespace: d.Project, Name: d.Dataset}
}

func tableObject(t dataclone.TableRef) bulkhead.Ref {
	return bulkhead.Ref{Group: host, Kind: "Table", Namespace: t.Project, Name: t.Dataset + "." + t.Table}
}
