// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
)

// A node is a value of a JSON file, with the line of its key or, in a list, of its
// beginning.
type node struct {
	line   int
	keys   []string // of an object
	list   []*node  // elements, or values in the order of keys
	isList bool
	text   string // of a string
}

// What a tree may take of a file.
const (
	deepestNode = 100
	mostNodes   = 1_000_000 // some hundred bytes each
)

// parseJSON returns the documents of a file, or nothing if not all of it is JSON.
func parseJSON(data []byte) []*node {
	t := tree{data: data, decoder: json.NewDecoder(bytes.NewReader(data)), line: 1}
	var out []*node
	for t.decoder.More() {
		n, ok := t.value(0)
		if !ok {
			return nil
		}
		out = append(out, n)
	}
	if _, err := t.decoder.Token(); !errors.Is(err, io.EOF) {
		return nil
	}
	return out
}

type tree struct {
	data    []byte
	decoder *json.Decoder
	offset  int // up to which lines are counted
	line    int
	nodes   int
}

func (t *tree) token() (json.Token, bool) {
	token, err := t.decoder.Token()
	end := int(t.decoder.InputOffset())
	t.line += bytes.Count(t.data[t.offset:end], []byte("\n"))
	t.offset = end
	return token, err == nil
}

// value reads the next value, and reports whether there was one, whole.
func (t *tree) value(depth int) (*node, bool) {
	token, ok := t.token()
	if t.nodes++; !ok || depth > deepestNode || t.nodes > mostNodes {
		return nil, false
	}
	n := &node{line: t.line}
	switch token {
	case json.Delim('{'):
		for t.decoder.More() {
			key, _ := t.token()
			line := t.line
			value, ok := t.value(depth + 1)
			if !ok {
				return nil, false
			}
			value.line = line
			name, _ := key.(string)
			n.keys, n.list = append(n.keys, name), append(n.list, value)
		}
		_, ok = t.token()
	case json.Delim('['):
		n.isList = true
		for t.decoder.More() {
			element, ok := t.value(depth + 1)
			if !ok {
				return nil, false
			}
			n.list = append(n.list, element)
		}
		_, ok = t.token()
	default:
		n.text, _ = token.(string)
	}
	return n, ok
}

// elements returns the elements of a list, and of anything else the value itself.
func (n *node) elements() []*node {
	if n.isList {
		return n.list
	}
	return []*node{n}
}

// get returns the value of a key, or nil.
func (n *node) get(key string) *node {
	if i := slices.Index(n.keys, key); i >= 0 {
		return n.list[i]
	}
	return nil
}

// textOf returns the text under a key.
func (n *node) textOf(key string) string {
	if value := n.get(key); value != nil {
		return value.text
	}
	return ""
}

// lineOf returns the line of a field below a value, or of the nearest field around it
// that the file has.
func (n *node) lineOf(field string) int {
	for field != "" {
		next, rest := n.step(field)
		if next == nil {
			break
		}
		n, field = next, rest
	}
	return n.line
}

// step goes one step down a path such as bindings[2].condition, or a["b.c"].d. The first
// of a list may be a value that is no list.
func (n *node) step(field string) (*node, string) {
	if index, rest, ok := strings.Cut(field, "]"); ok && index != "" && index[0] == '[' {
		if i, err := strconv.Atoi(index[1:]); err == nil {
			if all := n.elements(); 0 <= i && i < len(all) {
				return all[i], rest
			}
			return nil, ""
		}
	}
	for _, key := range slices.SortedFunc(slices.Values(n.keys), func(a, b string) int { return len(b) - len(a) }) { // a key may have dots
		for _, form := range []string{key, "." + key, "[" + key + "]", "[" + strconv.Quote(key) + "]"} {
			if rest, ok := strings.CutPrefix(field, form); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
				return n.get(key), rest
			}
		}
	}
	return nil, ""
}
