// SPDX-License-Identifier: Apache-2.0

package bqsim

import "strings"

// readMask reads the parameter "fields", which asks for a part of an answer:
// "a,b/c,d(e,f)" or "*".
func readMask(text string) (mask, error) {
	tree, rest, ok := parseMask(text, 0)
	if !ok || rest != "" {
		return nil, invalid("Invalid field selection %s", text)
	}
	return tree, nil
}

// A mask is what to keep: by name, nil below a name for all of it.
type mask map[string]mask

const maxMaskDepth = 32

func parseMask(text string, depth int) (m mask, rest string, ok bool) {
	if depth > maxMaskDepth {
		return nil, "", false
	}
	m = mask{}
	for {
		end := strings.IndexAny(text, ",/()")
		if end < 0 {
			end = len(text)
		}
		name := strings.TrimSpace(text[:end])
		if name == "" {
			return nil, "", false
		}
		text = text[end:]
		var below mask
		switch {
		case strings.HasPrefix(text, "/"):
			// Only one path goes on after a slash; a comma belongs to the level above.
			below, text, ok = parsePath(text[1:], depth+1)
		case strings.HasPrefix(text, "("):
			below, text, ok = parseMask(text[1:], depth+1)
			if ok {
				text, ok = strings.CutPrefix(text, ")")
			}
		default:
			ok = true
		}
		if !ok {
			return nil, "", false
		}
		m[name] = below
		if !strings.HasPrefix(text, ",") {
			return m, text, true
		}
		text = text[1:]
	}
}

func parsePath(text string, depth int) (m mask, rest string, ok bool) {
	end := strings.IndexByte(text, ',')
	if paren := strings.IndexByte(text, '('); paren >= 0 && (end < 0 || paren < end) {
		end = -1
	}
	if end < 0 {
		return parseMask(text, depth)
	}
	m, rest, ok = parseMask(text[:end], depth)
	return m, rest + text[end:], ok
}

func (m mask) of(body object) object {
	if _, all := m["*"]; all || m == nil {
		return body
	}
	out := object{}
	for name, below := range m {
		switch v := body[name].(type) {
		case nil:
		case object:
			out[name] = below.of(v)
		case []any:
			out[name] = below.each(v)
		default:
			out[name] = v
		}
	}
	return out
}

func (m mask) each(list []any) []any {
	if m == nil {
		return list
	}
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
		if o, ok := v.(object); ok {
			out[i] = m.of(o)
		}
	}
	return out
}
