// SPDX-License-Identifier: Apache-2.0

package layers

import (
	"compress/gzip"
	"encoding/base64"
	"io"
	"iter"
	"net/url"
	"strings"
	"unicode/utf8"
)

// shortest is the length of the shortest text that is worth taking apart: eight bytes
// of a secret are eleven of base64.
const shortest = 8

// gunzip unpacks what begins like gzip. More than what may still be unpacked is cut
// off, and counts as unfinished.
func (w *walker) gunzip(text string) (string, bool) {
	if !strings.HasPrefix(text, "\x1f\x8b\x08") {
		return "", false
	}
	reader, err := gzip.NewReader(strings.NewReader(text))
	if err != nil {
		return "", false
	}
	room := max(0, min(w.bytes, w.budget.Bytes))
	data, err := io.ReadAll(io.LimitReader(reader, room+1))
	if int64(len(data)) > room {
		w.complete = false
		data = data[:room]
	}
	if err != nil && len(data) == 0 {
		return "", false
	}
	return string(data), true
}

// decodeBase64 decodes text that is base64 as a whole, of either alphabet, with or
// without padding and line breaks. Words such as backend-credentials are base64 by
// chance: what decodes to bytes that are neither text nor gzip has to look random.
func decodeBase64(text string) (string, bool) {
	if len(text) < shortest || !base64Alphabet(text) {
		return "", false
	}
	if strings.ContainsAny(text, " \t\r\n") {
		text = strings.Join(strings.Fields(text), "")
	}
	text = strings.TrimRight(text, "=")
	encoding := base64.RawStdEncoding
	if strings.ContainsAny(text, "-_") {
		encoding = base64.RawURLEncoding
	}
	data, err := encoding.DecodeString(text)
	if err != nil || len(data) == 0 {
		return "", false
	}
	decoded := string(data)
	if !utf8.ValidString(decoded) && !looksRandom(text) && !strings.HasPrefix(decoded, "\x1f\x8b") {
		return "", false
	}
	return decoded, true
}

// looksRandom reports whether of a text of base64 at least a fifth is capitals and a
// fifth small letters. Of random bytes each is two fifths; of words nearly all is small.
func looksRandom(text string) bool {
	capitals, small := 0, 0
	for i := range len(text) { // counted without branches, which nothing could predict
		c := int(text[i])
		capitals += within(c, 'A', 'Z')
		small += within(c, 'a', 'z')
	}
	return len(text) >= 16 && 5*capitals >= len(text) && 5*small >= len(text)
}

// within is 1 if c is from first to last, and 0 otherwise.
func within(c, first, last int) int {
	return int(uint(c-first-(last-first+1)) >> 63 & (uint(first-1-c) >> 63))
}

// base64Alphabet reports whether text has only characters of base64. Most texts fail
// early, so that this costs little.
func base64Alphabet(text string) bool {
	const (
		low  = 1<<'\t' | 1<<'\n' | 1<<'\r' | 1<<' ' | 1<<'+' | 1<<'-' | 1<<'/' | (1<<10-1)<<'0' | 1<<'='
		high = (1<<26-1)<<('A'-64) | 1<<('_'-64) | (1<<26-1)<<('a'-64)
	)
	for i := range len(text) {
		c, set := text[i], uint64(low)
		if c >= 64 {
			set = high
		}
		if c >= 128 || set>>(c&63)&1 == 0 {
			return false
		}
	}
	return true
}

// decodeURL decodes percent-encoding, if there is any.
func decodeURL(text string) (string, bool) {
	if !strings.Contains(text, "%") {
		return "", false
	}
	decoded, err := url.PathUnescape(text)
	return decoded, err == nil && decoded != text
}

// decodeEscapes takes the escapes of a string off JSON objects that are in one without its
// quotes, {\"a\":1}, from the first that begins so.
func decodeEscapes(text string) (string, bool) {
	for strings.Contains(text, `\"`) {
		at := strings.IndexByte(text, '{')
		if at < 0 {
			return "", false
		}
		text = text[at:]
		inner := strings.TrimLeft(text[1:], "\\nrt \t\r\n")
		if before := text[:len(text)-len(inner)]; strings.HasPrefix(inner, `"`) && strings.HasSuffix(before, `\`) {
			return strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\/`, "/", `\n`, "\n", `\r`, "\r", `\t`, "\t").Replace(text), true
		}
		text = text[1:]
	}
	return "", false
}

// wordsOf yields the words of a text: what stands between blanks, quotes, commas and
// semicolons, and of NAME=VALUE also the value.
func wordsOf(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n\"'`,;", r) }) {
			if len(word) < 11 {
				continue
			}
			if !yield(word) {
				return
			}
			if _, value, ok := strings.Cut(strings.TrimRight(word, "="), "="); ok && len(value) >= 11 && !yield(value) {
				return
			}
		}
	}
}
