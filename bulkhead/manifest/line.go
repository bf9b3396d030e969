// SPDX-License-Identifier: Apache-2.0

package manifest

import "bytes"

// firstLine returns the first line of text, with its end. A carriage return alone
// ends a line too, as it does in YAML.
func firstLine(text []byte) []byte {
	if len(text) > 1 && (text[0] == '\n' || text[0] == '\r' && text[1] != '\n') {
		return text[:1]
	}
	for n := 64; ; n *= 2 { // a line feed may be far behind many carriage returns
		window := text[:min(n, len(text))]
		feed := bytes.IndexByte(window, '\n')
		if feed >= 0 {
			window = window[:feed]
		}
		carriage := bytes.IndexByte(window, '\r')
		switch {
		case carriage >= 0 && carriage+1 < len(text) && text[carriage+1] != '\n':
			return text[:carriage+1]
		case feed >= 0:
			return text[:feed+1]
		case len(window) == len(text):
			return text
		}
	}
}

// isMarker reports whether a line begins with a document marker.
func isMarker(line []byte, marker string) bool {
	rest, ok := bytes.CutPrefix(line, []byte(marker))
	return ok && (len(rest) == 0 || isSpace(rest[0]))
}

// isSpaceOrComment reports whether a line has no content. A comment ends at the
// line breaks that only YAML 1.1 knows, and what stands behind them is content.
func isSpaceOrComment(line []byte) bool {
	line = bytes.TrimLeft(line, " \t\r\n")
	return len(line) == 0 || line[0] == '#' && !hasUnicodeBreak(line)
}

func hasUnicodeBreak(text []byte) bool {
	for _, end := range []string{"\u0085", "\u2028", "\u2029"} {
		if bytes.Contains(text, []byte(end)) {
			return true
		}
	}
	return false
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// skipSpace returns the offset of the first byte from i on that is no space.
func skipSpace(text []byte, i int) int {
	for i < len(text) && isSpace(text[i]) {
		i++
	}
	return i
}

// A place is a line and a column, both counted from 1.
type place struct{ line, column int }

// after returns the place behind text that begins at p.
func (p place) after(text []byte) place {
	if i := bytes.LastIndexByte(text, '\n'); i >= 0 {
		return place{p.line + bytes.Count(text, []byte{'\n'}), len(text) - i}
	}
	return place{p.line, p.column + len(text)}
}
