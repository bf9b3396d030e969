// SPDX-License-Identifier: Apache-2.0

package manifest

import "bytes"

// byteOrderMark may begin a file and, where files were joined, any document.
const byteOrderMark = "\xef\xbb\xbf"

// split cuts a stream into documents. A marker is a line that begins with "---"
// or "..." followed by space or the end of the line (YAML 1.2, section 9.1.2),
// which no block scalar, quoted text or comment can contain at that place.
// Documents that hold nothing are left out but counted.
func split(file string, text []byte) []document {
	var out []document
	next := document{file: file, number: 1, line: 1, column: 1}
	start, offset, line := 0, 0, 1
	content, directives := false, false // seen since start

	cut := func(end int) {
		next.text = text[start:end]
		if !next.isBlank() {
			out = append(out, next)
		}
		next.number++
	}
	begin := func() {
		start, next.line, content, directives = offset, line, false, false
	}
	for offset < len(text) {
		raw := text[offset:]
		if i := bytes.IndexByte(raw, '\n'); i >= 0 {
			raw = raw[:i+1]
		}
		if bom := len(byteOrderMark); !content && bytes.HasPrefix(raw, []byte(byteOrderMark)) {
			if offset == start {
				start += bom
			}
			offset += bom
			raw = raw[bom:]
		}
		switch {
		case isMarker(raw, "---"):
			if content {
				cut(offset)
			}
			if content || !directives {
				begin()
			}
			content = true
		case isMarker(raw, "..."):
			if content {
				cut(offset)
			}
			offset += len(raw)
			line++
			begin()
			continue
		case !content && len(raw) > 0 && raw[0] == '%':
			directives = true
		case !content && !isSpaceOrComment(raw):
			content = true
		}
		offset += len(raw)
		line++
	}
	if content {
		cut(len(text))
	}
	return out
}

// isMarker reports whether a line begins with a document marker.
func isMarker(line []byte, marker string) bool {
	rest, ok := bytes.CutPrefix(line, []byte(marker))
	return ok && (len(rest) == 0 || bytes.IndexByte([]byte(" \t\r\n"), rest[0]) >= 0)
}

func isSpaceOrComment(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) == 0 || line[0] == '#'
}
