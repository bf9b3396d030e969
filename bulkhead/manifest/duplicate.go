// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"strconv"

	"go.yaml.in/yaml/v3"
)

// duplicates lists the fields that stand twice in one mapping of a document.
func duplicates(text []byte) []notice {
	var root yaml.Node
	if yaml.Unmarshal(text, &root) != nil {
		return []notice{{duplicate: true}}
	}
	var out []notice
	var walk func(node *yaml.Node, path string)
	walk = func(node *yaml.Node, path string) {
		switch node.Kind {
		case yaml.MappingNode:
			seen := make(map[string]bool, len(node.Content)/2)
			for i := 0; i+1 < len(node.Content); i += 2 {
				name := node.Content[i].Value
				at := join(path, name)
				if seen[name] {
					out = append(out, notice{true, at})
				}
				seen[name] = true
				walk(node.Content[i+1], at)
			}
		case yaml.SequenceNode:
			for i, item := range node.Content {
				walk(item, path+"["+strconv.Itoa(i)+"]")
			}
		case yaml.DocumentNode:
			for _, content := range node.Content {
				walk(content, path)
			}
		}
	}
	walk(&root, "")
	return out
}
