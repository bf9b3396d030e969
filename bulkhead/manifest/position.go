// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"fmt"
	"strconv"

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
	json []byte     // the text, if it is JSON
	root *yaml.Node // of other text; nil if it has no tree
}

// parse builds the tree of a document. It costs as much as reading the document,
// so it is done only for documents that somebody asks about.
func (d *document) parse() *tree {
	t := &tree{doc: d}
	if d.isJSON() {
		t.json = d.text
		return t
	}
	var root yaml.Node
	if len(d.text) <= MaxDocument && yaml.Unmarshal(d.yaml(), &root) == nil && len(root.Content) > 0 {
		t.root = root.Content[0]
	}
	return t
}

// locate returns the position of a field or, if the text does not have it, of the
// nearest field around it.
func (t *tree) locate(field string) Position {
	at := place{t.doc.line, t.doc.column}
	switch {
	case t.json != nil:
		start := skipSpace(t.json, 0)
		at = at.after(t.json[:start+locateJSON(t.json[start:], field)])
	case t.root != nil:
		node, _ := descend(t.root, field)
		at = at.at(node)
	case t.doc.isItem():
		at.column = t.doc.dash
	default:
		at = at.after(t.doc.text[:skipSpace(t.doc.text, 0)])
	}
	return Position{t.doc.file, at.line, at.column}
}

// at returns the place of a node in text that begins at p.
func (p place) at(node *yaml.Node) place {
	if node.Line > 1 {
		return place{p.line + node.Line - 1, node.Column}
	}
	return place{p.line, p.column + node.Column - 1}
}

// descend follows a field path as far as it goes. It returns the key of the last
// member found, since that is where a reader looks, and its value.
func descend(root *yaml.Node, path string) (key, value *yaml.Node) {
	key, value = root, root
	for path != "" {
		var nextKey, next *yaml.Node
		switch in := target(value); in.Kind {
		case yaml.MappingNode:
			nextKey, next, path = mappingMember(in, path)
		case yaml.SequenceNode:
			next, path = sequenceItem(in, path)
			nextKey = next
		default: // a scalar has no fields
		}
		if next == nil {
			break
		}
		key, value = nextKey, next
	}
	return key, value
}

// mappingMember finds the member of a mapping that a path begins with: the
// longest key that fits and, where it stands twice, the last, which counts. Keys
// of mappings that are merged in ("<<") give way to the mapping's own.
func mappingMember(mapping *yaml.Node, path string) (key, value *yaml.Node, rest string) {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		k := mapping.Content[i]
		if left, ok := nextName(path, k.Value); ok && (key == nil || len(k.Value) >= len(key.Value)) {
			key, value, rest = k, mapping.Content[i+1], left
		}
	}
	for i := 0; i+1 < len(mapping.Content) && key == nil; i += 2 {
		if mapping.Content[i].Tag != "!!merge" {
			continue
		}
		merged := []*yaml.Node{target(mapping.Content[i+1])}
		if merged[0].Kind == yaml.SequenceNode {
			merged = merged[0].Content
		}
		for j := 0; j < len(merged) && key == nil; j++ {
			key, value, rest = mappingMember(target(merged[j]), path)
		}
	}
	return key, value, rest
}

// sequenceItem finds the item of a sequence that a path begins with.
func sequenceItem(sequence *yaml.Node, path string) (value *yaml.Node, rest string) {
	index, rest, ok := nextIndex(path)
	i, err := strconv.Atoi(index)
	if !ok || err != nil || i < 0 || i >= len(sequence.Content) {
		return nil, ""
	}
	return sequence.Content[i], rest
}

// target follows an alias to what it stands for.
func target(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}
