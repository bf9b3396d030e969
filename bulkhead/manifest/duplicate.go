// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"reflect"
	"strconv"
)

// duplicates lists the fields that stand twice in one mapping of the object at a
// path. The type tells which mappings have fields and which have keys, whose
// path has brackets.
func (t *tree) duplicates(path string, of reflect.Type) []notice {
	if t.root == nil {
		return []notice{{duplicate: true}} // somewhere; the parser for places cannot tell
	}
	object, _ := t.root.find(path)
	return object.repeated(of, "")
}

// repeats returns a key that the mapping at a path has twice.
func (t *tree) repeats(path string) (string, bool) {
	if t.root == nil {
		return "", false
	}
	list, _ := t.root.find(path)
	seen := make(map[string]bool, len(list.children))
	for _, member := range list.children {
		if seen[member.name] {
			return member.name, true
		}
		seen[member.name] = true
	}
	return "", false
}

// repeated lists the fields below a node that stand twice. Those of an alias are
// found where its anchor stands.
func (n *node) repeated(of reflect.Type, path string) []notice {
	var out []notice
	switch n.kind {
	case mapping:
		seen := make(map[string]bool, len(n.children))
		for i := 0; i < len(n.children) && len(out) < maxReports; i++ {
			member := &n.children[i]
			child, at := memberOf(of, member.name, path)
			if seen[member.name] {
				out = append(out, notice{duplicate: true, field: at})
			}
			seen[member.name] = true
			out = append(out, member.repeated(child, at)...)
		}
	case sequence:
		for i := 0; i < len(n.children) && len(out) < maxReports; i++ {
			out = append(out, n.children[i].repeated(elementOf(of), path+"["+strconv.Itoa(i)+"]")...)
		}
	case scalar: // has no fields
	}
	return out
}
