// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"go.yaml.in/yaml/v3"
)

// A yamlReader makes nodes of those of the YAML parser.
type yamlReader struct {
	start   place // of the text
	breaks  []int // from unicodeBreaks
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
			child.name, child.at, child.merged = keyName(key), r.place(key), key.Tag == "!!merge"
			r.read(child, from.Content[2*i+1])
		}
	case yaml.SequenceNode:
		n.kind, n.children = sequence, make([]node, len(from.Content))
		for i := range n.children {
			n.children[i].at = r.place(from.Content[i])
			r.read(&n.children[i], from.Content[i])
		}
	default: // a scalar has no children
	}
}

// place returns the place of a node of the parser.
func (r *yamlReader) place(of *yaml.Node) place {
	line := of.Line - r.breaks[min(of.Line, len(r.breaks)-1)]
	if line > 1 {
		return place{r.start.line + line - 1, of.Column}
	}
	return place{r.start.line, r.start.column + of.Column - 1}
}

// unicodeBreaks returns how many of the line breaks before each line of the parser
// are of those that only YAML 1.1 knows. Nobody else counts them.
func unicodeBreaks(text []byte) []int {
	if !hasUnicodeBreak(text) {
		return []int{0}
	}
	breaks, found := []int{0, 0}, 0
	for i, r := range string(text) {
		switch r {
		case '\u0085', '\u2028', '\u2029':
			found++
			breaks = append(breaks, found)
		case '\n':
			breaks = append(breaks, found)
		case '\r':
			if i+1 == len(text) || text[i+1] != '\n' {
				breaks = append(breaks, found)
			}
		}
	}
	return breaks
}

// keyName returns the name of a key in JSON: 0x10 is "16", and yes is "true". The
// parser for places knows YAML 1.2, and the one for values YAML 1.1.
func keyName(key *yaml.Node) string {
	text := key.Value
	switch word := wordOf(text); {
	case key.Kind != yaml.ScalarNode || key.Style != 0 || text == "":
		return text
	case word == "true", word == "false":
		return word
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
