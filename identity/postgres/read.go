// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/internal/strict"
)

// ReadSnapshot reads a snapshot that [Snapshot.Write] wrote, of at most 64 MiB. The name
// stands in errors, which are [*identity.DocumentError] and name the place: a key that
// nobody knows or that is there twice, a list that is not there, a role or a database
// that something refers to and that is not listed.
func ReadSnapshot(name string, r io.Reader) (*Snapshot, error) {
	fail := func(place string, err error) (*Snapshot, error) {
		return nil, &identity.DocumentError{Document: name, Place: place, Err: err}
	}
	var s Snapshot
	err := strict.Decode(r, &s)
	if s.Kind != SnapshotKind && (err == nil || s.Kind != "") { // first: all else of another kind is wrong too
		return fail("kind", fmt.Errorf("want %q: no snapshot of PostgreSQL, or one of another version", SnapshotKind))
	}
	if wrong, ok := errors.AsType[*strict.Error](err); ok {
		return fail(wrong.Place, wrong.Err)
	}
	if place, err := s.check(); err != nil {
		return fail(place, err)
	}
	return &s, nil
}

// Write writes the snapshot as JSON, for [ReadSnapshot]. Equal snapshots give equal
// bytes, whatever the order of their lists.
func (s *Snapshot) Write(w io.Writer) error {
	sorted, err := s.sorted()
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(sorted)
}

// sorted returns a copy with its lists in order, and none of them nil.
func (s *Snapshot) sorted() (*Snapshot, error) {
	text, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	var out Snapshot
	if err := json.Unmarshal(text, &out); err != nil {
		return nil, err
	}
	out.Roles = byKey(out.Roles, func(r Role) string { return r.Name })
	out.Memberships = byKey(out.Memberships, func(m Membership) string { return key(m.Role, m.Member, m.Grantor) })
	out.Settings = byKey(out.Settings, func(s Setting) string { return key(s.Role, s.Database, s.Name) })
	out.Databases = byKey(out.Databases, func(d Database) string { return d.Name })
	out.Parameters = byKey(out.Parameters, func(p Parameter) string { return p.Name })
	for i := range out.Parameters {
		out.Parameters[i].Grants = sortedGrants(out.Parameters[i].Grants)
	}
	for i := range out.Databases {
		d := &out.Databases[i]
		d.Grants = sortedGrants(d.Grants)
		if d.Contents != nil {
			d.Contents.sort()
		}
	}
	return &out, nil
}

func (c *Contents) sort() {
	c.Schemas = byKey(c.Schemas, func(s Schema) string { return s.Name })
	c.Relations = byKey(c.Relations, func(r Relation) string { return key(r.Schema, r.Name) })
	c.Functions = byKey(c.Functions, func(f Function) string { return f.quoted() })
	c.LargeObjects = byKey(c.LargeObjects, func(l LargeObjects) string {
		return fmt.Sprintf("%s%20d", key(l.Owner), slices.Min(append(l.OIDs, 1<<40)))
	})
	c.DefaultPrivileges = byKey(c.DefaultPrivileges, func(d DefaultPrivilege) string { return key(d.Role, d.Schema, d.Objects) })
	c.ForeignServers = byKey(c.ForeignServers, func(s ForeignServer) string { return s.Name })
	c.EventTriggers = byKey(c.EventTriggers, func(e EventTrigger) string { return e.Name })
	for i := range c.Schemas {
		c.Schemas[i].Grants = sortedGrants(c.Schemas[i].Grants)
	}
	for i := range c.Relations {
		r := &c.Relations[i]
		r.Grants = sortedGrants(r.Grants)
		r.Columns = byKey(r.Columns, func(c Column) string { return c.Name })
		r.Reads = byKey(r.Reads, Name.quoted)
		r.Parts = byKey(r.Parts, Name.quoted)
		r.Triggers = byKey(r.Triggers, Signature.quoted)
		for j := range r.Columns {
			r.Columns[j].Grants = sortedGrants(r.Columns[j].Grants)
		}
	}
	for i := range c.Functions {
		c.Functions[i].Grants = sortedGrants(c.Functions[i].Grants)
	}
	for i := range c.LargeObjects {
		l := &c.LargeObjects[i]
		l.Grants = sortedGrants(l.Grants)
		l.OIDs = append([]int64{}, l.OIDs...)
		slices.Sort(l.OIDs)
	}
	for i := range c.DefaultPrivileges {
		c.DefaultPrivileges[i].Grants = sortedGrants(c.DefaultPrivileges[i].Grants)
	}
	for i := range c.ForeignServers {
		s := &c.ForeignServers[i]
		s.Grants = sortedGrants(s.Grants)
		s.Mappings = byKey(s.Mappings, func(m UserMapping) string { return m.Role })
	}
}

func sortedGrants(grants []Grant) []Grant {
	grants = byKey(grants, func(g Grant) string { return key(g.Grantee, g.Grantor) })
	for i := range grants {
		grants[i].Privileges = append([]string{}, grants[i].Privileges...)
		slices.Sort(grants[i].Privileges)
		slices.Sort(grants[i].Grantable)
	}
	return grants
}
