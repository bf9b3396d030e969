// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// step judges one step: that it has the fields of its kind and no others, and that it
// writes nothing but what the plan makes.
func (v *planJudge) step(at string, index int, s Step) {
	if s.ID == "" || v.ids[s.ID] || strings.Trim(s.ID, idCharacters) != "" || len(s.ID) > 64 {
		v.check(at+".id", errors.New("is empty, taken, or has other characters than letters, digits, _ and -"))
	}
	v.ids[s.ID] = true
	if s.Stage < 0 || index > 0 && s.Stage < v.plan.Steps[index-1].Stage {
		v.check(at+".stage", errors.New("is before that of the step above"))
	}
	has, known := fieldsOf(s.Kind)
	if !known {
		v.check(at+".kind", fmt.Errorf("is %q, which is none", s.Kind))
		return
	}
	for _, f := range []struct {
		name    string
		present bool
		allowed presence
	}{
		{"dataset", s.Dataset != DatasetRef{}, has.dataset},
		{"location", s.Location != "", has.location},
		{"private", s.Private, has.private},
		{"source", s.Source != TableRef{}, has.source},
		{"destination", s.Destination != TableRef{}, has.destination},
		{"latest", s.Latest, has.latest},
		{"view", s.View != nil, has.view},
		{"resource", len(s.Resource) > 0, has.resource},
		{"foreignKeys", len(s.ForeignKeys) > 0, has.foreignKeys},
	} {
		switch {
		case f.present && f.allowed == never:
			v.check(at+"."+f.name, fmt.Errorf("does not belong to a step of kind %q", s.Kind))
		case !f.present && f.allowed == always:
			v.check(at+"."+f.name, fmt.Errorf("is missing in a step of kind %q", s.Kind))
		}
	}
	v.names(at, s)
	v.writes(at, s)
}

const idCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

// presence says whether a kind of step has a field.
type presence int

const (
	never presence = iota
	maybe
	always
)

type fields struct {
	dataset, location, private, source, destination, latest, view, resource, foreignKeys presence
}

func fieldsOf(k Kind) (fields, bool) {
	switch k {
	case CreateDataset:
		return fields{dataset: always, location: always, private: maybe}, true
	case CloneTable, SnapshotOf:
		return fields{source: always, destination: always, latest: maybe}, true
	case RestoreSnapshot, UndeleteTable:
		return fields{source: always, destination: always}, true
	case CreateExternal, CreateRoutine:
		return fields{source: always, destination: always, resource: always}, true
	case SetForeignKeys:
		return fields{destination: always, foreignKeys: maybe}, true
	case CreateView, CreateMaterializedView:
		return fields{source: always, destination: always, view: always}, true
	case AuthorizeView:
		return fields{dataset: always, destination: always}, true
	default:
		return fields{}, false
	}
}

func (v *planJudge) names(at string, s Step) {
	if s.Dataset != (DatasetRef{}) {
		v.check(at+".dataset", s.Dataset.Validate())
	}
	if s.Source != (TableRef{}) {
		v.check(at+".source", s.Source.Validate())
	}
	if s.Destination != (TableRef{}) {
		v.check(at+".destination", s.Destination.Validate())
	}
	if len(s.Resource) > 0 && !json.Valid(s.Resource) {
		v.check(at+".resource", errors.New("is no JSON"))
	}
}

// writes judges what the step writes: the datasets of the plan, and in them only what
// an earlier step made, or what no other step makes.
func (v *planJudge) writes(at string, s Step) {
	if s.Kind == CreateDataset {
		v.targets[s.Dataset] = true
		return
	}
	if target := s.Target(); !v.targets[target] {
		v.check(at, fmt.Errorf("writes %s, which is no destination of the plan", target))
	}
	if v.sources[fold(s.Target())] {
		v.check(at, fmt.Errorf("writes %s, which the plan reads", s.Target()))
	}
	maker, made := v.destinations[s.Destination]
	switch s.Kind {
	case SetForeignKeys, AuthorizeView:
		if !made {
			v.check(at+".destination", errors.New("is made by no step before it"))
		}
	default:
		if made {
			v.check(at+".destination", fmt.Errorf("is made by the step %s too", maker))
		}
		v.destinations[s.Destination] = s.ID
	}
}

// fold is one text for names that may be those of one dataset: where the dataset is
// case-insensitive they are.
func fold(d DatasetRef) string { return strings.ToLower(d.String()) }
