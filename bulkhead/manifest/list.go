// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"bytes"
	"slices"
)

// maxFrame is the number of bytes around the items of a List up to which they
// are cut out of the text.
const maxFrame = 64 << 10

// expand returns the documents that d holds: the values of a run of JSON, the
// items of a List, and otherwise d alone. Items are cut out of the text, so that
// a List of a whole cluster is read in parallel and a broken item costs only
// itself. It returns at most limit documents and one.
func expand(d document, limit int) []document {
	if !d.looksLikeJSON() {
		return expandList(d, limit, blockItems)
	}
	var out []document
	for _, value := range jsonValues(d, limit) {
		out = append(out, expandList(value, limit-len(out), jsonItems)...)
		if len(out) > limit {
			break
		}
	}
	return out
}

// expandList returns the items of d that cut finds, if d is a List, and d
// otherwise. What is left without the items must be a List by itself.
func expandList(d document, limit int, cut func(d document, limit int) (items []document, frame []byte)) []document {
	items, frame := cut(d, limit)
	if len(items) == 0 || len(frame) > maxFrame {
		return []document{d}
	}
	rest := d
	rest.text = frame
	data, twice, err := rest.toJSON()
	if err != nil || twice || data[0] != '{' {
		return []document{d}
	}
	if _, again := repeatedKey(data); again {
		return []document{d}
	}
	if left := string(valueOf(data, "items")); left != "null" && left != "[]" {
		return []document{d} // another reader of lines finds more items
	}
	apiVersion, kind, _ := typeOf(data)
	if !isList(apiVersion, kind) {
		return []document{d}
	}
	whole := d
	apiVersion, kind = kindOfItems(apiVersion, kind)
	for i := range items {
		items[i].whole = &whole
		items[i].apiVersion, items[i].kind = apiVersion, kind
	}
	return items
}

// blockItems cuts the block sequence under a top-level "items:" into its
// entries. The frame is the text without them.
func blockItems(d document, limit int) (items []document, frame []byte) {
	from := itemsOffset(d.text)
	if from < 0 {
		return nil, nil
	}
	item := d
	line := d.line + bytes.Count(d.text[:from], []byte{'\n'})
	indent, start, offset := -1, -1, from // of the item that is being read
	for ; offset < len(d.text) && len(items) <= limit; line++ {
		raw := firstLine(d.text[offset:])
		column := len(raw) - len(bytes.TrimLeft(raw, " "))
		inside := isSpaceOrComment(raw) || start >= 0 && column > indent
		if !inside && start >= 0 {
			item.text = d.text[start:offset]
			items = append(items, item)
		}
		if !inside {
			if !isDash(raw[column:]) || start >= 0 && column != indent {
				return items, slices.Concat(d.text[:from], d.text[offset:])
			}
			indent, start = column, offset
			item.line, item.dash = line, column+1
		}
		offset += len(raw)
	}
	if start >= 0 {
		item.text = d.text[start:]
		items = append(items, item)
	}
	return items, d.text[:from]
}

// itemsOffset returns the offset of the line after a top-level "items:", or -1.
func itemsOffset(text []byte) int {
	key := []byte("items:")
	for offset := 0; ; {
		i := bytes.Index(text[offset:], key)
		if i < 0 {
			return -1
		}
		at := offset + i
		line := firstLine(text[at:])
		offset = at + len(key)
		if (at == 0 || text[at-1] == '\n') && isSpaceOrComment(line[len(key):]) {
			return at + len(line)
		}
	}
}

// isDash reports whether a line begins an entry of a block sequence.
func isDash(line []byte) bool {
	return len(line) > 0 && line[0] == '-' && (len(line) == 1 || isSpace(line[1]))
}

// jsonValues cuts JSON objects that follow each other in one document. What
// stands behind them in another form is the last of the results. All know the
// whole, which may be YAML in flow style.
func jsonValues(d document, limit int) []document {
	var out []document
	whole := d
	at := place{d.line, d.column}
	for offset := 0; len(out) <= limit; {
		start := skipToContent(d.text, offset)
		if start == len(d.text) {
			break
		}
		end := -1
		if d.text[start] == '{' {
			end = jsonEnd(d.text, start)
		}
		if end < 0 {
			end = len(d.text)
		}
		value := d
		at = at.after(d.text[offset:start])
		value.text, value.line, value.column = d.text[start:end], at.line, at.column
		value.whole = &whole
		out = append(out, value)
		at, offset = at.after(value.text), end
	}
	if len(out) == 1 && len(out[0].text) == len(bytes.TrimSpace(d.text)) {
		out[0].whole = nil // there is nothing else
	}
	return out
}

// skipToContent returns the offset of the first byte from i on that is neither
// space nor part of a comment or a byte order mark.
func skipToContent(text []byte, i int) int {
	for {
		i = skipSpace(text, i)
		switch rest := text[i:]; {
		case len(rest) > 0 && rest[0] == '#' && isSpaceOrComment(firstLine(rest)):
			i += len(firstLine(rest))
		case bytes.HasPrefix(rest, []byte(byteOrderMark)):
			i += len(byteOrderMark)
		default:
			return i
		}
	}
}

// jsonItems cuts the array "items" of a JSON object into its elements. The frame
// is the object with that array empty.
func jsonItems(d document, limit int) (items []document, frame []byte) {
	for m := range members(d.text) {
		if m.name != "items" || frame != nil {
			continue // a second one stays in the frame
		}
		array := d.text[m.start:m.end]
		at := place{d.line, d.column}.after(d.text[:m.start])
		offset := 0
		for start, end := range elements(array) {
			at = at.after(array[offset:start])
			item := d
			item.text, item.line, item.column = array[start:end], at.line, at.column
			items = append(items, item)
			at, offset = at.after(item.text), end
			if len(items) > limit {
				break
			}
		}
		if skipSpace(array, offset) < len(array)-1 && len(items) <= limit {
			return nil, nil // not JSON after this element
		}
		frame = slices.Concat(d.text[:m.start], []byte("[]"), d.text[m.end:])
	}
	return items, frame
}
