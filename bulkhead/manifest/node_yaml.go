// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// A yamlReader makes nodes of those of the YAML parser.
type yamlReader struct {
	start   place // of the text
	anchors map[*yaml.Node]*node
	size    int
}

// read fills n with what stands at from. Its children get their place in memory
// at once, so that aliases can point to them.
func (r *yamlReader) read(n *node, from *yaml.Node) {
	r.size++
	if from.Anchor != "" {
		r.anchors[from] = n
	}
	switch from.Kind {
	case yaml.AliasNode:
		n.alias = r.anchors[from.Alias]
	case yaml.MappingNode:
		n.kind, n.children = mapping, make([]node, len(from.Content)/2)
		for i := range n.children {
			key, child := from.Content[2*i], &n.children[i]
			child.name, child.at, child.merged = keyName(key), r.start.at(key), key.Tag == "!!merge"
			r.read(child, from.Content[2*i+1])
		}
	case yaml.SequenceNode:
		n.kind, n.children = sequence, make([]node, len(from.Content))
		for i := range n.children {
			n.children[i].at = r.start.at(from.Content[i])
			r.read(&n.children[i], from.Content[i])
		}
	default: // a scalar has no children
	}
}

// at returns the place of a node in text that begins at p.
func (p place) at(node *yaml.Node) place {
	if node.Line > 1 {
		return place{p.line + node.Line - 1, node.Column}
	}
	return place{p.line, p.column + node.Column - 1}
}

// keyName returns the name of a key in JSON: 0x10 is "16", and yes is "true". The
// parser for places knows YAML 1.2, and the one for values YAML 1.1.
func keyName(key *yaml.Node) string {
	text := key.Value
	switch {
	case key.Kind != yaml.ScalarNode || key.Style != 0 || text == "":
		return text
	case slices.Contains([]string{"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"}, text):
		return "true"
	case slices.Contains([]string{"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"}, text):
		return "false"
	case text[0] > '9' || text[0] < '+':
		return text
	}
	var number any
	if newDecoder([]byte(text)).Decode(&number) != nil {
		return text
	}
	if name, err := keyText(number); err == nil {
		return name
	}
	return text
}
