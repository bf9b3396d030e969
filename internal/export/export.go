// SPDX-License-Identifier: Apache-2.0

// Package export reads what the command lines of clouds print as JSON: one document,
// or several behind each other. Each value knows its place, and a key that is there
// twice is a mistake, since nobody knows which of the two counts.
package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/watertight-go/watertight/identity"
)

// What one read may take.
const (
	mostBytes  = 64 << 20
	mostDepth  = 100
	mostValues = 1_000_000 // some hundred bytes each; a role with its inline policies has a hundred or two
)

// A Value is a value of a document.
type Value struct {
	document, place string
	raw             any // map[string]any, []any, string, json.Number, bool or nil
}

// Read returns the documents of a stream. Mistakes are [*identity.DocumentError].
func Read(document string, r io.Reader) ([]Value, error) {
	limited := &io.LimitedReader{R: r, N: mostBytes + 1}
	decoder := reading{Decoder: json.NewDecoder(limited)}
	decoder.UseNumber()
	var out []Value
	for {
		at := place(len(out))
		raw, err := decoder.read(0)
		switch {
		case limited.N == 0:
			return out, &identity.DocumentError{Document: document, Place: at, Err: fmt.Errorf("more than %d bytes", mostBytes)}
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return out, &identity.DocumentError{Document: document, Place: at + "byte " + strconv.FormatInt(decoder.InputOffset(), 10), Err: err}
		}
		out = append(out, Value{document: document, place: at, raw: raw})
	}
}

// place names documents behind the first.
func place(i int) string {
	if i == 0 {
		return ""
	}
	return "document " + strconv.Itoa(i+1) + " "
}

// A reading counts the values of all documents.
type reading struct {
	*json.Decoder
	values int
}

// read reads the next value. It gives io.EOF where none begins.
func (r *reading) read(depth int) (any, error) {
	token, err := r.Token()
	if err != nil {
		return nil, err
	}
	if depth > mostDepth {
		return nil, fmt.Errorf("more than %d levels", mostDepth)
	}
	if r.values++; r.values > mostValues {
		return nil, fmt.Errorf("more than %d values", mostValues)
	}
	switch token {
	case json.Delim('{'):
		return r.readObject(depth)
	case json.Delim('['):
		var list []any
		for r.More() {
			element, err := r.read(depth + 1)
			if err != nil {
				return nil, cut(err)
			}
			list = append(list, element)
		}
		_, err := r.Token()
		return list, cut(err)
	default:
		return token, nil
	}
}

func (r *reading) readObject(depth int) (any, error) {
	object := make(map[string]any)
	for r.More() {
		key, err := r.Token()
		if err != nil {
			return nil, cut(err)
		}
		name, _ := key.(string)
		if _, twice := object[name]; twice {
			return nil, fmt.Errorf("the key %q is there twice", name)
		}
		if object[name], err = r.read(depth + 1); err != nil {
			return nil, cut(err)
		}
	}
	_, err := r.Token()
	return object, cut(err)
}

// cut tells a document that ends in the middle from the end of the stream.
func cut(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Fail returns an error about a value.
func (v Value) Fail(format string, args ...any) error {
	return &identity.DocumentError{Document: v.document, Place: v.place, Err: fmt.Errorf(format, args...)}
}

// Document is the name of what was read.
func (v Value) Document() string { return v.document }

// Has reports whether the value is an object with a key that is not null.
func (v Value) Has(key string) bool {
	object, ok := v.raw.(map[string]any)
	return ok && object[key] != nil
}

// Get returns the value of a key, which is null if there is none.
func (v Value) Get(key string) Value {
	at := key
	switch {
	case strings.ContainsFunc(key, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) }):
		at = "[" + strconv.Quote(key) + "]"
	case v.place != "" && !strings.HasSuffix(v.place, " "):
		at = "." + key
	}
	object, _ := v.raw.(map[string]any)
	return Value{document: v.document, place: v.place + at, raw: object[key]}
}

// Keys returns the keys of an object, sorted.
func (v Value) Keys() ([]string, error) {
	object, ok := v.raw.(map[string]any)
	if !ok {
		return nil, v.Fail("no object")
	}
	return slices.Sorted(maps.Keys(object)), nil
}

// IsNull reports whether the value is null, or is not there.
func (v Value) IsNull() bool { return v.raw == nil }

// IsList reports whether the value is a list.
func (v Value) IsList() bool {
	_, ok := v.raw.([]any)
	return ok
}

// Elements returns the elements of a list, and of anything else but null the value
// itself.
func (v Value) Elements() []Value {
	list, ok := v.raw.([]any)
	switch {
	case v.raw == nil:
		return nil
	case !ok:
		return []Value{v}
	}
	out := make([]Value, len(list))
	for i, raw := range list {
		out[i] = Value{document: v.document, place: v.place + "[" + strconv.Itoa(i) + "]", raw: raw}
	}
	return out
}

// Text returns a text. Null is the empty text.
func (v Value) Text() (string, error) {
	switch raw := v.raw.(type) {
	case nil:
		return "", nil
	case string:
		return raw, nil
	default:
		return "", v.Fail("no text")
	}
}

// Texts returns one text or a list of texts; numbers and bools are texts too.
func (v Value) Texts() ([]string, error) {
	var out []string
	for _, element := range v.Elements() {
		switch raw := element.raw.(type) {
		case string:
			out = append(out, raw)
		case json.Number:
			out = append(out, raw.String())
		case bool:
			out = append(out, strconv.FormatBool(raw))
		default:
			return nil, element.Fail("no text")
		}
	}
	return out, nil
}

// Bool returns a bool. Null is false.
func (v Value) Bool() (bool, error) {
	switch raw := v.raw.(type) {
	case nil:
		return false, nil
	case bool:
		return raw, nil
	default:
		return false, v.Fail("neither true nor false")
	}
}
