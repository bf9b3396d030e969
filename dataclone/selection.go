// SPDX-License-Identifier: Apache-2.0

package dataclone

// tables adds a step for each table that is selected and can be cloned.
func (d *draft) tables() {
	for _, m := range d.mappings {
		from := d.datasets[m.From]
		if from == nil {
			continue
		}
		for _, t := range from.Tables {
			if t.Type != StandardTable && t.Type != SnapshotTable {
				continue
			}
			s := Clone(t.Ref, m.To.Table(t.Ref.Table))
			if d.request.Select.Snapshots {
				s.Kind = SnapshotOf
			}
			d.steps = append(d.steps, s)
		}
	}
}
