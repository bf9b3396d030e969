// SPDX-License-Identifier: Apache-2.0

// Package strict reads JSON that this library wrote into the types that it was written
// from, and takes nothing that those do not say: a key that is missing or unknown, in
// other letters or there twice, a null or a value of another type, or something behind
// the value. What a file leaves out would otherwise pass for false, or for none.
package strict

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"strconv"
	"strings"
)

// What one read may take. A value of a few bytes may become some hundred in memory.
const (
	mostBytes  = 64 << 20
	mostValues = 1_000_000
)

// An Error is the first mistake of a document.
type Error struct {
	// Place is where it is, as in "accounts[0].user". Empty for the whole document.
	Place string
	Err   error
}

// Error says the place and the mistake. It repeats keys, and no other value.
func (e *Error) Error() string {
	if e.Place == "" {
		return e.Err.Error()
	}
	return e.Place + ": " + e.Err.Error()
}

// Unwrap returns the mistake.
func (e *Error) Unwrap() error { return e.Err }

// Decode reads one value into what into points to: structs whose fields all have a json
// tag, slices, maps with keys of type string, pointers, strings, bools, int for numbers
// of 32 bits and int64. A key may be left out if its tag says omitempty or omitzero;
// null stands for a nil slice, map or pointer. Errors are [*Error]; what was read until
// then stays.
func Decode(r io.Reader, into any) error {
	limited := &io.LimitedReader{R: r, N: mostBytes + 1}
	d := decoder{Decoder: json.NewDecoder(limited)}
	d.UseNumber()
	d.value(reflect.ValueOf(into).Elem(), "")
	if d.err == nil {
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			d.fail("", errors.New("there is something behind the document"))
		}
	}
	if limited.N == 0 {
		return &Error{Err: fmt.Errorf("more than %d bytes", mostBytes)}
	}
	if d.err != nil {
		return d.err
	}
	return nil
}

// A decoder keeps the first mistake, and reads nothing after it.
type decoder struct {
	*json.Decoder
	values int
	err    *Error
}

func (d *decoder) fail(at string, err error) {
	if d.err == nil {
		d.err = &Error{Place: at, Err: err}
	}
}

// token returns the next token, and whether there is one.
func (d *decoder) token(at string) (json.Token, bool) {
	if d.err != nil {
		return nil, false
	}
	token, err := d.Token()
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		d.fail(at, err)
	}
	return token, err == nil
}

func (d *decoder) value(into reflect.Value, at string) {
	token, ok := d.token(at)
	if !ok {
		return
	}
	if d.values++; d.values > mostValues {
		d.fail(at, fmt.Errorf("more than %d values", mostValues))
		return
	}
	kind := into.Kind()
	if token == nil {
		if kind != reflect.Slice && kind != reflect.Map && kind != reflect.Pointer {
			d.fail(at, errors.New("null"))
		}
		return
	}
	if kind == reflect.Pointer {
		into.Set(reflect.New(into.Type().Elem()))
		into = into.Elem()
		kind = into.Kind()
	}
	switch {
	case token == json.Delim('{') && kind == reflect.Struct:
		d.object(into, at)
	case token == json.Delim('{') && kind == reflect.Map:
		d.entries(into, at)
	case token == json.Delim('[') && kind == reflect.Slice:
		d.list(into, at)
	case !scalar(token, into):
		d.fail(at, fmt.Errorf("is no %s", plain(kind)))
	}
}

// plain is what a kind of Go is called in a document.
func plain(k reflect.Kind) string {
	switch k {
	case reflect.Struct, reflect.Map:
		return "object"
	case reflect.Slice:
		return "list"
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	default:
		return "whole number, or one that is too large"
	}
}

// scalar sets into, and reports whether the token is of its type.
func scalar(token json.Token, into reflect.Value) bool {
	switch value := token.(type) {
	case string:
		if into.Kind() == reflect.String {
			into.SetString(value)
			return true
		}
	case bool:
		if into.Kind() == reflect.Bool {
			into.SetBool(value)
			return true
		}
	case json.Number:
		bits := 64
		if into.Kind() == reflect.Int {
			bits = 32 // as much as an int has everywhere
		}
		if n, err := strconv.ParseInt(value.String(), 10, bits); err == nil && into.CanInt() {
			into.SetInt(n)
			return true
		}
	}
	return false
}

func (d *decoder) object(into reflect.Value, at string) {
	wanted := fields(into)
	d.each(at, below, func(name, place string) {
		field, ok := wanted[name]
		if !ok {
			d.fail(place, errors.New("is no key of it"))
			return
		}
		delete(wanted, name)
		d.value(field.value, place)
	})
	for f := range into.Type().Fields() { // in order, so that the first that is missing is named
		for _, name := range names(f) {
			if field, missing := wanted[name]; missing && !field.optional {
				d.fail(below(at, name), errors.New("is missing"))
			}
		}
	}
}

// each reads the keys of an object up to its end, and calls read for the value of each
// with its place.
func (d *decoder) each(at string, placed func(at, key string) string, read func(key, place string)) {
	seen := make(map[string]bool)
	for d.err == nil && d.More() {
		token, ok := d.token(at)
		if !ok {
			return
		}
		key, _ := token.(string)
		if seen[key] {
			d.fail(placed(at, key), errors.New("is there twice"))
			return
		}
		seen[key] = true
		read(key, placed(at, key))
	}
	d.token(at)
}

func (d *decoder) entries(into reflect.Value, at string) {
	into.Set(reflect.MakeMap(into.Type()))
	d.each(at, entry, func(key, place string) {
		value := reflect.New(into.Type().Elem()).Elem()
		d.value(value, place)
		into.SetMapIndex(reflect.ValueOf(key), value)
	})
}

func (d *decoder) list(into reflect.Value, at string) {
	into.Set(reflect.MakeSlice(into.Type(), 0, 0))
	for i := 0; d.err == nil && d.More(); i++ {
		value := reflect.New(into.Type().Elem()).Elem()
		d.value(value, at+"["+strconv.Itoa(i)+"]")
		into.Set(reflect.Append(into, value))
	}
	d.token(at)
}

// A field is where the value of a key goes.
type field struct {
	value    reflect.Value
	optional bool
}

// fields returns the fields of a struct by their keys, those of embedded structs too.
func fields(of reflect.Value) map[string]field {
	out := make(map[string]field)
	for i := range of.NumField() {
		if of.Type().Field(i).Anonymous {
			maps.Copy(out, fields(of.Field(i)))
			continue
		}
		name, options, _ := strings.Cut(of.Type().Field(i).Tag.Get("json"), ",")
		out[name] = field{value: of.Field(i), optional: options != ""}
	}
	return out
}

// names returns the keys of a field: several if it is embedded.
func names(f reflect.StructField) []string {
	if !f.Anonymous {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return []string{name}
	}
	var out []string
	for inner := range f.Type.Fields() {
		out = append(out, names(inner)...)
	}
	return out
}

// entry is the place of a key of a map.
func entry(at, key string) string { return at + "[" + strconv.QuoteToASCII(key) + "]" }

// below is the place of a key of a struct. One that is no plain word is quoted, as it may be meant
// to deceive.
func below(at, key string) string {
	if quoted := strconv.QuoteToASCII(key); key == "" || quoted != `"`+key+`"` || strings.ContainsAny(key, ".[]: ") {
		return entry(at, key)
	}
	return strings.TrimPrefix(at+"."+key, ".")
}
