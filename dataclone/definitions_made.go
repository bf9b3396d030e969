// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"slices"
	"strings"

	"github.com/watertight-go/watertight/dataclone/viewsql"
)

// A thing is what a name may stand for in a destination: tables and views have one
// space of names, routines another.
type thing struct {
	name    TableRef
	routine bool
}

// made finds what destinations have, once the plan has run.
type made struct {
	*draft
	steps       map[thing]*Step // those that came before the definitions
	definitions map[thing]int
	// tables are the names of what has data of its own, sorted, for wildcards.
	tables map[DatasetRef][]string
	// masked are the masking views among them.
	masked map[DatasetRef][]string
}

func (d *draft) whatIsMade(all []references) made {
	m := made{draft: d, steps: map[thing]*Step{}, definitions: map[thing]int{}, tables: map[DatasetRef][]string{}, masked: map[DatasetRef][]string{}}
	for i := range d.steps {
		s := &d.steps[i]
		if s.Kind == CreateView {
			m.masked[s.Destination.In()] = append(m.masked[s.Destination.In()], s.Destination.Table)
		} else if !s.copies() && s.Kind != CreateExternal {
			continue // it makes no table
		}
		m.steps[m.thing(s.Destination, false)] = s
		m.tables[s.Destination.In()] = append(m.tables[s.Destination.In()], s.Destination.Table)
	}
	for dataset := range m.tables {
		slices.Sort(m.tables[dataset])
		slices.Sort(m.masked[dataset])
	}
	for i, r := range all {
		s := r.definition.step
		m.definitions[m.thing(s.Destination, s.Kind == CreateRoutine)] = i
	}
	return m
}

// thing is the key of a name, as its dataset tells names apart.
func (m made) thing(name TableRef, routine bool) thing {
	return thing{m.key(name), routine}
}

// need notes what a definition needs for one of its references.
func (m made) need(i int, def *definition, ref viewsql.Reference) {
	if !ref.Mapped() {
		return
	}
	routine := false
	switch ref.Kind {
	case viewsql.Table:
	case viewsql.Routine:
		routine = true
	case viewsql.Model:
		m.missing(def, ref, "a model, which no plan clones")
		return
	default:
		return
	}
	name := TableRef{Project: ref.To.Project, Dataset: ref.To.Dataset, Table: ref.Name}
	if prefix, isWildcard := strings.CutSuffix(name.Table, "*"); isWildcard {
		m.wildcard(def, ref, name.In(), prefix)
		return
	}
	name.Table, _, _ = strings.Cut(name.Table, "$") // a partition
	name.Table, _, _ = strings.Cut(name.Table, "@")
	key := m.thing(name, routine)
	if j, ok := m.definitions[key]; ok {
		if i != j || def.step.Kind != CreateRoutine { // a procedure may call itself
			def.needs = append(def.needs, j)
		}
		return
	}
	if s := m.steps[key]; s != nil {
		def.base = max(def.base, s.Stage, firstStage)
		if s.Kind == CreateView {
			def.depth = max(def.depth, 1)
		}
		return
	}
	m.elsewhere(def, ref, name, routine)
}

// elsewhere judges a name that the plan does not make: it may be there already, or be
// of a dataset that nobody read.
func (m made) elsewhere(def *definition, ref viewsql.Reference, name TableRef, routine bool) {
	if !slices.ContainsFunc(m.mappings, func(n Mapping) bool { return n.To == name.In() }) && m.datasets[name.In()] == nil {
		return // of another plan; the run asks BigQuery before it makes the view
	}
	switch {
	case routine && m.routine(name) != nil:
		return
	case !routine && m.table(name) != nil:
		return
	case routine && m.unread(ref):
		def.refused = true
		m.fail(EvidenceMissing, def.object, def.field, "read the routines of the dataset",
			"line %d: names the routine %s, and the routines of its dataset were not read", ref.Line, abridged(ref.Text))
		return
	}
	m.missing(def, ref, "which the plan does not make")
}

// unread reports whether the routines of the dataset that a reference names are unknown.
func (m made) unread(ref viewsql.Reference) bool {
	from := m.datasets[DatasetRef{Project: ref.Project, Dataset: ref.Dataset}]
	return from != nil && from.Routines == nil
}

func (m made) missing(def *definition, ref viewsql.Reference, what string) {
	m.refuse(def, MissingDependency, "select what it names, or exclude it", "line %d: names %s, %s", ref.Line, abridged(ref.Text), what)
}

// wildcard judges a reference to all tables whose names begin alike. No wildcard covers
// a view ("Query multiple tables using a wildcard table", Limitations).
func (m made) wildcard(def *definition, ref viewsql.Reference, dataset DatasetRef, prefix string) {
	if _, found := withPrefix(m.tables[dataset], prefix); !found {
		m.missing(def, ref, "and the plan makes no table whose name begins so")
		return
	}
	def.base = max(def.base, firstStage)
	if masked, found := withPrefix(m.masked[dataset], prefix); found {
		m.refuse(def, MaskedWildcard, "exclude it", "line %d: names %s, and %s becomes a view, which no wildcard covers",
			ref.Line, abridged(ref.Text), dataset.Table(masked))
	}
}

// withPrefix returns the first of sorted names that begins with a prefix.
func withPrefix(names []string, prefix string) (string, bool) {
	i, _ := slices.BinarySearch(names, prefix)
	if i == len(names) || !strings.HasPrefix(names[i], prefix) {
		return "", false
	}
	return names[i], true
}
