// SPDX-License-Identifier: Apache-2.0

package dataclone

import "slices"

// destinations judges what is there already under the names that steps make. It
// returns the steps that are left to do: what an earlier run of the same request has
// made is skipped.
func (j *judge) destinations(steps []Step) []Step {
	keys := make(map[bool]map[TableRef]bool) // what is made: routines, and tables
	for _, routine := range []bool{false, true} {
		keys[routine] = make(map[TableRef]bool, len(steps))
	}
	finish := make(map[TableRef]Step) // the foreign keys that clones get in the end
	snapshots := make(map[TableRef]bool)
	for _, s := range steps {
		if s.Kind == SetForeignKeys {
			finish[s.Destination] = s
		}
		if s.Kind == SnapshotOf {
			snapshots[s.Destination] = true
		}
	}
	done := make(map[TableRef]bool)
	out := make([]Step, 0, len(steps))
	for _, s := range steps {
		switch s.Kind {
		case CreateDataset, AuthorizeView:
		case SetForeignKeys:
			if snapshots[s.Destination] {
				j.fail(SnapshotImmutable, s.Destination.object(), "tableConstraints", "make a clone, or leave the keys", "a snapshot cannot be changed, and the plan would set its foreign keys")
			}
			if done[s.Destination] {
				continue
			}
		default:
			made, key := keys[s.Kind == CreateRoutine], j.key(s.Destination)
			if made[key] {
				j.fail(DestinationTwice, s.Destination.object(), "", "map the datasets to different ones", "is made by two steps of the plan")
			}
			made[key] = true
			last, has := finish[s.Destination]
			if j.there(s, last, has) {
				done[s.Destination] = true
				j.skip(s.Source, "its clone is there already, at the plan's time: "+brief(s.Destination))
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

// there judges what is there under the name of a step's destination, and reports
// whether it is what the step and the one that finishes it would make.
func (j *judge) there(s, finish Step, finished bool) bool {
	if s.Kind == CreateRoutine {
		j.routineThere(s)
		return false
	}
	t := j.table(s.Destination)
	if t == nil {
		return false
	}
	object := t.Ref.object()
	mark, marked := MarkOf(t.Labels)
	switch {
	case !marked:
		j.fail(DestinationExists, object, "labels", "drop it, or clone elsewhere", "is there, of type %s, and was not made by a plan", t.Type)
	case mark.Environment != j.plan.Environment:
		j.fail(NotOwned, object, "labels", "clone elsewhere", "is there, and of the environment %q", abridged(mark.Environment))
	case !s.copies():
		j.fail(Stale, object, "", "make a new generation, or drop it first", "is there, and nothing tells whether it is what the plan would make")
	case len(t.Bases) == 0 || t.Bases[0].Table != s.Source:
		j.fail(NotOwned, object, "cloneDefinition", "drop it, or clone elsewhere", "is there, and is no clone of %s", brief(s.Source))
	case !s.readsPast() || !t.Bases[0].Time.Equal(j.plan.AsOf) || (t.Type == SnapshotTable) != (s.Kind == SnapshotOf):
		j.fail(Stale, object, "cloneDefinition.cloneTime", "make a new generation, or drop it first",
			"is there, of type %s and of %s, where the plan's time is %s", t.Type, stamp(t.Bases[0].Time), stamp(j.plan.AsOf))
	case finished && !slices.EqualFunc(t.ForeignKeys, finish.ForeignKeys, equalKeys):
		j.fail(Stale, object, "tableConstraints", "run the plan again that made it, or drop it first", "is there, and its foreign keys are not yet those of the plan")
	default:
		return true
	}
	return false
}

func (j *judge) routineThere(s Step) {
	r := j.routine(s.Destination)
	if r == nil {
		return
	}
	object := s.Destination.object()
	object.Kind = "Routine"
	if mark, marked := MarkIn(r.Description); marked && mark.Environment == j.plan.Environment {
		j.fail(Stale, object, "", "make a new generation, or drop it first", "is there, and nothing tells whether it is what the plan would make")
		return
	}
	j.fail(DestinationExists, object, "description", "drop it, or clone elsewhere", "is there, and was not made for this environment")
}

func equalKeys(a, b ForeignKey) bool {
	return a.Name == b.Name && a.References == b.References &&
		slices.Equal(a.Columns, b.Columns) && slices.Equal(a.ReferencedColumns, b.ReferencedColumns)
}
