// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"fmt"
	"slices"
)

// foreignKeys adds a step for each clone whose source has foreign keys. A clone gets
// the constraints of its source ("Use primary and foreign keys", Limitations), and they
// name production's tables: those to tables of which the plan makes tables are made to
// name these, and the others are dropped.
func (d *draft) foreignKeys() {
	clones := map[TableRef][]TableRef{}
	for _, s := range d.steps {
		if s.copies() && s.Kind != SnapshotOf {
			clones[s.Source] = append(clones[s.Source], s.Destination)
		}
	}
	var made []Step
	for _, s := range d.steps {
		t := d.table(s.Source)
		if !s.copies() || t == nil || len(t.ForeignKeys) == 0 {
			continue
		}
		kept := d.movedKeys(s, t, clones)
		if s.Kind != SnapshotOf {
			made = append(made, Step{Kind: SetForeignKeys, Stage: firstStage + 1, Destination: s.Destination, ForeignKeys: kept})
		}
	}
	d.steps = append(d.steps, made...)
}

// movedKeys returns the foreign keys that the clone of a table has in the end.
func (d *draft) movedKeys(s Step, t *Table, clones map[TableRef][]TableRef) []ForeignKey {
	var kept []ForeignKey
	for i, key := range t.ForeignKeys {
		field := fmt.Sprintf("tableConstraints.foreignKeys[%d]", i)
		to := clones[key.References]
		switch {
		case s.Kind == SnapshotOf:
			d.warn(ForeignKeyProd, t.Ref.object(), field, "make a clone in place of a snapshot",
				"names %s, and so will the snapshot %s, which nobody can change", key.References, s.Destination)
		case len(to) == 0:
			d.warn(ForeignKeyProd, t.Ref.object(), field, "clone the table too, to keep the key",
				"names %s, of which the plan makes no table, and is dropped from %s", key.References, s.Destination)
		default:
			moved := key
			moved.References = to[0]
			if i := slices.IndexFunc(to, func(u TableRef) bool { return u.In() == s.Destination.In() }); i >= 0 {
				moved.References = to[i]
			}
			kept = append(kept, moved)
		}
	}
	return kept
}
