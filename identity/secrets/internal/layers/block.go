// SPDX-License-Identifier: Apache-2.0

package layers

import "strings"

// parseBlock reads the YAML that most files of settings are: mappings in mappings, a line
// an entry, of words that mean themselves. It takes a fifth of the time of the parser, and
// leaves everything else to that: lists, quotes, blocks, comments, anchors, tags.
func parseBlock(text string) (map[string]any, bool) {
	if strings.ContainsAny(text, "\"'#&*!|>{}[]%@`?\\\t\r,<") {
		return nil, false
	}
	type level struct {
		indent  int
		mapping map[string]any
	}
	root := make(map[string]any)
	open := []level{{-1, root}}
	opened := "" // key of the last level that may yet turn out to have a mapping below it
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \n")
		entry := strings.TrimLeft(line, " ")
		if entry == "" {
			continue
		}
		key, value, ok := strings.Cut(entry, ":")
		if !ok || !isName(key) || value != "" && value[0] != ' ' || strings.Contains(value, ": ") || strings.HasSuffix(value, ":") {
			return nil, false
		}
		indent, top := len(line)-len(entry), open[len(open)-1]
		switch {
		case top.indent < 0:
			open[0].indent = indent
		case indent > top.indent && opened == "":
			return nil, false
		case indent > top.indent:
			below := make(map[string]any)
			top.mapping[opened] = below
			open = append(open, level{indent, below})
		default:
			for len(open) > 1 && indent < open[len(open)-1].indent {
				open = open[:len(open)-1]
			}
		}
		if top = open[len(open)-1]; indent != top.indent || len(open) > maxBlock {
			return nil, false
		}
		value = strings.TrimLeft(value, " ")
		if strings.HasPrefix(value, "-") {
			return nil, false // of a list, or of no YAML
		}
		key = freeName(top.mapping, key)
		top.mapping[key], opened = value, ""
		if value == "" {
			opened = key
		}
	}
	return root, len(root) > 0
}

// maxBlock is how deep mappings are that parseBlock reads.
const maxBlock = 100
