// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"reflect"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// duplicates lists the fields that stand twice in one mapping of the object at a
// path. The type tells which mappings have fields and which have keys, whose
// path has brackets.
func (t *tree) duplicates(path string, of reflect.Type) []notice {
	root := t.root
	if t.json != nil {
		var document yaml.Node
		if yaml.Unmarshal(t.json, &document) == nil {
			root = document.Content[0]
		}
	}
	if root == nil {
		return []notice{{duplicate: true}} // somewhere; the parser for places cannot tell
	}
	_, object := descend(root, path)
	return repeated(object, of, "")
}

// repeats returns a key that the mapping at a path has twice.
func (t *tree) repeats(path string) (string, bool) {
	if t.root == nil {
		return "", false
	}
	_, mapping := descend(t.root, path)
	seen := make(map[string]bool, len(mapping.Content)/2)
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key := mapping.Content[i].Value
		if seen[key] {
			return key, true
		}
		seen[key] = true
	}
	return "", false
}

func repeated(node *yaml.Node, of reflect.Type, path string) []notice {
	var out []notice
	switch node.Kind {
	case yaml.MappingNode:
		seen := make(map[string]bool, len(node.Content)/2)
		for i := 0; i+1 < len(node.Content) && len(out) < maxReports; i += 2 {
			key := node.Content[i].Value
			child, at := memberOf(of, key, path)
			if seen[key] {
				out = append(out, notice{duplicate: true, field: at})
			}
			seen[key] = true
			out = append(out, repeated(node.Content[i+1], child, at)...)
		}
	case yaml.SequenceNode:
		for i, item := range node.Content {
			out = append(out, repeated(item, elementOf(of), path+"["+strconv.Itoa(i)+"]")...)
		}
	default: // scalars have no fields, and an anchor's are found where it stands
	}
	return out
}
