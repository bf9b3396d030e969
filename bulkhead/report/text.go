// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// output is text that grows.
type output struct{ strings.Builder }

func (o *output) printf(format string, args ...any) { fmt.Fprintf(&o.Builder, format, args...) }

// clean makes a name fit to be shown: what does not print, what changes the direction
// of writing, and marks that pile up on the letter before become the replacement
// character. Names of Kubernetes have none of it; those in files may.
func clean(name string) string {
	return strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !strconv.IsPrint(r) || unicode.Is(unicode.M, r) {
			return unicode.ReplacementChar
		}
		return r
	}, name)
}

// shorten cuts the middle out of a text that is wider than most columns. Names tell
// the most at their ends.
func shorten(text string, most int) string {
	if columns(text) <= most {
		return text
	}
	runes := []rune(text)
	head, tail := 0, len(runes)
	for left := most - 1; ; {
		if left -= columnsOf(runes[head]); left < 0 {
			break
		}
		head++
		if left -= columnsOf(runes[tail-1]); left < 0 {
			break
		}
		tail--
	}
	return string(runes[:head]) + "…" + string(runes[tail:])
}

// columns is how wide a text is in a font in which all letters are equally wide,
// save those that fill two columns. It rather counts too many.
func columns(text string) int {
	n := 0
	for _, r := range text {
		n += columnsOf(r)
	}
	return n
}

// columnsOf takes every letter after those of Europe and the Middle East for a wide one.
func columnsOf(r rune) int {
	if r < 0x1100 || r == '…' || r == unicode.ReplacementChar {
		return 1
	}
	return 2
}

// cut ends a long text after a number of bytes, at a separator, and says how much more
// there is.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	at := strings.LastIndexAny(text[:most], ",; ")
	if at <= 0 {
		return shorten(text, most)
	}
	more := strings.Count(text[at:], ",") + strings.Count(text[at:], ";")
	return text[:at] + " and " + strconv.Itoa(max(more, 1)) + " more"
}

// count writes a number of things.
func count(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return grouped(n) + " " + word + "s"
}

// grouped writes a number with a comma between thousands.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}
