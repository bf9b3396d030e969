// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"bytes"
	"errors"
	"maps"
	"slices"

	"sigs.k8s.io/yaml"
)

// emit returns a value as YAML in block style, with the keys of each mapping in
// the order of their bytes. The YAML library is asked for one scalar at a time:
// its own order of keys, which compares digits as numbers, is not the same each
// time for keys such as "7X", "16vu" and "1QM-I".
func emit(value any) ([]byte, error) {
	var out []byte
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			text, err := emitMember(key, value[key])
			if err != nil {
				return nil, err
			}
			out = append(out, text...)
		}
	case []any:
		for _, item := range value {
			text, err := emitItem(item)
			if err != nil {
				return nil, err
			}
			out = append(out, text...)
		}
	}
	return out, nil
}

func emitMember(key string, value any) ([]byte, error) {
	if !isBlock(value) {
		return yaml.Marshal(map[string]any{key: value})
	}
	line, err := yaml.Marshal(map[string]any{key: nil})
	if err != nil {
		return nil, err
	}
	name, ok := bytes.CutSuffix(line, []byte(" null\n"))
	if !ok || bytes.IndexByte(name, '\n') >= 0 {
		return nil, errors.New("a key too long for one line")
	}
	text, err := emit(value)
	if _, isMapping := value.(map[string]any); isMapping {
		text = indent("  ", "  ", text)
	}
	return slices.Concat(name, []byte("\n"), text), err
}

func emitItem(item any) ([]byte, error) {
	if !isBlock(item) {
		return yaml.Marshal([]any{item})
	}
	text, err := emit(item)
	return indent("- ", "  ", text), err
}

// isBlock reports whether a value is a mapping or sequence with content.
func isBlock(value any) bool {
	switch value := value.(type) {
	case map[string]any:
		return len(value) > 0
	case []any:
		return len(value) > 0
	default:
		return false
	}
}

// indent puts first before the first line and rest before the others, except
// before empty ones.
func indent(first, rest string, text []byte) []byte {
	var out []byte
	prefix := first
	for line := range bytes.Lines(text) {
		if len(line) > 1 {
			out = append(out, prefix...)
		}
		out = append(out, line...)
		prefix = rest
	}
	return out
}
