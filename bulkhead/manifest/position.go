// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// A Position is a place in a file. Line and Column count from 1, in bytes for
// JSON and in characters for YAML.
type Position struct {
	File         string
	Line, Column int
}

// String gives "file:12:3", a form that terminals and editors link.
func (p Position) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// A tree knows where each field of a document stands.
type tree struct {
	doc  *document
	root *node // nil if the text has no tree
	size int   // nodes
}

// parse builds the tree of a document. It costs as much as reading the document,
// so it is done only for documents that somebody asks about.
func (d *document) parse() *tree {
	t := &tree{doc: d}
	start := place{d.line, d.column}
	if len(d.text) > MaxDocument {
		return t
	}
	if d.isJSON() {
		r := jsonReader{text: d.text, i: skipSpace(d.text, 0), at: start}
		t.root = &node{at: r.here()}
		r.read(t.root)
		t.size = r.size
		return t
	}
	var document yaml.Node
	if yaml.Unmarshal(d.yaml(), &document) == nil && len(document.Content) > 0 {
		r := yamlReader{start: start, breaks: unicodeBreaks(d.text), anchors: make(map[*yaml.Node]*node)}
		t.root = &node{at: r.place(document.Content[0])}
		r.read(t.root, document.Content[0])
		t.size = r.size
	}
	return t
}

// locate returns the position of a field or, if the text does not have it, of the
// nearest field around it, and whether the text has it.
func (t *tree) locate(field string) (at Position, exact bool) {
	p := place{t.doc.line, t.doc.column}
	switch {
	case t.root != nil:
		var found *node
		found, exact = t.root.find(field)
		p = found.at
	case t.doc.isItem():
		p.column = t.doc.dash
	default:
		p = p.after(t.doc.text[:skipSpace(t.doc.text, 0)])
	}
	return Position{t.doc.file, p.line, p.column}, exact
}

// lineOf returns the line of a field, or of the nearest field around it.
func (t *tree) lineOf(field string) int {
	at, _ := t.locate(field)
	return at.Line
}
