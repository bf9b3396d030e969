// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// A resource is a resource with what is above it.
type resource struct {
	name string
	kind string
	ref  bulkhead.Ref

	listed bool // it has an entry
	read   bool // its policy is known
	top    bool
	holder bool // everything below it has an entry
	number uint64
	above  []*resource // as entries say
	up     []*resource // itself and everything above it
	// complete says that up ends in something that nothing is above of.
	complete bool
	// missing is what would tell all grants on it.
	missing []string
	// wrong are the places where a policy hides its conditions.
	wrong []string

	attached []*denial
	denied   []*denial // those that are attached to it or to what is above it
	targets  []*target // what a grant here may give access to

	bucket   *Bucket
	dataset  *Dataset
	instance *Instance
	cluster  *Cluster
}

// find returns the resource of a name, or nil.
func (m *model) find(name string) *resource { return m.resources[m.named(name)] }

// named returns the name of a resource in the form that the model knows it by: with the
// ID of its project, where entries tell which number that has.
func (m *model) named(name string) string {
	name = canonical(name)
	project := projectIn(name)
	id, ok := m.ids[projectName(project)]
	if project == "" || !ok {
		return name
	}
	return strings.Replace(name, "/projects/"+project, "/projects/"+projectIn(id), 1)
}

// resource returns the resource of a name, which may be known by nothing but it.
func (m *model) resource(name string) *resource {
	name = m.named(name)
	if r := m.resources[name]; r != nil {
		return r
	}
	r := &resource{name: name, kind: typeOf(name)}
	r.top = r.kind == organizationType
	m.resources[name] = r
	m.order = append(m.order, r)
	return r
}

// readResources takes over the entries of resources, and names projects by their IDs
// where entries tell their numbers.
func (m *model) readResources() {
	for _, entry := range m.Resources {
		if name := canonical(entry.Name); entry.Number != 0 && isByID(name) {
			m.ids[projectName(strconv.FormatUint(entry.Number, 10))] = name
		}
	}
	for i := range m.Resources {
		entry := &m.Resources[i]
		r := m.resource(entry.Name)
		r.listed = true
		if typeOf(r.name) == "" {
			r.kind = max(r.kind, entry.Type) // the same whatever comes first
		}
		r.top = r.top || entry.Top
		r.holder = r.holder || entry.Whole
		r.number = max(r.number, entry.Number)
		for _, name := range entry.Ancestors {
			if above := m.resource(name); above != r {
				r.above = append(r.above, above)
			}
		}
		m.readDetails(r, entry)
	}
	for i := 0; i < len(m.order); i++ { // grows by what is above
		r := m.order[i]
		if parent := parentOf(r.name); parent != "" {
			r.above = append(r.above, m.resource(parent))
		}
		r.ref = refOf(r.name, r.kind)
	}
}

// isByID reports whether a name is that of a project by its ID.
func isByID(name string) bool {
	project, ok := strings.CutPrefix(name, projectName(""))
	return ok && strings.Trim(project, "0123456789") != ""
}

func (m *model) readDetails(r *resource, entry *Resource) {
	if entry.Bucket != nil {
		r.bucket = entry.Bucket
	}
	if entry.Dataset != nil {
		r.dataset = entry.Dataset
	}
	if entry.Instance != nil {
		r.instance = entry.Instance
	}
	if entry.Cluster != nil {
		r.cluster = entry.Cluster
	}
}

// climb works out what is above a resource. Entries may lie, and lead in a circle.
func (m *model) climb(r *resource) {
	r.up = []*resource{r}
	seen := map[*resource]bool{r: true}
	for i := 0; i < len(r.up); i++ {
		r.complete = r.complete || r.up[i].top
		for _, above := range r.up[i].above {
			if !seen[above] {
				seen[above] = true
				r.up = append(r.up, above)
			}
		}
	}
	slices.SortStableFunc(r.up[1:], func(a, b *resource) int { return cmp.Or(rank(b.kind)-rank(a.kind), strings.Compare(a.name, b.name)) })
}

// note works out what is missing to know all grants on a resource.
func (m *model) note(r *resource) {
	for _, above := range r.up {
		r.missing = append(r.missing, above.wrong...)
		if !above.read && !above.isInside() && !withoutPolicy(above.kind) && len(above.wrong) == 0 {
			r.missing = append(r.missing, "the allow policy of "+above.name)
		}
		if above.kind == datasetType && above.dataset == nil {
			r.missing = append(r.missing, "the access list of "+above.name)
		}
	}
	if !r.complete {
		highest := slices.MinFunc(r.up, func(a, b *resource) int { return rank(a.kind) - rank(b.kind) })
		r.missing = append(r.missing, "what is above "+highest.name)
	}
	slices.Sort(r.missing)
	r.missing = slices.Compact(r.missing)
}

// isWhole reports whether everything below a resource has an entry.
func (r *resource) isWhole() bool {
	return slices.ContainsFunc(r.up, func(above *resource) bool { return above.holder })
}

// isInside reports whether a resource that has no policy of its own would have an entry
// if it had one.
func (r *resource) isInside() bool {
	return slices.ContainsFunc(r.up, func(above *resource) bool { return above != r && above.holder })
}

// rank orders types from the top.
func rank(kind string) int {
	switch kind {
	case organizationType:
		return 0
	case folderType:
		return 1
	case projectType:
		return 2
	default:
		return 3
	}
}

// isContainer reports whether what a resource holds has policies of its own.
func (r *resource) isContainer() bool {
	return rank(r.kind) < 3 || r.kind == datasetType || r.kind == bucketType
}

// isBelow reports whether a resource is another or below it.
func (r *resource) isBelow(other *resource) bool { return slices.Contains(r.up, other) }
