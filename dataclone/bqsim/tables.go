// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"time"
	"unicode"
	"unicode/utf8"
)

// validName says whether a table, routine or model may have the name: up to 1024
// bytes of the Unicode categories L, M, N, Pc, Pd and Zs (page "Create and use tables").
func validName(name string) bool {
	if name == "" || len(name) > 1024 || !utf8.ValidString(name) {
		return false
	}
	for _, r := range name {
		if !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.Pc, unicode.Pd, unicode.Zs) {
			return false
		}
	}
	return true
}

func (s *Server) insertTable(r *request) (object, error) {
	ref := TableRef{r.names[0], r.names[1], r.body.sub("tableReference").str("tableId")}
	s.log.write(r.method, ref.String())
	meta, err := settable(r.body, tableFields, tableOutput)
	if err != nil {
		return nil, err
	}
	d, err := s.dataset(ref.dataset())
	if err != nil {
		return nil, err
	}
	if err := s.need(r.principal, d.ref.path(), "tables.create"); err != nil {
		return nil, err
	}
	t, err := s.newTable(d, ref, meta)
	if err != nil {
		return nil, err
	}
	d.add(t)
	return t.json(s, ""), nil
}

// newTable makes a table of the fields that a caller may set. It is not yet in
// the dataset.
func (s *Server) newTable(d *dataset, ref TableRef, meta resource) (*table, error) {
	kind, err := s.checkTable(meta)
	if err != nil {
		return nil, err
	}
	if err := s.vacant(d, ref); err != nil {
		return nil, err
	}
	if err := s.checkView(kind, ref.Project, meta); err != nil {
		return nil, err
	}
	schema := meta.sub("schema")
	if schema == nil && (kind == kindView || kind == kindMaterialized) {
		schema = s.viewSchema(ref.Project, meta.query(kind))
	}
	t := &table{ref: ref, kind: kind, meta: meta, created: s.now}
	t.push(s, version{at: s.now, schema: schema})
	delete(meta, "schema")
	delete(meta, "tableReference")
	if kind == kindTable {
		t.defaultExpirations(s, d)
	}
	t.setExpiry(s)
	return t, nil
}

// vacant refuses a name that is taken or cannot be.
func (s *Server) vacant(d *dataset, ref TableRef) error {
	if !validName(ref.Table) {
		return invalid("Invalid table ID %q.", ref.Table)
	}
	if kind := d.kind(); kind != "DEFAULT" {
		return invalid("Dataset %s is of type %s and takes no tables", d.ref.colon(), kind)
	}
	if d.tables[d.key(ref.Table)] != nil {
		return duplicate("Table %s", ref.colon())
	}
	return nil
}

// checkTable checks the fields of a request and returns the type they make.
func (s *Server) checkTable(meta resource) (kind string, err error) {
	if err := labels(meta); err != nil {
		return "", err
	}
	err = objects(meta, "biglakeConfiguration", "clustering", "encryptionConfiguration", "externalDataConfiguration", "materializedView",
		"rangePartitioning", "schema", "tableConstraints", "tableReference", "tableReplicationInfo", "timePartitioning", "view")
	if err != nil {
		return "", err
	}
	if err := numbers(meta, "expirationTime"); err != nil {
		return "", err
	}
	if ms, ok := meta.int("expirationTime"); ok && ms != 0 && ms <= s.now.UnixMilli() {
		return "", invalid("Invalid expiration time %d: it must be in the future", ms)
	}
	if err := checkSchema(meta.sub("schema")); err != nil {
		return "", err
	}
	kind = kindTable
	for key, k := range map[string]string{
		"view": kindView, "materializedView": kindMaterialized, "externalDataConfiguration": kindExternal,
	} {
		if meta[key] == nil {
			continue
		}
		if kind != kindTable {
			return "", invalid("A table is either a view, a materialized view or external")
		}
		kind = k
	}
	return kind, nil
}

// defaultExpirations applies those of the dataset. A default for partitions
// takes the place of one for the table (page "Update dataset properties").
func (t *table) defaultExpirations(s *Server, d *dataset) {
	if partitioning := t.meta.sub("timePartitioning"); partitioning != nil {
		if ms, ok := d.meta.int("defaultPartitionExpirationMs"); ok && partitioning["expirationMs"] == nil {
			t.meta["timePartitioning"] = merge(object(partitioning), object{"expirationMs": int64Text(ms)})
			return
		}
	}
	if ms, ok := d.meta.int("defaultTableExpirationMs"); ok && t.meta["expirationTime"] == nil {
		t.meta["expirationTime"] = int64Text(addClamped(s.now.UnixMilli(), ms))
	}
}

// setExpiry reads when the table expires from its fields.
func (t *table) setExpiry(s *Server) {
	t.expires = time.Time{}
	if ms, ok := t.meta.int("expirationTime"); ok && ms != 0 {
		t.expires = time.UnixMilli(ms).UTC()
		s.expect(t.expires)
	}
}

// push puts a version on top, and lets go of those that no window reaches.
func (t *table) push(s *Server, v version) {
	t.versions = append(t.versions, v)
	floor := s.now.Add(-168 * time.Hour)
	for len(t.versions) > 1 && !t.versions[1].at.After(floor) {
		t.versions = t.versions[1:]
	}
	t.touch(s)
}

func (t *table) touch(s *Server) { t.etag, t.modified = s.etag(), s.now }

func (s *Server) getTable(r *request) (object, error) {
	t, d, err := s.table(r.table())
	if err != nil {
		return nil, err
	}
	if err := s.need(r.principal, t.ref.path(), "tables.get"); err != nil {
		return nil, err
	}
	if err := current(r, t.etag); err != nil {
		return nil, err
	}
	return t.json(s, d.location()), nil
}

func (s *Server) patchTable(r *request) (object, error) {
	s.log.write(r.method, r.table().String())
	t, d, err := s.table(r.table())
	if err != nil {
		return nil, err
	}
	patch, err := settable(r.body, tableFields, tableOutput)
	if err != nil {
		return nil, err
	}
	if err := s.need(r.principal, t.ref.path(), "tables.update"); err != nil {
		return nil, err
	}
	if err := current(r, t.etag); err != nil {
		return nil, err
	}
	if _, err := s.checkTable(patch); err != nil {
		return nil, err
	}
	before := merge(object(t.meta), nil)
	if schema := t.now().schema; schema != nil {
		before["schema"] = object(schema)
	}
	meta := resource(merge(before, object(patch)))
	if r.method == "tables.update" {
		meta = patch
		for _, fixed := range []string{"biglakeConfiguration", "tableReplicationInfo"} {
			if v, ok := t.meta[fixed]; ok {
				meta[fixed] = v
			}
		}
	}
	kind, err := s.checkTable(resource(merge(object(meta), object{"expirationTime": nil})))
	switch {
	case err != nil:
		return nil, err
	case kind != kindTable && kind != t.kind || kind == kindTable && t.kind != kindTable && t.kind != kindSnapshot:
		return nil, invalid("Cannot change table %s from %s to %s", t.ref.colon(), t.kind, kind)
	case t.kind == kindSnapshot && patch["schema"] != nil:
		return nil, invalid("Cannot change the schema of snapshot %s", t.ref.colon())
	case t.kind == kindMaterialized && meta.sub("materializedView").str("query") != t.meta.sub("materializedView").str("query"):
		return nil, invalid("Cannot change the query of materialized view %s", t.ref.colon())
	}
	if patch["view"] != nil {
		if err := s.checkView(kind, t.ref.Project, meta); err != nil {
			return nil, err
		}
	}
	if patch["schema"] != nil {
		if err := t.reschema(s, meta.sub("schema")); err != nil {
			return nil, err
		}
	}
	delete(meta, "schema")
	delete(meta, "tableReference")
	t.meta = meta
	t.setExpiry(s)
	t.touch(s)
	return t.json(s, d.location()), nil
}

func (s *Server) deleteTable(r *request) (object, error) {
	s.log.write(r.method, r.table().String())
	t, d, err := s.table(r.table())
	if err != nil {
		return nil, err
	}
	permission := "tables.delete"
	if t.kind == kindSnapshot {
		permission = "tables.deleteSnapshot"
	}
	if err := s.need(r.principal, t.ref.path(), permission); err != nil {
		return nil, err
	}
	if err := current(r, t.etag); err != nil {
		return nil, err
	}
	d.remove(t, s.now)
	return nil, nil
}

func (s *Server) listTables(r *request) (object, error) {
	d, err := s.dataset(r.dataset())
	if err != nil {
		return nil, err
	}
	if err := s.need(r.principal, d.ref.path(), "tables.list"); err != nil {
		return nil, err
	}
	part, next, err := page(r, d.names)
	if err != nil {
		return nil, err
	}
	var items []any
	for _, name := range part {
		items = append(items, d.tables[name].item())
	}
	answer := object{"kind": "bigquery#tableList", "etag": d.etag, "totalItems": len(d.names)}
	return listed(answer, "tables", items, next), nil
}
