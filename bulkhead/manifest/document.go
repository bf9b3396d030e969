// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// A document is the text of one object and where it stands. The text is part of
// the input and is never changed.
type document struct {
	file   string
	number int // of the document in the file, counted from 1
	line   int // of the first byte of text, counted from 1
	column int // of the first byte of text, counted from 1
	text   []byte
	dash   int // for an entry of a YAML sequence: the offset of its dash, plus 1

	apiVersion, kind string    // of a List item that may leave them out
	whole            *document // the List that this item was cut from
}

// isItem reports whether the text was cut from a block sequence.
func (d *document) isItem() bool { return d.dash > 0 }

// yaml returns the text in the form that a YAML parser takes, of the same length
// and with the same lines. An item of a sequence loses its dash. A version
// directive becomes a comment: the parser takes none but 1.1, though Kubernetes
// reads all documents as 1.1.
func (d *document) yaml() []byte {
	directive := versionDirective(d.text)
	if !d.isItem() && directive < 0 {
		return d.text
	}
	text := bytes.Clone(d.text)
	if d.isItem() {
		text[d.dash-1] = ' '
	}
	if directive >= 0 {
		text[directive] = '#'
	}
	return text
}

// looksLikeJSON reports whether the text may be a JSON object. It may as well be
// a YAML mapping in flow style.
func (d *document) looksLikeJSON() bool {
	i := skipSpace(d.text, 0)
	return !d.isItem() && i < len(d.text) && d.text[i] == '{'
}

// isJSON reports whether the text is one JSON value that Kubernetes reads as such.
func (d *document) isJSON() bool {
	return d.looksLikeJSON() && json.Valid(d.text) && utf8.Valid(d.text)
}

// trimmed returns the document with the text, less blank lines and comments in
// front of it.
func (d document) trimmed(text []byte) document {
	for len(text) > 0 {
		line := firstLine(text)
		if !isSpaceOrComment(line) {
			break
		}
		text = text[len(line):]
		d.line++
	}
	d.text = text
	return d
}

// firstContent returns the number of the first line that is more than a marker or
// a comment, or 0 if there is none.
func (d *document) firstContent() int {
	number := d.line
	for offset := 0; offset < len(d.text); number++ {
		line := firstLine(d.text[offset:])
		offset += len(line)
		if isMarker(line, "---") {
			line = line[len("---"):]
		}
		if !isSpaceOrComment(line) {
			return number
		}
	}
	return 0
}

// versionDirective returns the offset of a %YAML 1.x directive, or -1.
func versionDirective(text []byte) int {
	directive := []byte("%YAML 1.")
	if !bytes.Contains(text, directive) {
		return -1
	}
	offset := 0
	for line := range bytes.Lines(text) {
		switch {
		case bytes.HasPrefix(line, directive):
			return offset
		case isMarker(line, "---"):
			return -1
		}
		offset += len(line)
	}
	return -1
}
