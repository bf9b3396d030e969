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

// plain reads a scalar without quotes. Where it is text, it may go on on the lines
// below it.
func (r *simpleReader) plain(parent int) bool {
	first := r.text[r.at]
	if r.atDash() || !isSimple(first) && bytes.IndexByte([]byte("+$(^="), first) < 0 {
		return false
	}
	text, ok := r.plainLine()
	if !ok || !r.appendPlain(text) {
		return false
	}
	for r.goesOn(parent) {
		r.end = r.lineEnd(r.end + 1)
		text, ok := r.plainLine()
		last := len(r.json) - 1
		if !ok || r.json[last] != '"' {
			return false
		}
		r.json[last] = ' '
		r.appendText(text)
		r.json = append(r.json, '"')
	}
	return true
}

// goesOn moves to the text on the next line if that belongs to the plain scalar
// that ends here.
func (r *simpleReader) goesOn(parent int) bool {
	start := r.end + 1
	if r.skipSpaces(r.at) != r.end || start >= len(r.text) {
		return false
	}
	at := r.skipSpaces(start)
	if at == len(r.text) || r.text[at] == '\n' || r.text[at] == '#' || at-start <= parent {
		return false
	}
	r.at = at
	return true
}

// plainLine reads what the line has of a plain scalar.
func (r *simpleReader) plainLine() (text []byte, ok bool) {
	text = r.text[r.at:r.end]
	if n := bytes.Index(text, []byte(" #")); n >= 0 {
		text = text[:n]
	}
	text = bytes.TrimRight(text, " ")
	r.at += len(text)
	return text, text[len(text)-1] != ':' && !bytes.Contains(text, []byte(": "))
}

// appendPlain writes what a plain scalar stands for.
func (r *simpleReader) appendPlain(text []byte) bool {
	switch plainForm(text) {
	case plainText:
		r.json = append(r.json, '"')
		r.appendText(text)
		r.json = append(r.json, '"')
	case plainInteger:
		r.json = append(r.json, text...)
	case plainWord:
		r.json = append(r.json, wordOf(string(text))...)
	case plainUnclear:
		return false
	}
	return true
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

// What a plain scalar stands for.
type plainKind byte

const (
	plainUnclear plainKind = iota // the parser knows
	plainText
	plainInteger // in a form that JSON has too
	plainWord    // true, false or null
)

// plainForm returns what a plain scalar stands for in YAML 1.1, as the parser has
// it (go.yaml.in/yaml/v2, resolve.go, v2.4).
func plainForm(text []byte) plainKind {
	switch c := text[0]; {
	case c >= '0' && c <= '9', c == '+', c == '-', c == '.':
		return numberForm(text)
	case wordOf(string(text)) != "":
		return plainWord
	default:
		return plainText
	}
}

// numberForm returns what a plain scalar stands for that begins as a number does.
func numberForm(text []byte) plainKind {
	digits, negative := bytes.CutPrefix(text, []byte("-"))
	if negative && len(digits) > 0 && (digits[0] == '-' || digits[0]|0x20 >= 'a') {
		return plainText // such as an option of a command
	}
	dots, letters, signs := 0, 0, 0
	for _, c := range digits {
		switch {
		case c >= '0' && c <= '9':
		case c == '.':
			dots++
		case bytes.IndexByte([]byte("+-_eE"), c) >= 0: // in 1e-6 and 1_000
			signs++
		case bytes.IndexByte([]byte("abcdfinoxABCDFINOX"), c) >= 0: // in 0xFACE, 0o644, 0b11, .inf and .NaN
			letters++
		default:
			return plainText
		}
	}
	switch {
	case dots > 1, letters > 0 && text[0] >= '1' && text[0] <= '9':
		return plainText
	case dots+letters+signs > 0, len(digits) == 0, len(digits) > 18, digits[0] == '0' && len(text) > 1:
		return plainUnclear
	default:
		return plainInteger
	}
}

// wordOf returns the word of JSON that a word stands for in YAML 1.1, or nothing.
func wordOf(text string) string {
	switch text {
	case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON":
		return "true"
	case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF":
		return "false"
	case "~", "null", "Null", "NULL":
		return "null"
	default:
		return ""
	}
}
