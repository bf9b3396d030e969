// SPDX-License-Identifier: Apache-2.0

package layers

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxYAML is the length of the longest text that is read as YAML, and maxValues about
// how many values it may have: the parser takes some 300 bytes for each.
const (
	maxYAML   = 8 << 20
	maxValues = 200_000
)

// parseJSON reads a text that is one JSON object, list or string.
func parseJSON(text string) (any, bool) {
	switch text[0] {
	case '{', '[', '"':
	default:
		return nil, false
	}
	var doc any
	if n, err := decodeJSON(text, &doc); err != nil || strings.TrimSpace(text[n:]) != "" {
		return nil, false
	}
	return plain(doc), true
}

// embeddedJSON returns the JSON objects in the middle of a text. What begins like one and
// is none may be read in vain sixteen times over, or there is more than is looked at.
func (w *walker) embeddedJSON(text string) []any {
	var out []any
	vain := 1<<20 + 16*len(text)
	for {
		at := strings.IndexByte(text, '{')
		if at < 0 {
			return out
		}
		text = text[at:]
		if !strings.HasPrefix(strings.TrimLeft(text[1:], " \t\r\n"), `"`) {
			text = text[1:] // no JSON object begins so
			continue
		}
		var doc map[string]any
		n, err := decodeJSON(text, &doc)
		if err == nil {
			out = append(out, plain(doc))
			text = text[n:]
			continue
		}
		if vain -= n; vain < 0 {
			w.complete = false
			return out
		}
		text = text[1:]
	}
}

// decodeJSON reads the value that a text begins with. It returns how much of the text it
// has read.
func decodeJSON(text string, into any) (n int, err error) {
	reader := strings.NewReader(text)
	decoder := json.NewDecoder(reader)
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return len(text) - reader.Len(), err
	}
	return int(decoder.InputOffset()), nil
}

// plain turns numbers into their text and leaves out null and booleans, which are
// nobody's secret.
func plain(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name, item := range v {
			v[name] = plain(item)
		}
	case []any:
		for i, item := range v {
			v[i] = plain(item)
		}
	case json.Number:
		return v.String()
	case string:
		return v
	default:
		return nil
	}
	return value
}

// parseYAML reads the documents of a text that looks like YAML with mappings or lists. It
// reports whether these are all of the text: nothing broken and no comment.
func (w *walker) parseYAML(text string) (docs []any, all bool) {
	if !strings.Contains(text, ": ") && !strings.Contains(text, ":\n") && !strings.HasPrefix(strings.TrimSpace(text), "- ") {
		return nil, false
	}
	if len(text) > maxYAML || values(text) > maxValues {
		w.complete = false
		return nil, false
	}
	if doc, ok := parseBlock(text); ok {
		return []any{doc}, true
	}
	decoder := yaml.NewDecoder(strings.NewReader(text))
	for {
		var node yaml.Node
		if err := decoder.Decode(&node); err != nil {
			return docs, errors.Is(err, io.EOF) && len(docs) > 0 && !strings.Contains(text, "#")
		}
		if doc := fromNode(&node); doc != nil {
			if _, scalar := doc.(string); !scalar {
				docs = append(docs, doc)
			}
		}
	}
}

// values counts the characters that separate values in YAML, about.
func values(text string) int {
	n := 0
	for _, mark := range []string{",", "[", "{", ":", "- "} {
		n += strings.Count(text, mark)
	}
	return n
}

// fromNode turns a node into maps, lists and strings. What an alias stands for is
// seen where it is anchored, so that no alias grows.
func fromNode(n *yaml.Node) any {
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) > 0 {
			return fromNode(n.Content[0])
		}
	case yaml.MappingNode:
		out := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			out[freeName(out, n.Content[i].Value)] = fromNode(n.Content[i+1])
		}
		return out
	case yaml.SequenceNode:
		out := make([]any, len(n.Content))
		for i, item := range n.Content {
			out[i] = fromNode(item)
		}
		return out
	case yaml.ScalarNode:
		return n.Value
	case yaml.AliasNode:
	}
	return nil
}

// freeName returns name, or where that is taken another, so that of two values under
// one key both are looked at.
func freeName(in map[string]any, name string) string {
	if _, taken := in[name]; taken {
		return name + " " + strconv.Itoa(len(in))
	}
	return name
}

// parseLines reads lines of KEY=VALUE, as in .env, .properties and .ini files, also where
// a line is commented out. At least half of the lines that say something have to be such;
// all says that each is.
func parseLines(text string) (doc map[string]any, all bool) {
	if !strings.Contains(text, "=") {
		return nil, false
	}
	doc = make(map[string]any)
	lines, rest := 0, false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '[' {
			continue
		}
		comment := strings.TrimLeft(line, "#;! ")
		name, value, ok := strings.Cut(strings.TrimPrefix(comment, "export "), "=")
		name = strings.TrimSpace(name)
		if ok = ok && isName(name); ok || comment == line {
			lines++
		}
		if ok {
			doc[freeName(doc, name)] = unquote(strings.TrimSpace(value))
		}
		rest = rest || !ok || strings.Trim(value, "= ") == "" // which may be base64 with its padding
	}
	if len(doc) == 0 || 2*len(doc) < lines {
		return nil, false
	}
	return doc, !rest
}

func isName(name string) bool {
	if name == "" || len(name) > 128 || name[0] == '-' {
		return false
	}
	for i := range len(name) {
		switch c := name[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '.', c == '-':
		default:
			return false
		}
	}
	return true
}

// unquote takes the quotes off a value, and in double quotes resolves what shells and
// dotenv libraries do.
func unquote(value string) string {
	if len(value) < 2 || value[0] != value[len(value)-1] {
		return value
	}
	switch value[0] {
	case '\'':
		return value[1 : len(value)-1]
	case '"':
		return strings.NewReplacer(`\n`, "\n", `\"`, `"`, `\\`, `\`, `\$`, "$").Replace(value[1 : len(value)-1])
	default:
		return value
	}
}
