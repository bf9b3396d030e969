// SPDX-License-Identifier: Apache-2.0

package manifest

import "strconv"

// A node is one value of a document and where it stands. It takes a quarter of
// what a node of a parser takes.
type node struct {
	name     string // its key in a mapping, as JSON has it
	at       place  // of the key, since that is where a reader looks, or of the value
	kind     nodeKind
	merged   bool   // a mapping that is merged in ("<<"), or a sequence of such
	alias    *node  // what an alias stands for
	children []node // members or items
}

type nodeKind byte

const (
	scalar nodeKind = iota
	mapping
	sequence
)

// find follows a field path as far as it goes. It returns the last node found, and
// whether that is the end of the path.
func (n *node) find(path string) (last *node, exact bool) {
	last = n
	for path != "" {
		var next *node
		switch in := last.target(); in.kind {
		case mapping:
			next, path = in.member(path)
		case sequence:
			next, path = in.item(path)
		case scalar: // has no fields
		}
		if next == nil {
			return last, false
		}
		last = next
	}
	return last, true
}

// member finds the member of a mapping that a path begins with: the longest key
// that fits and, where it stands twice, the last, which counts. Keys of mappings
// that are merged in give way to the mapping's own.
func (n *node) member(path string) (found *node, rest string) {
	for i := range n.children {
		child := &n.children[i]
		if left, ok := nextName(path, child.name); ok && (found == nil || len(child.name) >= len(found.name)) {
			found, rest = child, left
		}
	}
	for i := 0; i < len(n.children) && found == nil; i++ {
		if !n.children[i].merged {
			continue
		}
		from := n.children[i].target()
		if from.kind == mapping {
			found, rest = from.member(path)
		}
		for j := 0; from.kind == sequence && j < len(from.children) && found == nil; j++ {
			found, rest = from.children[j].target().member(path)
		}
	}
	return found, rest
}

// item finds the item of a sequence that a path begins with.
func (n *node) item(path string) (found *node, rest string) {
	index, rest, ok := nextIndex(path)
	i, err := strconv.Atoi(index)
	if !ok || err != nil || i < 0 || i >= len(n.children) {
		return nil, ""
	}
	return &n.children[i], rest
}

// target follows an alias to what it stands for.
func (n *node) target() *node {
	if n.alias != nil {
		return n.alias
	}
	return n
}
