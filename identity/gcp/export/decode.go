// SPDX-License-Identifier: Apache-2.0

package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// MostBytes is how much of one export is read.
const MostBytes = 64 << 20

// mostErrors is how many elements of one export may be refused before the rest is not
// read any more.
const mostErrors = 100

// An Error is about one place of an export.
type Error struct {
	File   string // as the caller calls it
	Place  string // such as [3].policy.bindings[2].role; empty for all of it
	Reason string
}

// Error returns file, place and reason.
func (e *Error) Error() string {
	if e.Place == "" {
		return e.File + ": " + e.Reason
	}
	return e.File + ": " + e.Place + ": " + e.Reason
}

// A wrong is what is wrong with an element, below it.
type wrong struct{ place, reason string }

func (w *wrong) Error() string { return w.place + ": " + w.reason }

// each decodes the elements of an export one by one. What yield returns is an error
// about the element; the others are decoded all the same.
func each[T any](file string, r io.Reader, yield func(T) error) error {
	limited := &io.LimitedReader{R: r, N: MostBytes + 1}
	buffered := json.NewDecoder(limited)
	var errs []error
	refuse := func(place, reason string) { errs = append(errs, &Error{File: file, Place: place, Reason: reason}) }
	n := 0
	element := func(raw json.RawMessage) {
		place := fmt.Sprintf("[%d]", n)
		n++
		if len(errs) == mostErrors {
			refuse(place, "not read, since there are too many errors before it")
		}
		if len(errs) > mostErrors {
			return
		}
		if key := twice(raw); key != "" {
			refuse(place+key, "is there twice, and nobody knows which counts")
			return
		}
		var v T
		if err := json.Unmarshal(raw, &v); err != nil {
			refuse(place, plain(err))
			return
		}
		if err := yield(v); err != nil {
			if below, ok := errors.AsType[*wrong](err); ok {
				refuse(place+below.place, below.reason)
				return
			}
			refuse(place, err.Error())
		}
	}
	err := elements(buffered, element)
	switch {
	case limited.N <= 0:
		refuse("", fmt.Sprintf("larger than %d bytes", MostBytes))
	case err != nil:
		refuse(fmt.Sprintf("[%d]", n), plain(err))
	case n == 0 && buffered.InputOffset() == 0:
		refuse("", "is empty; a list without elements is []")
	}
	return errors.Join(errs...)
}

// elements yields the elements of an array, and values outside of arrays.
func elements(d *json.Decoder, yield func(json.RawMessage)) error {
	for {
		var raw json.RawMessage
		if !d.More() {
			if _, err := d.Token(); !errors.Is(err, io.EOF) {
				return err
			}
			return nil
		}
		if opens(d) {
			if err := array(d, yield); err != nil {
				return err
			}
			continue
		}
		if err := d.Decode(&raw); err != nil {
			return err
		}
		yield(raw)
	}
}

// opens reports whether an array comes next. More has filled the buffer.
func opens(d *json.Decoder) bool {
	ahead, err := io.ReadAll(io.LimitReader(d.Buffered(), 1<<10))
	return err == nil && bytes.HasPrefix(bytes.TrimLeft(ahead, " \t\r\n"), []byte("["))
}

func array(d *json.Decoder, yield func(json.RawMessage)) error {
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		yield(raw)
	}
	_, err := d.Token()
	return err
}

// plain returns an error of the decoder without the values that it quotes.
func plain(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("no JSON after %d bytes", syntax.Offset)
	case errors.As(err, &kind):
		return "the field " + kind.Field + " is a " + kind.Value + ", which it cannot be"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "ends before its JSON does"
	default:
		return err.Error()
	}
}
