// SPDX-License-Identifier: Apache-2.0

package manifest

import "bytes"

// enclosed reads a scalar in quotes or a collection in flow style that ends on its
// line.
func (r *simpleReader) enclosed() bool {
	switch r.text[r.at] {
	case '"':
		return r.doubleQuoted()
	case '\'':
		return r.singleQuoted()
	default:
		return r.flow()
	}
}

// flow reads a collection in flow style.
func (r *simpleReader) flow() bool {
	opening, outer := r.text[r.at], len(r.keys)
	closing := opening + 2 // in ASCII
	r.depth++
	defer func() { r.depth-- }()
	if r.depth > maxSimpleDepth {
		return false
	}
	r.json = append(r.json, opening)
	for first := true; ; first = false {
		r.at++ // over the bracket or the comma
		if r.atLineEnd() {
			return false
		}
		if !first || r.text[r.at] != closing {
			if opening == '{' && (!r.key() || r.atLineEnd()) || !r.flowEntry() || r.atLineEnd() {
				return false
			}
		}
		switch r.text[r.at] {
		case ',':
			r.json = append(r.json, ',')
		case closing:
			r.at++
			r.json = append(r.json, closing)
			return r.closeKeys(outer)
		default:
			return false
		}
	}
}

// doubleQuoted reads a scalar in double quotes. Of the escapes it knows those that
// JSON has too.
func (r *simpleReader) doubleQuoted() bool {
	for i := r.at + 1; i < r.end; i++ {
		switch r.text[i] {
		case '"':
			r.json = append(r.json, r.text[r.at:i+1]...)
			r.at = i + 1
			return true
		case '\\':
			i++
			if i == r.end || bytes.IndexByte([]byte(`"\nt`), r.text[i]) < 0 {
				return false
			}
		}
	}
	return false
}

// singleQuoted reads a scalar in single quotes, in which two stand for one.
func (r *simpleReader) singleQuoted() bool {
	r.json = append(r.json, '"')
	for start := r.at + 1; ; {
		n := bytes.IndexByte(r.text[start:r.end], '\'')
		if n < 0 {
			return false
		}
		r.appendText(r.text[start : start+n])
		start += n + 1
		if start == r.end || r.text[start] != '\'' {
			r.json = append(r.json, '"')
			r.at = start
			return true
		}
		r.json = append(r.json, '\'')
		start++
	}
}

// flowEntry reads a value in a collection in flow style.
func (r *simpleReader) flowEntry() bool {
	n := 0
	for r.at+n < r.end && isSimple(r.text[r.at+n]) {
		n++
	}
	if n == 0 {
		return bytes.IndexByte([]byte("\"'[{"), r.text[r.at]) >= 0 && r.enclosed()
	}
	r.at += n
	return r.appendPlain(r.text[r.at-n : r.at])
}

// literal reads a literal block ("|" or "|-"), whose first line tells how far it is
// indented, and moves to the line behind it.
func (r *simpleReader) literal(parent int) bool {
	header := bytes.TrimSuffix(r.text[r.at:r.end], []byte("-"))
	strip := len(header) < r.end-r.at
	if len(header) > 1 {
		return false
	}
	r.json = append(r.json, '"')
	indent, breaks := 0, 0 // breaks are written once text follows
	for start := r.end + 1; start < len(r.text); start = r.end + 1 {
		end := r.lineEnd(start)
		column := r.skipSpaces(start) - start
		blank := start+column == end
		if indent == 0 && !blank {
			indent = column
		}
		if !blank && column < indent {
			break
		}
		if blank && column > 0 || indent <= parent && !blank || end == len(r.text) {
			return false // spaces alone, no text, a last line without its break
		}
		if !blank {
			for ; breaks > 0; breaks-- {
				r.json = append(r.json, `\n`...)
			}
			r.appendText(r.text[start+indent : end])
		}
		breaks++
		r.end = end
	}
	if !strip {
		r.json = append(r.json, `\n`...)
	}
	r.json = append(r.json, '"')
	r.nextLine()
	return indent > 0 && r.column <= parent
}

// appendText writes the inside of a JSON string.
func (r *simpleReader) appendText(text []byte) {
	for {
		n := bytes.IndexAny(text, `"\`)
		if n < 0 {
			break
		}
		r.json = append(append(r.json, text[:n]...), '\\', text[n])
		text = text[n+1:]
	}
	r.json = append(r.json, text...)
}

// isSimple reports whether a byte is one of those that names are made of, which
// mean nothing in YAML wherever they stand in a word.
func isSimple(c byte) bool { return isWordByte(c) || c == '.' || c == '/' }
