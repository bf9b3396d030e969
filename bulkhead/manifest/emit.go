// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// emit returns a JSON value as YAML in block style, with the keys of each mapping
// in the order of their bytes. The YAML library is given mappings that are in
// order already: its own order of keys, which compares digits as numbers, is not
// the same each time for keys such as "3", "09", "0G4z" and "O".
func emit(value any) ([]byte, error) {
	node, err := nodeOf(value)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	encoder.CompactSeqIndent() // as kubectl writes lists
	err = errors.Join(encoder.Encode(node), encoder.Close())
	return out.Bytes(), err
}

// nodeOf returns the node that stands for a JSON value.
func nodeOf(value any) (*yaml.Node, error) {
	node := &yaml.Node{}
	add := func(values ...any) error {
		for _, value := range values {
			child, err := nodeOf(value)
			if err != nil {
				return err
			}
			node.Content = append(node.Content, child)
		}
		return nil
	}
	if text, ok := value.(string); ok && strings.HasPrefix(text, "\t") {
		// The library writes a block, which YAML 1.1 does not let begin with a tab.
		return &yaml.Node{Kind: yaml.ScalarNode, Style: yaml.DoubleQuotedStyle, Value: text}, nil
	}
	switch value := value.(type) {
	case map[string]any:
		node.Kind = yaml.MappingNode
		for _, key := range slices.Sorted(maps.Keys(value)) {
			if err := add(key, value[key]); err != nil {
				return nil, err
			}
		}
		return node, nil
	case []any:
		node.Kind = yaml.SequenceNode
		return node, add(value...)
	default:
		return node, node.Encode(value)
	}
}
