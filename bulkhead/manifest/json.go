// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"bytes"
	"encoding/json"
	"iter"
)

// The functions here find the boundaries of JSON values. They do not validate:
// on text that is not JSON they return some boundary or none, and the decoder
// that reads the pieces reports what is wrong.

// jsonEnd returns the offset after the JSON value that begins at text[i], or -1
// if it does not end.
func jsonEnd(text []byte, i int) int {
	if i >= len(text) {
		return -1
	}
	switch text[i] {
	case '"':
		return stringEnd(text, i)
	case '{', '[':
	default:
		if n := bytes.IndexAny(text[i:], ",]} \t\r\n"); n >= 0 {
			return i + n
		}
		return len(text)
	}
	for depth := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			end := stringEnd(text, i)
			if end < 0 {
				return -1
			}
			i = end - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// stringEnd returns the offset after the JSON string whose quote is text[i].
func stringEnd(text []byte, i int) int {
	for i++; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// A jsonMember is one member of a JSON object, by offsets in the object's text.
type jsonMember struct {
	name       string
	at         int // of the quote that begins the name
	start, end int // of the value
}

// members yields the members of a JSON object.
func members(object []byte) iter.Seq[jsonMember] {
	return func(yield func(jsonMember) bool) {
		i := skipSpace(object, 0)
		if i >= len(object) || object[i] != '{' {
			return
		}
		for i++; ; i++ {
			m := jsonMember{at: skipSpace(object, i)}
			if m.at >= len(object) || object[m.at] != '"' {
				return
			}
			nameEnd := stringEnd(object, m.at)
			if nameEnd < 0 {
				return
			}
			m.name = stringOf(object[m.at:nameEnd])
			i = skipSpace(object, nameEnd)
			if i >= len(object) || object[i] != ':' {
				return
			}
			m.start = skipSpace(object, i+1)
			if m.end = jsonEnd(object, m.start); m.end < 0 || !yield(m) {
				return
			}
			i = skipSpace(object, m.end)
			if i >= len(object) || object[i] != ',' {
				return
			}
		}
	}
}

// elements yields where the elements of a JSON array begin and end.
func elements(array []byte) iter.Seq2[int, int] {
	return func(yield func(start, end int) bool) {
		if len(array) == 0 || array[0] != '[' {
			return
		}
		for i := 1; ; i++ {
			i = skipSpace(array, i)
			if i >= len(array) || array[i] == ']' {
				return
			}
			end := jsonEnd(array, i)
			if end < 0 || !yield(i, end) {
				return
			}
			i = skipSpace(array, end)
			if i >= len(array) || array[i] != ',' {
				return
			}
		}
	}
}

// stringOf returns the text of a JSON string, and nothing for other values.
func stringOf(value []byte) string {
	if len(value) < 2 || value[0] != '"' {
		return ""
	}
	if inner := value[1 : len(value)-1]; bytes.IndexByte(inner, '\\') < 0 {
		return string(inner)
	}
	var s string
	if json.Unmarshal(value, &s) != nil {
		return ""
	}
	return s
}
