// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/watertight-go/watertight/bulkhead"
)

// knowledge finds what a catalog has by name. Its datasets are copies: what they hold
// is sorted by name, and a name that the catalog has twice is in none of them, so that
// nothing depends on the order of the catalog.
type knowledge struct {
	now      time.Time
	datasets map[DatasetRef]*Dataset
	tables   map[TableRef]*Table
	routines map[TableRef]*Routine
	// organizations are those of projects.
	organizations map[string]string
	// flaws are what is wrong with the catalog itself.
	flaws bulkhead.Findings
}

func newKnowledge(c Catalog) knowledge {
	k := knowledge{
		now:           c.Now,
		datasets:      make(map[DatasetRef]*Dataset, len(c.Datasets)),
		tables:        map[TableRef]*Table{},
		routines:      map[TableRef]*Routine{},
		organizations: map[string]string{},
	}
	count := make(map[DatasetRef]int, len(c.Datasets))
	for _, d := range c.Datasets {
		count[d.Ref]++
	}
	for i := range c.Datasets {
		d := c.Datasets[i]
		if count[d.Ref] > 1 {
			k.flaw(d.Ref.object(), "is in the catalog more than once, and counts as not read")
			continue
		}
		k.organization(d)
		key := func(t TableRef) TableRef { return keyIn(&d, t) }
		d.Tables = once(&k, &d, d.Tables, func(t *Table) TableRef { return t.Ref })
		for j := range d.Tables {
			k.tables[key(d.Tables[j].Ref)] = &d.Tables[j]
		}
		if d.Routines != nil {
			d.Routines = once(&k, &d, d.Routines, func(r *Routine) TableRef { return r.Ref })
		}
		for j := range d.Routines {
			k.routines[key(d.Routines[j].Ref)] = &d.Routines[j]
		}
		k.datasets[d.Ref] = &d
	}
	return k
}

// once returns a copy of what d holds, in order of names: without what is in there
// twice, and without what says that it is in another dataset.
func once[T any](k *knowledge, d *Dataset, all []T, name func(*T) TableRef) []T {
	order := make([]*T, 0, len(all))
	count := make(map[TableRef]int, len(all))
	for i := range all {
		t := name(&all[i])
		count[keyIn(d, t)]++
		order = append(order, &all[i])
	}
	slices.SortFunc(order, func(a, b *T) int { return name(a).Compare(name(b)) })
	out := make([]T, 0, len(all))
	for _, item := range order {
		t := name(item)
		switch {
		case t.In() != d.Ref:
			k.flaw(d.Ref.object(), "holds what is named %s, which is of another dataset", brief(t))
		case count[keyIn(d, t)] > 1:
			k.flaw(t.object(), "is in the catalog more than once, and is left out")
		default:
			out = append(out, *item)
		}
	}
	return out
}

func (k *knowledge) flaw(object bulkhead.Ref, format string, args ...any) {
	k.flaws = append(k.flaws, bulkhead.Finding{
		Rule: CatalogInconsistent, Object: object, Field: "", Message: fmt.Sprintf(format, args...),
		Fix: "read the catalog again",
	})
}

// organization learns that of a project. What two datasets of a project say
// differently is not known.
func (k *knowledge) organization(d Dataset) {
	if d.Organization == "" {
		return
	}
	known, ok := k.organizations[d.Ref.Project]
	if ok && known != d.Organization {
		k.flaw(bulkhead.Ref{Group: host, Kind: "Project", Name: d.Ref.Project}, "is in two organizations")
		k.organizations[d.Ref.Project] = ""
		return
	}
	k.organizations[d.Ref.Project] = d.Organization
}

// key is t as its dataset tells names apart.
func (k knowledge) key(t TableRef) TableRef { return keyIn(k.datasets[t.In()], t) }

func keyIn(d *Dataset, t TableRef) TableRef {
	if d != nil && d.CaseInsensitive {
		t.Table = strings.ToLower(t.Table)
	}
	return t
}

// table returns what is known of a table, or nil.
func (k knowledge) table(t TableRef) *Table { return k.tables[k.key(t)] }

// routine returns what is known of a routine, or nil.
func (k knowledge) routine(t TableRef) *Routine { return k.routines[k.key(t)] }

// brief is a name for a message, which may be no name but a megabyte of something.
func brief(t TableRef) string {
	return abridged(t.Project) + "." + abridged(t.Dataset) + "." + abridged(t.Table)
}
