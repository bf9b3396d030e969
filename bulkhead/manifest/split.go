// SPDX-License-Identifier: Apache-2.0

package manifest

import "bytes"

// byteOrderMark may begin a file and, where files were joined, any document.
const byteOrderMark = "\xef\xbb\xbf"

// split cuts a stream into documents and passes them to yield until that returns
// false. A document marker is a line that begins with "---" or "..." followed by
// space or the end of the line (YAML 1.2, section 9.1.2); no block scalar, quoted
// text or comment can hold one. Documents without content are counted, but left
// out.
func split(file string, text []byte, yield func(document) bool) {
	next := document{file: file, number: 1, line: 1, column: 1}
	start, line := 0, 1
	content, directives := false, false // seen since start

	for offset := 0; offset < len(text); line++ {
		raw := firstLine(text[offset:])
		if !content && bytes.HasPrefix(raw, []byte(byteOrderMark)) {
			raw = raw[len(byteOrderMark):]
			offset += len(byteOrderMark)
			if !directives {
				start, next.line = offset, line
			}
		}
		begins, ends := isMarker(raw, "---"), isMarker(raw, "...")
		if (begins || ends) && content {
			next.text = text[start:offset]
			if next.firstContent() > 0 && !yield(next) {
				return
			}
			next.number++
		}
		switch {
		case begins && directives:
			content, directives = true, false
		case begins:
			start, next.line, content = offset, line, true
		case ends:
			start, next.line, content, directives = offset+len(raw), line+1, false, false
		case content || isSpaceOrComment(raw):
		case raw[0] == '%':
			directives = true
		default:
			content, directives = true, false
		}
		offset += len(raw)
	}
	if next.text = text[start:]; content && next.firstContent() > 0 {
		yield(next)
	}
}
