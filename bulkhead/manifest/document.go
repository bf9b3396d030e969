// SPDX-License-Identifier: Apache-2.0

package manifest

import "bytes"

// A document is the text of one object and where it stands. The text is part of
// the input and is never changed.
type document struct {
	file   string
	number int // of the document in the file, counted from 1
	line   int // of the first byte of text, counted from 1
	column int // of the first byte of text, counted from 1
	text   []byte
	dash   int // where text is an item of a YAML list: the offset of its dash plus 1

	apiVersion, kind string // of a List item that may leave them out
	list             *list  // the List that this is an item of
}

// A list is a List whose items are read as documents of their own.
type list struct {
	whole document // to be read as one, should the items not stand alone
}

// yaml returns the text in the form that a YAML parser takes: an item of a list
// loses its dash and keeps its columns, and a version directive becomes a comment, since the parser
// refuses every version but 1.1 and Kubernetes reads all as 1.1.
func (d *document) yaml() []byte {
	directive := versionDirective(d.text)
	if d.dash == 0 && directive < 0 {
		return d.text
	}
	text := bytes.Clone(d.text)
	if d.dash > 0 {
		text[d.dash-1] = ' '
	}
	if directive >= 0 {
		text[directive] = '#'
	}
	return text
}

// isJSON reports whether the text may be a JSON object.
func (d *document) isJSON() bool {
	text := bytes.TrimLeft(d.text, " \t\r\n")
	return d.dash == 0 && len(text) > 0 && text[0] == '{'
}

// isBlank reports whether nothing but comments and markers stands in the text.
func (d *document) isBlank() bool {
	for line := range bytes.Lines(d.text) {
		line = bytes.TrimSpace(line)
		if rest, ok := bytes.CutPrefix(line, []byte("---")); ok {
			line = bytes.TrimSpace(rest)
		}
		if len(line) > 0 && line[0] != '#' {
			return false
		}
	}
	return true
}

// versionDirective returns the offset of a %YAML 1.x directive, or -1.
func versionDirective(text []byte) int {
	if !bytes.Contains(text, []byte("%YAML 1.")) {
		return -1
	}
	offset := 0
	for line := range bytes.Lines(text) {
		switch {
		case bytes.HasPrefix(line, []byte("%YAML 1.")):
			return offset
		case isMarker(line, "---"):
			return -1
		}
		offset += len(line)
	}
	return -1
}
