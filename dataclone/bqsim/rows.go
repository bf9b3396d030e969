// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// each calls visit with every row of a version, in order, from one on, until it
// returns false.
func (v version) each(start int64, visit func(row) bool) {
	for _, c := range v.chunks {
		if n := int64(len(c.rows)); start >= n {
			start -= n
			continue
		}
		for _, r := range c.rows[start:] {
			if !visit(r) {
				return
			}
		}
		start = 0
	}
}

// live is the table with the rows that are not yet in storage.
func (t *table) live() version {
	v := t.now()
	if len(t.buffer) > 0 {
		v.chunks = append(slices.Clip(v.chunks), &chunk{rows: t.buffer})
	}
	return v
}

func newChunk(schema resource, rows []row) *chunk {
	var b bytes.Buffer
	var size int64
	for _, r := range rows {
		b.Reset()
		rowJSON(&b, schema, r)
		size += int64(b.Len())
	}
	return &chunk{rows: rows, bytes: size}
}

// Load adds rows to a table as a load job does: they are in storage at once.
// What tabledata.insertAll adds lies in the streaming buffer until Flush.
func (s *Server) Load(t TableRef, rows ...map[string]any) error {
	data, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("load %s: %w", t, err)
	}
	var read []object
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&read); err != nil {
		return fmt.Errorf("load %s: %w", t, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	table, _, err := s.table(t)
	if err != nil {
		return err
	}
	if table.kind != kindTable {
		return invalid("Cannot load into table %s of type %s", t.colon(), table.kind)
	}
	v := table.now()
	out := make([]row, len(read))
	for i, o := range read {
		if out[i], err = canonicalRow(v.schema, o, false); err != nil {
			return fmt.Errorf("load %s: row %d: %w", t, i, err)
		}
	}
	table.push(s, version{at: s.now, schema: v.schema, chunks: append(slices.Clip(v.chunks), newChunk(v.schema, out))})
	return nil
}

// Flush moves the rows of a table's streaming buffer to storage, as the service
// does some time after they came.
func (s *Server) Flush(t TableRef) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	table, _, err := s.table(t)
	if err != nil {
		return err
	}
	if len(table.buffer) == 0 {
		return nil
	}
	v := table.now()
	chunks := append(slices.Clip(v.chunks), newChunk(v.schema, table.buffer))
	table.push(s, version{at: s.now, schema: v.schema, chunks: chunks})
	table.buffer, table.bufferBytes, table.bufferIDs = nil, 0, nil
	return nil
}

func (s *Server) insertRows(r *request) (object, error) {
	s.log.write(r.method, r.table().String())
	t, _, err := s.table(r.table())
	if err != nil {
		return nil, err
	}
	if err := s.need(r.principal, t.ref.path(), "tables.updateData"); err != nil {
		return nil, err
	}
	if t.kind != kindTable {
		return nil, invalid("Cannot add rows to table %s of type %s", t.ref.colon(), t.kind)
	}
	if r.body.str("templateSuffix") != "" {
		return nil, unsimulated("tabledata.insertAll with templateSuffix")
	}
	schema := t.now().schema
	ids := maps.Clone(t.bufferIDs)
	if ids == nil {
		ids = make(map[string]bool)
	}
	var good []row
	var bad []any
	for i, item := range r.body.list("rows") {
		entry, _ := item.(object)
		values, _ := entry["json"].(object)
		parsed, err := canonicalRow(schema, values, r.body.bool("ignoreUnknownValues"))
		if err != nil {
			bad = append(bad, object{"index": i, "errors": []any{object{"reason": "invalid", "message": err.Error()}}})
			continue
		}
		if id := resource(entry).str("insertId"); id != "" {
			if ids[id] {
				continue // the service drops a row that it saw under the same ID
			}
			ids[id] = true
		}
		good = append(good, parsed)
	}
	answer := object{"kind": "bigquery#tableDataInsertAllResponse"}
	if len(bad) > 0 {
		answer["insertErrors"] = bad
		if !r.body.bool("skipInvalidRows") {
			return answer, nil
		}
	}
	if len(good) == 0 {
		return answer, nil
	}
	if len(t.buffer) == 0 {
		t.bufferSince = s.now
	}
	t.buffer = append(slices.Clip(t.buffer), good...)
	t.bufferBytes, t.bufferIDs = newChunk(schema, t.buffer).bytes, ids
	return answer, nil
}

const maxRows = 10_000 // of a page

func (s *Server) listRows(r *request) (object, error) {
	t, _, err := s.table(r.table())
	if err != nil {
		return nil, err
	}
	if err := s.need(r.principal, t.ref.path(), "tables.get", "tables.getData"); err != nil {
		return nil, err
	}
	if t.kind != kindTable && t.kind != kindSnapshot {
		return nil, invalid("Cannot list a table of type %s.", t.kind)
	}
	if r.query.Get("selectedFields") != "" {
		return nil, unsimulated("tabledata.list with selectedFields")
	}
	v := t.live()
	total, _ := v.size()
	answer := object{"kind": "bigquery#tableDataList", "etag": t.etag, "totalRows": int64Text(total)}
	return answer, rowPage(r, v, total, answer)
}

// rowPage puts a page of rows into an answer.
func rowPage(r *request, v version, total int64, answer object) error {
	start, size := int64(0), int64(maxRows)
	for key, at := range map[string]*int64{"startIndex": &start, "pageToken": &start, "maxResults": &size} {
		text := r.query.Get(key)
		if text == "" || key == "startIndex" && r.query.Get("pageToken") != "" {
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 {
			return invalid("Invalid value for %s: %q", key, text)
		}
		*at = min(n, total+maxRows)
	}
	size = min(size, maxRows)
	var out []any
	if size > 0 {
		micros := r.query.Get("formatOptions.useInt64Timestamp") == "true"
		v.each(start, func(values row) bool {
			out = append(out, object{"f": wire(v.schema, values, micros)})
			return int64(len(out)) < size
		})
	}
	if len(out) > 0 {
		answer["rows"] = out
	}
	if next := start + int64(len(out)); size > 0 && next < total {
		answer["pageToken"] = int64Text(next)
	}
	return nil
}

// wire is a row as the API writes it: cells in the order of the schema.
func wire(schema resource, values row, micros bool) []any {
	var cells []any
	for _, f := range fields(schema) {
		cells = append(cells, object{"v": wireValue(f, values[strings.ToLower(f.str("name"))], micros)})
	}
	return cells
}

func wireValue(f resource, value any, micros bool) any {
	switch v := value.(type) {
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = object{"v": wireValue(f, item, micros)}
		}
		return out
	case row:
		return object{"f": wire(f, v, micros)}
	case string:
		if n, err := strconv.ParseInt(v, 10, 64); err == nil && fieldType(f) == "TIMESTAMP" && !micros {
			return strconv.FormatFloat(float64(n)/1e6, 'E', -1, 64)
		}
		return v
	case nil:
		if f.str("mode") == "REPEATED" {
			return []any{}
		}
	}
	return value
}
