// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"slices"
	"sort"
	"strings"
	"time"
)

// A chunk is rows that are stored once, however many tables show them. It never
// changes.
type chunk struct {
	rows  []row
	bytes int64
}

// A row holds canonical values by column, see cell.go. It never changes.
type row = object

// A version is what a table showed from a time on.
type version struct {
	at     time.Time
	schema resource
	chunks []*chunk
}

func (v version) size() (rows, bytes int64) {
	for _, c := range v.chunks {
		rows += int64(len(c.rows))
		bytes += c.bytes
	}
	return rows, bytes
}

// A table is anything that tables.get finds.
type table struct {
	ref      TableRef
	kind     string   // the API's type: TABLE, VIEW, SNAPSHOT and so on
	meta     resource // fields that callers may set, without the schema
	etag     string
	created  time.Time
	modified time.Time
	expires  time.Time // zero: never
	versions []version // ascending, never empty

	buffer      []row // streamed, not yet in storage
	bufferBytes int64
	bufferSince time.Time
	bufferIDs   map[string]bool

	base      *table // of a clone or a snapshot
	baseRef   TableRef
	asOf      time.Time // its time in the base
	depth     int       // links from here to a table that is neither
	offspring int       // clones and snapshots that live

	policies     map[string]*policy
	restricted   bool           // has or had row access policies
	fineGrained  bool           // fine-grained DML, and changed by it
	snapshots    map[string]int // snapshots taken, by day
	deleted      time.Time
	deletedUntil time.Time // the end of the window at deletion
}

func (t *table) now() version { return t.versions[len(t.versions)-1] }

// at returns the version that the table showed at a time, ok false if none.
func (t *table) at(when time.Time) (version, bool) {
	i := sort.Search(len(t.versions), func(i int) bool { return t.versions[i].at.After(when) })
	if i == 0 {
		return version{}, false
	}
	return t.versions[i-1], true
}

// A dataset is a dataset and what it holds.
type dataset struct {
	ref      DatasetRef
	meta     resource
	etag     string
	created  time.Time
	modified time.Time
	tables   map[string]*table
	names    []string            // sorted keys of tables
	gone     map[string][]*table // deleted tables, by key, oldest first
	routines map[string]*record
	models   map[string]*record
}

func (d *dataset) location() string { return d.meta.str("location") }

// window is how far back its tables can be read.
func (d *dataset) window() time.Duration {
	hours, ok := d.meta.int("maxTimeTravelHours")
	if !ok {
		hours = 168
	}
	return time.Duration(hours) * time.Hour
}

// key is how the dataset compares names of tables.
func (d *dataset) key(name string) string {
	if d.meta.bool("isCaseInsensitive") {
		return strings.ToLower(name)
	}
	return name
}

func (d *dataset) add(t *table) {
	k := d.key(t.ref.Table)
	d.tables[k] = t
	i, _ := slices.BinarySearch(d.names, k)
	d.names = slices.Insert(d.names, i, k)
	if t.base != nil {
		t.base.offspring++
	}
}

// remove deletes a table. What held rows can be read for the rest of the window.
func (d *dataset) remove(t *table, when time.Time) {
	k := d.key(t.ref.Table)
	delete(d.tables, k)
	if i, ok := slices.BinarySearch(d.names, k); ok {
		d.names = slices.Delete(d.names, i, i+1)
	}
	if t.base != nil {
		t.base.offspring--
	}
	t.deleted, t.deletedUntil = when, when.Add(d.window())
	d.gone[k] = slices.DeleteFunc(d.gone[k], func(old *table) bool { return !old.deletedUntil.After(when) })
	if t.kind == kindTable {
		d.gone[k] = append(d.gone[k], t)
	}
}

// The types of tables, as the API names them.
const (
	kindTable        = "TABLE"
	kindView         = "VIEW"
	kindMaterialized = "MATERIALIZED_VIEW"
	kindExternal     = "EXTERNAL"
	kindSnapshot     = "SNAPSHOT"
)

// dataset returns the dataset, or notFound.
func (s *Server) dataset(ref DatasetRef) (*dataset, error) {
	if d := s.datasets[ref]; d != nil {
		return d, nil
	}
	return nil, notFound("Dataset %s", ref.colon())
}

// table returns the table and its dataset, or notFound.
func (s *Server) table(ref TableRef) (*table, *dataset, error) {
	d, err := s.dataset(ref.dataset())
	if err != nil {
		return nil, nil, err
	}
	if strings.ContainsAny(ref.Table, "@$") {
		return nil, nil, unsimulated("table %q: a decorator outside of a copy job", ref.Table)
	}
	t := d.tables[d.key(ref.Table)]
	if t == nil {
		return nil, d, notFound("Table %s", ref.colon())
	}
	return t, d, nil
}

// sweep deletes the tables whose time has come. It looks at them only if there
// may be one.
func (s *Server) sweep() {
	now := s.now
	if s.nextExpiry.IsZero() || now.Before(s.nextExpiry) {
		return
	}
	s.nextExpiry = time.Time{}
	for _, d := range s.datasets {
		for _, name := range slices.Clone(d.names) {
			t := d.tables[name]
			if t.expires.IsZero() {
				continue
			}
			if t.expires.After(now) {
				s.expect(t.expires)
				continue
			}
			d.remove(t, t.expires)
		}
	}
}

// expect notes that something expires at a time.
func (s *Server) expect(when time.Time) {
	if !when.IsZero() && (s.nextExpiry.IsZero() || when.Before(s.nextExpiry)) {
		s.nextExpiry = when
	}
}

// StoredBytes returns the bytes that tables, their history and deleted tables
// that can still be read keep, each chunk counted once: a clone adds nothing.
// Rows count as the bytes of their JSON.
func (s *Server) StoredBytes() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	var sum int64
	seen := make(map[*chunk]bool)
	count := func(t *table, floor time.Time) {
		sum += t.bufferBytes
		for i, v := range t.versions {
			if i+1 < len(t.versions) && !t.versions[i+1].at.After(floor) {
				continue // no time that can be read shows it
			}
			for _, c := range v.chunks {
				if !seen[c] {
					seen[c] = true
					sum += c.bytes
				}
			}
		}
	}
	for _, d := range s.datasets {
		floor := s.now.Add(-d.window())
		for _, t := range d.tables {
			count(t, floor)
		}
		for _, gone := range d.gone {
			for _, t := range gone {
				if t.deletedUntil.After(s.now) {
					count(t, floor)
				}
			}
		}
	}
	return sum
}
