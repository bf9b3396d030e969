// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// largest is how many bytes of JSON a plan may have: about 500,000 steps.
const largest = 256 << 20

// A PlanError says what keeps a plan in JSON from being one.
type PlanError struct {
	// Field is the path of the field, such as "steps[3].destination". Empty for the
	// whole file.
	Field string
	Err   error
}

// Error begins with the field.
func (e *PlanError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("plan: %v", e.Err)
	}
	return fmt.Sprintf("plan: %s: %v", e.Field, e.Err)
}

// Unwrap returns the reason.
func (e *PlanError) Unwrap() error { return e.Err }

// ReadPlan reads what [Plan.WriteJSON] wrote. It refuses fields that it does not know,
// more than one value, more than 256 MiB, steps that name datasets which the plan does
// not write, and times that are no whole milliseconds. The error is a [*PlanError], or
// several, joined.
//
// That a plan can be read does not mean that anybody approved it: bqclone runs a plan
// only together with its hash.
func ReadPlan(r io.Reader) (*Plan, error) {
	limited := &io.LimitedReader{R: r, N: largest + 1}
	decoder := json.NewDecoder(limited)
	decoder.DisallowUnknownFields()
	p := new(Plan)
	err := decoder.Decode(p)
	switch {
	case limited.N <= 0:
		return nil, &PlanError{Err: fmt.Errorf("has more than %d bytes", largest)}
	case err != nil:
		return nil, &PlanError{Err: err}
	case p.Format != format:
		return nil, &PlanError{Field: "format", Err: fmt.Errorf("is %d, where this version reads %d", p.Format, format)}
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, &PlanError{Err: errors.New("something follows it")}
	}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	return p, nil
}

// Validate returns nil if the plan is one that [PlanDataset] or [PlanSteps] could have
// made, apart from what only BigQuery can tell. The error is a [*PlanError], or
// several, joined.
func (p *Plan) Validate() error {
	v := planJudge{plan: p, sources: map[string]bool{}, targets: map[DatasetRef]bool{}, ids: map[string]bool{}, destinations: map[thing]string{}}
	v.times()
	v.check("project", validateProject(p.Project))
	v.check("environment", validateEnvironment(p.Environment))
	for i, m := range p.Datasets {
		v.check(fmt.Sprintf("datasets[%d]", i), errors.Join(m.From.Validate(), m.To.Validate()))
		v.sources[fold(m.From)], v.targets[m.To] = true, true
	}
	for i, m := range p.Datasets {
		if v.sources[fold(m.To)] {
			v.check(fmt.Sprintf("datasets[%d].to", i), errors.New("is a dataset that the plan reads"))
		}
	}
	for key, value := range p.ExtraLabels {
		v.check("labels", validateLabel(key, value))
	}
	for i, s := range p.Steps {
		v.step(fmt.Sprintf("steps[%d]", i), i, s)
	}
	return errors.Join(v.errs...)
}

type planJudge struct {
	plan         *Plan
	sources      map[string]bool     // what it reads, folded
	targets      map[DatasetRef]bool // what the plan may write
	ids          map[string]bool
	destinations map[thing]string // what is made, and by which kind of step
	errs         []error
}

func (v *planJudge) check(field string, err error) {
	if err != nil {
		v.errs = append(v.errs, &PlanError{Field: field, Err: err})
	}
}

func (v *planJudge) times() {
	p := v.plan
	for _, t := range []struct {
		field string
		time  time.Time
	}{{"planned", p.Planned}, {"asOf", p.AsOf}, {"expires", p.Expires}, {"readUntil", p.ReadUntil}} {
		if t.time.IsZero() || !t.time.Equal(t.time.Truncate(time.Millisecond)) {
			v.check(t.field, errors.New("is no time in whole milliseconds"))
		}
	}
	if p.AsOf.After(p.Planned) {
		v.check("asOf", errors.New("is after the plan was made"))
	}
	if !p.Expires.After(p.Planned) {
		v.check("expires", errors.New("is before the plan was made"))
	}
}
