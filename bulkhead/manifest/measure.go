// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"bytes"

	"go.yaml.in/yaml/v3"
)

// admitYAML refuses text that would cost the parser too much. It looks at the
// text alone, before anything is built from it.
func admitYAML(text []byte) error {
	if separators(text) > MaxValues {
		return &LimitError{"values in one document", MaxValues}
	}
	if !mayExpand(text) {
		return nil
	}
	var root yaml.Node
	if yaml.Unmarshal(text, &root) != nil {
		return nil // the parser that reads the values says what is wrong
	}
	total := (&expansion{sizes: map[*yaml.Node]size{}}).of(&root)
	switch {
	case total.bytes > MaxDocument:
		return &LimitError{"bytes in one document, its aliases expanded", MaxDocument}
	case total.values > MaxValues:
		return &LimitError{"values in one document, its aliases expanded", MaxValues}
	}
	return nil
}

// separators counts the characters that YAML needs to tell values apart: there
// are at most twice as many values, plus one.
func separators(text []byte) int {
	n := 0
	for _, mark := range ",[{:" { // each in a pass of its own, which takes many bytes at once
		n += bytes.Count(text, []byte{byte(mark)})
	}
	for _, mark := range "-?" {
		for i := 0; ; i++ {
			next := bytes.IndexByte(text[i:], byte(mark))
			if next < 0 {
				break
			}
			i += next
			if i+1 == len(text) || text[i+1] <= ' ' {
				n++
			}
		}
	}
	return n
}

// mayExpand reports whether the text seems to hold an anchor and an alias.
func mayExpand(text []byte) bool {
	return hasMark(text, '&') && hasMark(text, '*')
}

// hasMark reports whether the mark stands where a value begins, with a name.
func hasMark(text []byte, mark byte) bool {
	for offset := 0; ; offset++ {
		i := bytes.IndexByte(text[offset:], mark)
		if i < 0 {
			return false
		}
		offset += i
		begins := offset == 0 || bytes.IndexByte([]byte(" \t\r\n[{,:"), text[offset-1]) >= 0
		named := offset+1 < len(text) && text[offset+1] > ' ' && text[offset+1] != mark
		if begins && named {
			return true
		}
	}
}

// A size is what a YAML tree becomes when every alias is written out.
type size struct{ bytes, values int }

// An expansion computes sizes, each anchor once.
type expansion struct{ sizes map[*yaml.Node]size }

// of returns the size of a node, at most a little above the limits.
func (x *expansion) of(node *yaml.Node) size {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node.Anchor != "" {
		if known, ok := x.sizes[node]; ok {
			return known
		}
		x.sizes[node] = size{} // an anchor that contains itself is the parser's to refuse
	}
	total := size{len(node.Value) + 2, 1}
	for _, child := range node.Content {
		part := x.of(child)
		total.bytes = min(total.bytes+part.bytes, MaxDocument+1)
		total.values = min(total.values+part.values, MaxValues+1)
	}
	if node.Anchor != "" {
		x.sizes[node] = total
	}
	return total
}

// admitJSON refuses an object whose Go form would be too large or too deep.
func admitJSON(data []byte) error {
	depth, values, entries := 0, 0, 0
	var open [MaxDepth]byte // the brackets around the current byte
	for i := 0; i < len(data); i++ {
		switch c := data[i]; c {
		case '"':
			end := stringEnd(data, i)
			if end < 0 {
				return nil
			}
			i = end - 1
		case '{', '[':
			if depth == MaxDepth {
				return &LimitError{"levels of nesting", MaxDepth}
			}
			open[depth] = c
			depth++
			values++
			if c == '[' {
				entries++
			}
		case '}', ']':
			depth = max(depth-1, 0)
		case ',':
			values++
			if depth > 0 && open[depth-1] == '[' {
				entries++
			}
		}
	}
	switch {
	case values > MaxValues:
		return &LimitError{"values in one document", MaxValues}
	case entries > MaxEntries:
		return &LimitError{"entries of lists in one document", MaxEntries}
	}
	return nil
}
