// SPDX-License-Identifier: Apache-2.0

package manifest

import "bytes"

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
