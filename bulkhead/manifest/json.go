// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"bytes"
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

func skipSpace(text []byte, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '\n') {
		i++
	}
	return i
}

// members yields the keys of a JSON object, unquoted where they hold no escape,
// and where their values begin and end.
func members(object []byte) iter.Seq2[string, [2]int] {
	return func(yield func(string, [2]int) bool) {
		i := skipSpace(object, 0)
		if i >= len(object) || object[i] != '{' {
			return
		}
		for i++; ; i++ {
			i = skipSpace(object, i)
			if i >= len(object) || object[i] != '"' {
				return
			}
			end := stringEnd(object, i)
			if end < 0 {
				return
			}
			key := string(object[i+1 : end-1])
			i = skipSpace(object, end)
			if i >= len(object) || object[i] != ':' {
				return
			}
			i = skipSpace(object, i+1)
			end = jsonEnd(object, i)
			if end < 0 || !yield(key, [2]int{i, end}) {
				return
			}
			i = skipSpace(object, end)
			if i >= len(object) || object[i] != ',' {
				return
			}
		}
	}
}

// elements yields where the elements of a JSON array begin and end.
func elements(array []byte) iter.Seq[[2]int] {
	return func(yield func([2]int) bool) {
		if len(array) == 0 || array[0] != '[' {
			return
		}
		for i := 1; ; i++ {
			i = skipSpace(array, i)
			if i >= len(array) || array[i] == ']' {
				return
			}
			end := jsonEnd(array, i)
			if end < 0 || !yield([2]int{i, end}) {
				return
			}
			i = skipSpace(array, end)
			if i >= len(array) || array[i] != ',' {
				return
			}
		}
	}
}
