// SPDX-License-Identifier: Apache-2.0

package dataclone

import "time"

// knowledge finds what a catalog has by name.
type knowledge struct {
	now      time.Time
	datasets map[DatasetRef]*Dataset
	tables   map[TableRef]*Table
}

func newKnowledge(c Catalog) knowledge {
	k := knowledge{now: c.Now, datasets: map[DatasetRef]*Dataset{}, tables: map[TableRef]*Table{}}
	for i := range c.Datasets {
		d := &c.Datasets[i]
		k.datasets[d.Ref] = d
		for j := range d.Tables {
			k.tables[d.Tables[j].Ref] = &d.Tables[j]
		}
	}
	return k
}

// table returns what is known of a table, or nil.
func (k knowledge) table(t TableRef) *Table { return k.tables[t] }
