// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"bytes"
	"slices"
	"strings"
)

// expand returns the documents of d: the items of a List, the values of a run of
// JSON, and otherwise d alone. Items are cut out of the text, so that a List of
// a whole cluster is read in parallel and one broken item costs only itself.
func expand(d document) []document {
	if d.isJSON() {
		var out []document
		for _, value := range jsonValues(d) {
			out = append(out, expandList(value, jsonItems)...)
		}
		return out
	}
	return expandList(d, blockItems)
}

// expandList cuts d into items, if it is a List of that form.
func expandList(d document, cut func(document) (items []document, rest []byte)) []document {
	items, rest := cut(d)
	if len(items) == 0 || len(rest) > MaxDocument {
		return []document{d}
	}
	frame := d
	frame.text = rest
	data, strict, err := frame.toJSON()
	if err != nil || len(strict) > 0 {
		return []document{d}
	}
	apiVersion, kind := typeOf(data)
	if !strings.HasSuffix(kind, "List") {
		return []document{d}
	}
	whole := &list{whole: d}
	for i := range items {
		items[i].list = whole
		items[i].inherit(apiVersion, kind)
	}
	return items
}

// inherit tells an item of a typed List what it is if it does not say itself, as
// kubectl does (k8s.io/apimachinery, unstructured.UnstructuredJSONScheme, v0.37).
func (d *document) inherit(apiVersion, listKind string) {
	if kind := strings.TrimSuffix(listKind, "List"); kind != "" {
		d.apiVersion, d.kind = apiVersion, kind
	}
}

// blockItems cuts the block sequence under a top-level "items:" into its
// entries, and returns what is left of the text.
func blockItems(d document) (items []document, rest []byte) {
	from := itemsOffset(d.text)
	if from < 0 {
		return nil, nil
	}
	indent := -1
	line := d.line + bytes.Count(d.text[:from], []byte{'\n'})
	start := -1 // of the item that is being read
	add := func(end int) {
		if start >= 0 {
			items[len(items)-1].text = d.text[start:end]
		}
	}
	offset := from
	for ; offset < len(d.text); line++ {
		raw := d.text[offset:]
		if i := bytes.IndexByte(raw, '\n'); i >= 0 {
			raw = raw[:i+1]
		}
		column := len(raw) - len(bytes.TrimLeft(raw, " "))
		switch {
		case isSpaceOrComment(raw):
		case isDash(raw[column:]) && (indent < 0 || column == indent):
			add(offset)
			indent, start = column, offset
			item := d
			item.line, item.column, item.dash = line, 1, column+1
			items = append(items, item)
		case column <= indent || indent < 0:
			add(offset)
			return items, slices.Concat(d.text[:from], d.text[offset:])
		}
		offset += len(raw)
	}
	add(offset)
	return items, d.text[:from:from]
}

// itemsOffset returns the offset of the line after a top-level "items:", or -1.
func itemsOffset(text []byte) int {
	for offset := 0; ; {
		i := bytes.Index(text[offset:], []byte("items:"))
		if i < 0 {
			return -1
		}
		at := offset + i
		offset = at + len("items:")
		end := bytes.IndexByte(text[offset:], '\n')
		if end < 0 {
			return -1
		}
		if (at == 0 || text[at-1] == '\n') && isSpaceOrComment(text[offset:offset+end]) {
			return offset + end + 1
		}
	}
}

// isDash reports whether a line begins an entry of a block sequence.
func isDash(line []byte) bool {
	return line[0] == '-' && (len(line) == 1 || bytes.IndexByte([]byte(" \t\r\n"), line[1]) >= 0)
}

// jsonValues cuts JSON objects that follow each other in one document. Text that
// is not of this form is returned whole; it may be YAML in flow style.
func jsonValues(d document) []document {
	var out []document
	at := place{line: d.line, column: d.column}
	offset := 0
	for {
		start := skipSpace(d.text, offset)
		if start == len(d.text) {
			return out
		}
		end := jsonEnd(d.text, start)
		if end < 0 || d.text[start] != '{' {
			return []document{d}
		}
		value := d
		at = at.after(d.text[offset:start])
		value.text, value.line, value.column = d.text[start:end], at.line, at.column
		out = append(out, value)
		at = at.after(d.text[start:end])
		offset = end
	}
}

// jsonItems cuts the array "items" of a JSON object into its elements, and
// returns the object with that array empty.
func jsonItems(d document) (items []document, rest []byte) {
	for key, span := range members(d.text) {
		if key != "items" {
			continue
		}
		array := d.text[span[0]:span[1]]
		at := place{line: d.line, column: d.column}.after(d.text[:span[0]])
		end := 0
		for element := range elements(array) {
			at = at.after(array[end:element[0]])
			item := d
			item.text, item.line, item.column = array[element[0]:element[1]], at.line, at.column
			items = append(items, item)
			at, end = at.after(item.text), element[1]
		}
		rest = slices.Concat(d.text[:span[0]], []byte("[]"), d.text[span[1]:])
	}
	return items, rest
}

// A place is a line and a column, both counted from 1.
type place struct{ line, column int }

// after returns the place behind text that begins at p.
func (p place) after(text []byte) place {
	if i := bytes.LastIndexByte(text, '\n'); i >= 0 {
		return place{p.line + bytes.Count(text, []byte{'\n'}), len(text) - i}
	}
	return place{p.line, p.column + len(text)}
}
