// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// The operations of a copy job, as the API names them.
const (
	opCopy     = "COPY"
	opClone    = "CLONE"
	opSnapshot = "SNAPSHOT"
	opRestore  = "RESTORE"
)

const (
	maxDepth        = 3     // of a chain of clones and snapshots
	maxOffspring    = 1_000 // clones and snapshots of one table
	maxSnapshotsDay = 50    // of one table; all page "Quotas and limits"
)

// A transfer makes a table of another one: what a copy job and CREATE ... CLONE do.
type transfer struct {
	op          string
	source      TableRef
	at          *int64 // milliseconds; nil is when the job began
	destination TableRef
	disposition string // WRITE_EMPTY, WRITE_TRUNCATE or WRITE_APPEND
	statement   bool   // DDL: never replaces an empty table, never leaves its location
	extra       object // fields that the statement's options or the job set
	principal   string
	began       time.Time
}

// run does the transfer and returns how many rows the new table shows.
func (s *Server) run(tr transfer) (rows int64, err error) {
	from, err := s.dataset(tr.source.dataset())
	if err != nil {
		return 0, err
	}
	to, err := s.dataset(tr.destination.dataset())
	if err != nil {
		return 0, err
	}
	if err := s.permit(tr); err != nil {
		return 0, err
	}
	if s.organization(tr.source.Project) != s.organization(tr.destination.Project) {
		return 0, invalid("Cannot %s table %s into another organization", tr.op, tr.source.colon())
	}
	source, err := from.find(tr, s.now)
	if err != nil {
		return 0, err
	}
	if err := s.cloneable(from, source, tr); err != nil {
		return 0, err
	}
	v, err := s.read(from, source, tr)
	if err != nil {
		return 0, err
	}
	existing, err := to.target(tr)
	if err != nil {
		return 0, err
	}
	full, flagged := tr.op == opCopy || tr.op == opRestore, false
	if !strings.EqualFold(from.location(), to.location()) && !full {
		if tr.statement {
			return 0, notFound("Dataset %s was not found in location %s", from.ref.colon(), to.location())
		}
		full, flagged = true, true // page "Create table clones": a full table is copied
	}
	if !full {
		if err := s.chain(source, tr); err != nil {
			return 0, err
		}
	}
	rows, _ = v.size()
	if full {
		v.chunks = copyChunks(v.chunks)
	}
	if existing != nil && tr.disposition != "WRITE_EMPTY" {
		return rows, s.overwrite(existing, v, tr)
	}
	if existing == nil {
		if err := s.vacant(to, tr.destination); err != nil {
			return 0, err
		}
	} else {
		to.remove(existing, s.now)
	}
	to.add(s.offspring(source, to, v, tr, full))
	if flagged {
		s.full = append(s.full, tr.destination)
	}
	return rows, nil
}

// offspring makes the new table.
func (s *Server) offspring(source *table, to *dataset, v version, tr transfer, full bool) *table {
	meta := resource(maps.Clone(object(source.meta)))
	delete(meta, "expirationTime")
	if !source.deleted.IsZero() || tr.op == opSnapshot {
		// Restoring a deleted table loses its partitioning (page "Restore deleted
		// tables"); a snapshot takes the expiration of partitions from its dataset
		// (page "Introduction to table snapshots").
		meta = withoutPartitionExpiration(meta)
		if !source.deleted.IsZero() {
			delete(meta, "timePartitioning")
			delete(meta, "rangePartitioning")
		}
	}
	meta = merge(object(meta), tr.extra)
	t := &table{ref: tr.destination, kind: kindTable, meta: meta, created: s.now}
	if tr.op == opSnapshot {
		t.kind = kindSnapshot
	}
	t.push(s, version{at: s.now, schema: v.schema, chunks: v.chunks})
	t.defaultExpirations(s, to)
	t.setExpiry(s)
	s.copyPolicies(source, t)
	if !full {
		t.base, t.baseRef, t.depth, t.asOf = source, source.ref, source.depth+1, tr.began
		if tr.at != nil {
			t.asOf = time.UnixMilli(*tr.at).UTC()
		}
	}
	if tr.op == opSnapshot {
		if source.snapshots == nil {
			source.snapshots = make(map[string]int)
		}
		source.snapshots[s.now.Format(time.DateOnly)]++
	}
	return t
}

func withoutPartitionExpiration(meta resource) resource {
	if meta["timePartitioning"] == nil {
		return meta
	}
	return merge(object(meta), object{"timePartitioning": object{"expirationMs": nil}})
}

// overwrite puts rows into a table that is there, for a plain copy.
func (s *Server) overwrite(t *table, v version, tr transfer) error {
	if t.kind != kindTable {
		return invalid("Cannot write to table %s of type %s", t.ref.colon(), t.kind)
	}
	if tr.disposition == "WRITE_APPEND" {
		old := t.now()
		if err := extends(v.schema, old.schema, t.ref.colon()); err != nil {
			return err
		}
		v = version{schema: old.schema, chunks: append(slices.Clone(old.chunks), v.chunks...)}
	}
	v.at = s.now
	t.push(s, v)
	return nil
}

// copyChunks stores rows again.
func copyChunks(chunks []*chunk) []*chunk {
	out := make([]*chunk, len(chunks))
	for i, c := range chunks {
		again := *c
		out[i] = &again
	}
	return out
}

// find returns the source. Only a copy that names a time finds a deleted table.
func (d *dataset) find(tr transfer, now time.Time) (*table, error) {
	k := d.key(tr.source.Table)
	if t := d.tables[k]; t != nil {
		return t, nil
	}
	if tr.op == opCopy && tr.at != nil {
		when := time.UnixMilli(*tr.at).UTC()
		for _, t := range slices.Backward(d.gone[k]) {
			if !t.created.After(when) && when.Before(t.deleted) && t.deletedUntil.After(now) {
				return t, nil
			}
		}
	}
	return nil, notFound("Table %s was not found in location %s", tr.source.colon(), d.location())
}

// target returns the table that lies at the destination, if the transfer may
// write over it.
func (d *dataset) target(tr transfer) (*table, error) {
	t := d.tables[d.key(tr.destination.Table)]
	if t == nil {
		return nil, nil
	}
	if tr.disposition != "WRITE_EMPTY" {
		return t, nil
	}
	rows, _ := t.live().size()
	if tr.statement || t.kind != kindTable || rows > 0 {
		return nil, duplicate("Table %s", t.ref.colon())
	}
	return t, nil // "WRITE_EMPTY: if the table contains data, an error is returned" (REST reference of Job)
}

// chain holds a new clone or snapshot against the limits of its base.
func (s *Server) chain(source *table, tr transfer) error {
	switch {
	case source.depth >= maxDepth:
		return invalid("Table %s is at depth %d of a chain of clones and snapshots, the most there may be", source.ref.colon(), source.depth)
	case source.offspring >= maxOffspring:
		return quotaExceeded("table %s has %d clones and snapshots, the most there may be", source.ref.colon(), source.offspring)
	case tr.op == opSnapshot && source.snapshots[s.now.Format(time.DateOnly)] >= maxSnapshotsDay:
		return quotaExceeded("%d snapshots of table %s a day, the most there may be", maxSnapshotsDay, source.ref.colon())
	}
	return nil
}

func (s *Server) organization(project string) string { return s.options.Organizations[project] }
