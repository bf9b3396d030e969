// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// A Position is a place in a file. Line and Column count from 1; the column
// counts characters.
type Position struct {
	File         string
	Line, Column int
}

// String gives "file:12:3", a form that terminals and editors link.
func (p Position) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// locate returns the position of a field in d, or of the nearest ancestor that
// the text has.
func (d *document) locate(field string) Position {
	var root yaml.Node
	if yaml.Unmarshal(d.yaml(), &root) != nil || len(root.Content) == 0 {
		return Position{d.file, d.line, d.column}
	}
	node := descend(root.Content[0], field)
	out := Position{d.file, d.line + node.Line - 1, node.Column}
	if node.Line == 1 {
		out.Column += d.column - 1
	}
	return out
}

// descend follows a field path through a tree as far as it goes. The result is
// the key of the last member found, since that is where a reader looks.
func descend(value *yaml.Node, path string) *yaml.Node {
	at := value
	for path != "" {
		value = target(value)
		var key, next *yaml.Node
		var rest string
		switch value.Kind {
		case yaml.MappingNode:
			key, next, rest = member(value, path)
		case yaml.SequenceNode:
			next, rest = item(value, path)
			key = next
		}
		if next == nil {
			return at
		}
		at, value, path = key, next, rest
	}
	return at
}

// member finds the member of a mapping that a path begins with. Where a key
// stands twice it is the last, which counts; keys that are merged in come after
// the mapping's own.
func member(mapping *yaml.Node, path string) (key, value *yaml.Node, rest string) {
	index, after, bracketed := nextIndex(path)
	if len(after) > 0 && after[0] == '.' {
		after = after[1:]
	}
	longest := -1
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		k := mapping.Content[i]
		left, ok := matchesName(path, k.Value)
		if bracketed {
			left, ok = after, k.Value == index
		}
		if ok && len(k.Value) >= longest {
			longest, key, value, rest = len(k.Value), k, mapping.Content[i+1], left
		}
	}
	return key, value, rest
}

// item finds the item of a sequence that a path begins with.
func item(sequence *yaml.Node, path string) (value *yaml.Node, rest string) {
	index, rest, ok := nextIndex(path)
	i, err := strconv.Atoi(index)
	if !ok || err != nil || i < 0 || i >= len(sequence.Content) {
		return nil, ""
	}
	if len(rest) > 0 && rest[0] == '.' {
		rest = rest[1:]
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
