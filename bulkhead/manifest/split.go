// SPDX-License-Identifier: Apache-2.0

package manifest

import "bytes"

// byteOrderMark may begin a file and, where files were joined, any document.
const byteOrderMark = "\xef\xbb\xbf"

// mayDivide reports whether a line that begins with c may be a marker, with or
// without a byte order mark in front.
func mayDivide(c byte) bool { return c == '-' || c == '.' || c == byteOrderMark[0] }

// split cuts a stream into documents and passes them to yield until that returns
// false. A document marker is a line that begins with "---" or "..." followed by
// space or the end of the line (YAML 1.2, section 9.1.2); no block scalar, quoted
// text or comment can hold one. Documents without content are counted, but left
// out.
func split(file string, text []byte, yield func(document) bool) {
	next := document{file: file, number: 1, line: 1, column: 1}
	start, line := 0, 1
	content, directives := false, false // seen since start

	unix := bytes.IndexByte(text, '\r') < 0
	for offset := 0; offset < len(text); line++ {
		if content && unix && !mayDivide(text[offset]) {
			// Most lines are such, and this is the cheapest way past them.
			if n := bytes.IndexByte(text[offset:], '\n'); n >= 0 {
				offset += n + 1
				continue
			}
			break
		}
		raw, end := firstLine(text[offset:]), offset
		if rest, ok := bytes.CutPrefix(raw, []byte(byteOrderMark)); ok && (offset == start || !content || isMarker(rest, "---")) {
			raw = rest
			offset += len(byteOrderMark)
			if end == start {
				start = offset
			}
		}
		begins, ends := isMarker(raw, "---"), isMarker(raw, "...")
		if (begins || ends) && content {
			if doc := next.trimmed(text[start:max(start, end)]); doc.firstContent() > 0 && !yield(doc) {
				return
			}
			next.number++
		}
		behind := offset + len(raw)
		switch {
		case begins && directives:
			content, directives = true, false // the directives need their marker
		case begins && isSpaceOrComment(raw[len("---"):]):
			start, next.line, content = behind, line+1, true
		case begins:
			start, next.line, content = offset, line, true
		case ends && !isSpaceOrComment(raw[len("..."):]):
			start, next.line, content = offset, line, true // the parser says what is wrong
		case ends:
			start, next.line, content, directives = behind, line+1, false, false
		case content || isSpaceOrComment(raw):
		case raw[0] == '%':
			directives = true
		default:
			content, directives = true, false
		}
		offset = behind
	}
	if doc := next.trimmed(text[start:]); content && doc.firstContent() > 0 {
		yield(doc)
	}
}
