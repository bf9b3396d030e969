// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"bytes"
	"slices"
)

// A simpleReader turns YAML into JSON in one pass over the text, if it is of the
// simple form in which most manifests are written: mappings and sequences in block
// style, collections in flow style and quoted scalars on one line each, literal
// blocks, and plain scalars, all in ASCII. A parser of all YAML makes tokens, nodes
// and maps first, which takes several times as long and gives the garbage collector
// so much to do that a second core is of little use.
//
// It gives up on what it does not know and on all that is not plainly right; the
// parser then reads the document. So no error comes from here, and what is read
// here means what it means to the parser (FuzzValues).
type simpleReader struct {
	text []byte
	json []byte   // so far
	keys [][]byte // of the mappings around the current byte

	at     int // the next byte to read
	end    int // the end of its line, without the line break
	column int // of the first byte of content of the line, or of an entry behind its dash; -1 at the end
	depth  int // of collections around the current byte
}

// maxSimpleDepth is far below what the parser takes, and above what people write.
const maxSimpleDepth = 64

// simpleJSON returns the JSON form of a mapping in YAML of the simple form, and
// whether the text is one.
func simpleJSON(text []byte) ([]byte, bool) {
	for _, c := range text {
		if (c < ' ' || c > '~') && c != '\n' {
			return nil, false
		}
	}
	r := simpleReader{text: text, json: make([]byte, 0, len(text)+len(text)/8), keys: make([][]byte, 0, 32), end: -1}
	r.nextLine()
	if r.column >= 0 && !r.atDash() && r.block() && r.column < 0 {
		return r.json, true
	}
	return nil, false
}

// nextLine moves to the first byte of the next line with content.
func (r *simpleReader) nextLine() {
	for start := r.end + 1; start < len(r.text); start = r.end + 1 {
		r.end = r.lineEnd(start)
		r.at = r.skipSpaces(start)
		if r.at < r.end && r.text[r.at] != '#' {
			r.column = r.at - start
			return
		}
	}
	r.at, r.end, r.column = len(r.text), len(r.text), -1
}

// lineEnd returns the end of the line that begins at start.
func (r *simpleReader) lineEnd(start int) int {
	if n := bytes.IndexByte(r.text[start:], '\n'); n >= 0 {
		return start + n
	}
	return len(r.text)
}

// skipSpaces returns the offset of the first byte from i on that is no space.
func (r *simpleReader) skipSpaces(i int) int {
	for i < len(r.text) && r.text[i] == ' ' {
		i++
	}
	return i
}

// atDash reports whether an entry of a block sequence begins here.
func (r *simpleReader) atDash() bool { return isDash(r.text[r.at:min(r.at+2, len(r.text))]) }

// atLineEnd moves over spaces and reports whether nothing but a comment follows.
func (r *simpleReader) atLineEnd() bool {
	from := r.at
	r.at = r.skipSpaces(from)
	if r.at < r.end && r.text[r.at] == '#' && r.at > from {
		r.at = r.end
	}
	return r.at >= r.end
}

// block reads the collection in block style that begins here, and moves to the
// line behind it.
func (r *simpleReader) block() bool {
	r.depth++
	defer func() { r.depth-- }()
	switch {
	case r.depth > maxSimpleDepth:
		return false
	case r.atDash():
		return r.sequence()
	default:
		return r.mapping()
	}
}

func (r *simpleReader) mapping() bool {
	column, outer := r.column, len(r.keys)
	r.json = append(r.json, '{')
	for r.column == column {
		if !r.key() || !r.value(column, true) {
			return false
		}
		r.json = append(r.json, ',')
	}
	r.json[len(r.json)-1] = '}'
	return r.column < column && r.closeKeys(outer)
}

func (r *simpleReader) sequence() bool {
	column := r.column
	r.json = append(r.json, '[')
	for r.column == column && r.atDash() {
		dash := r.at
		r.at++
		ok := false
		switch {
		case r.atLineEnd():
			ok = r.value(column, false)
		case r.atDash() || r.keyEnd() > 0:
			r.column += r.at - dash
			ok = r.block()
		default:
			ok = r.value(column, false)
		}
		if !ok {
			return false
		}
		r.json = append(r.json, ',')
	}
	r.json[len(r.json)-1] = ']'
	return r.column <= column
}

// value reads what follows a key or a dash, and moves to the line behind it. What
// stands right of the parent's column belongs to the value; so does a sequence
// below a key in the same column.
func (r *simpleReader) value(parent int, ofKey bool) bool {
	if r.atLineEnd() {
		r.nextLine()
		if r.column > parent || ofKey && r.column == parent && r.atDash() {
			return r.block()
		}
		r.json = append(r.json, "null"...)
		return true
	}
	ok := false
	switch r.text[r.at] {
	case '|':
		return r.literal(parent)
	case '"', '\'', '[', '{':
		ok = r.enclosed()
	default:
		ok = r.plain(parent)
	}
	if !ok || !r.atLineEnd() {
		return false
	}
	r.nextLine()
	return r.column <= parent // otherwise the value goes on there
}

// key reads a key and its colon.
func (r *simpleReader) key() bool {
	end := r.keyEnd()
	if end < 0 {
		return false
	}
	name := bytes.Trim(r.text[r.at:end], `"'`)
	r.keys = append(r.keys, name)
	r.json = append(append(append(r.json, '"'), name...), `":`...)
	r.at = end + 1
	return true
}

// maxSimpleKey is far below what the parser takes, and above the names of labels.
const maxSimpleKey = 512

// keyEnd returns the offset of the colon behind the key that begins here, or -1.
// The key is text without quotes and escapes in it.
func (r *simpleReader) keyEnd() int {
	i := r.at
	quote := r.text[i]
	if quote == '"' || quote == '\'' {
		i++
	}
	start := i
	for i < r.end && isSimple(r.text[i]) {
		i++
	}
	name := r.text[start:i]
	switch {
	case len(name) == 0 || len(name) > maxSimpleKey:
		return -1
	case start > r.at && i < r.end && r.text[i] == quote:
		i++
	case start > r.at || plainForm(name) != plainText:
		return -1
	}
	if i < r.end && r.text[i] == ':' && (i+1 == r.end || r.text[i+1] == ' ') {
		return i
	}
	return -1
}

// closeKeys forgets the keys of a mapping and reports whether they differ.
func (r *simpleReader) closeKeys(outer int) bool {
	keys := r.keys[outer:]
	r.keys = r.keys[:outer]
	if len(keys) > 16 {
		slices.SortFunc(keys, bytes.Compare)
		return len(slices.CompactFunc(keys, bytes.Equal)) == len(keys)
	}
	for i, key := range keys {
		for _, other := range keys[:i] {
			if bytes.Equal(key, other) {
				return false
			}
		}
	}
	return true
}
