// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// blame returns the line, counted from 1 in the text, of a problem whose line the
// YAML parser does not tell.
func (d *document) blame(problem string) int {
	_, name, _ := strings.Cut(problem, "'")
	name, _, _ = strings.Cut(name, "'")
	switch {
	case strings.Contains(problem, "UTF-8"), strings.Contains(problem, "Unicode"), strings.HasPrefix(problem, "control "):
		return lineAt(d.text, firstBadByte(d.text))
	case strings.HasPrefix(problem, "unknown anchor"), strings.HasPrefix(problem, "anchor"):
		return lineAt(d.text, aliasOffset(d.text, name))
	case strings.HasPrefix(problem, "map merge"):
		return d.lineOfFirst(func(key, value *yaml.Node) bool { return key != nil && key.Tag == "!!merge" && !isMergeable(value) })
	case strings.Contains(problem, " map key"):
		return d.lineOfFirst(func(key, _ *yaml.Node) bool { return key != nil && !isKey(key) })
	case strings.HasPrefix(problem, "json: "):
		return d.lineOfFirst(func(_, value *yaml.Node) bool {
			text := strings.ToLower(value.Value)
			return value.Tag == "!!float" && (strings.HasSuffix(text, "inf") || strings.HasSuffix(text, "nan"))
		})
	default: // a tag that does not fit its value
		return d.lineOfFirst(func(_, value *yaml.Node) bool {
			if value.Kind != yaml.ScalarNode || value.Style&yaml.TaggedStyle == 0 {
				return false
			}
			var alone any
			return newDecoder([]byte(value.Tag+" "+strconv.Quote(value.Value))).Decode(&alone) != nil
		})
	}
}

// lineOfFirst returns the line of the first value, with its key if it has one,
// that is at fault, or 1.
func (d *document) lineOfFirst(atFault func(key, value *yaml.Node) bool) int {
	var document yaml.Node
	if yaml.Unmarshal(d.yaml(), &document) != nil {
		return 1
	}
	var visit func(key, value *yaml.Node) int
	visit = func(key, value *yaml.Node) int {
		if atFault(key, value) {
			if key != nil {
				return key.Line
			}
			return value.Line
		}
		line := 0
		for i := 0; i < len(value.Content) && line == 0; i++ {
			if value.Kind == yaml.MappingNode {
				line = visit(value.Content[i], value.Content[i+1])
				i++
			} else {
				line = visit(nil, value.Content[i])
			}
		}
		return line
	}
	return max(visit(nil, &document), 1)
}

// isMergeable reports whether "<<" takes a value: a mapping, or some.
func isMergeable(value *yaml.Node) bool {
	if value.Kind == yaml.AliasNode {
		value = value.Alias
	}
	ok := value.Kind == yaml.MappingNode || value.Kind == yaml.SequenceNode
	for i := 0; ok && value.Kind == yaml.SequenceNode && i < len(value.Content); i++ {
		item := value.Content[i]
		ok = item.Kind == yaml.MappingNode || item.Kind == yaml.AliasNode && item.Alias.Kind == yaml.MappingNode
	}
	return ok
}

// isKey reports whether JSON has a form of a key.
func isKey(key *yaml.Node) bool {
	if key.Kind == yaml.AliasNode {
		key = key.Alias
	}
	return key.Kind == yaml.ScalarNode && key.Tag != "!!null"
}

// firstBadByte returns the offset of the first byte that no YAML text may have, or 0.
func firstBadByte(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		control := r < ' ' && r != '\t' && r != '\n' && r != '\r' || r >= 0x7F && r < 0xA0 && r != 0x85 || r > 0xFFFD && r <= 0xFFFF
		if control || r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return 0
}

// aliasOffset returns the offset of the first alias of a name, or 0.
func aliasOffset(text []byte, name string) int {
	mark := []byte("*" + name)
	for offset := 0; ; {
		i := bytes.Index(text[offset:], mark)
		if i < 0 {
			return 0
		}
		at := offset + i
		offset = at + len(mark)
		if hasMark(text[max(at-1, 0):offset], '*') && (offset == len(text) || !isWordByte(text[offset])) {
			return at
		}
	}
}

func isWordByte(c byte) bool {
	return c == '-' || c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// lineAt returns the number of the line that holds the byte at an offset, counted
// from 1.
func lineAt(text []byte, offset int) int {
	number := 1
	for i := len(firstLine(text)); i <= offset && i < len(text); number++ {
		i += len(firstLine(text[i:]))
	}
	return number
}
