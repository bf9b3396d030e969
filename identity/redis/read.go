// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/watertight-go/watertight/identity"
)

// What a snapshot may hold, far above what servers have, so that a hostile one takes
// bounded time and memory.
const (
	mostBytes       = 64 << 20
	mostUsers       = 10_000
	mostCommands    = 1_000
	mostKeySpecs    = 16
	mostRulesOfUser = 1_000
	mostRules       = 20_000
)

// Write writes the snapshot as JSON, for [ReadSnapshot]. Errors are those of the writer.
func (s *Snapshot) Write(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(s)
}

// ReadSnapshot reads a snapshot that [Snapshot.Write] wrote. The name is what errors call
// the document, such as that of its file. It takes nothing that it does not know: a
// field of another name, one that is there twice, a value of another type, two users or
// two commands of one name, a rule about a password, something behind the snapshot, or
// more than 64 MB. Errors are [*identity.DocumentError] and name the place.
func ReadSnapshot(name string, r io.Reader) (*Snapshot, error) {
	limited := &io.LimitedReader{R: r, N: mostBytes + 1}
	decoder := json.NewDecoder(limited)
	decoder.UseNumber()
	var s Snapshot
	at, err := decode(decoder, reflect.ValueOf(&s).Elem(), "")
	if err == nil {
		if _, behind := decoder.Token(); !errors.Is(behind, io.EOF) {
			err = errors.New("there is something behind the snapshot")
		}
	}
	if err != nil && s.Kind != "" && s.Kind != SnapshotKind {
		at, err = "kind", wrongKind() // all else of another kind is wrong too
	}
	if limited.N == 0 {
		at, err = "", fmt.Errorf("more than %d bytes", mostBytes)
	}
	if err == nil {
		at, err = s.judge()
	}
	if err != nil {
		return nil, &identity.DocumentError{Document: name, Place: at, Err: err}
	}
	return &s, nil
}

// decode reads the next value into one of the types of a snapshot. With an error it
// returns the place.
func decode(d *json.Decoder, into reflect.Value, at string) (string, error) {
	token, err := d.Token()
	if err != nil {
		return at, cut(err)
	}
	if token == nil {
		switch into.Kind() {
		case reflect.Slice, reflect.Map, reflect.Pointer:
			return "", nil
		default:
			return at, errors.New("null")
		}
	}
	if into.Kind() == reflect.Pointer {
		into.Set(reflect.New(into.Type().Elem()))
		into = into.Elem()
	}
	switch kind := into.Kind(); {
	case token == json.Delim('{') && kind == reflect.Struct:
		return decodeStruct(d, into, at)
	case token == json.Delim('{') && kind == reflect.Map:
		return decodeMap(d, into, at)
	case token == json.Delim('[') && kind == reflect.Slice:
		return decodeList(d, into, at)
	default:
		return at, decodeScalar(token, into)
	}
}

func decodeScalar(token json.Token, into reflect.Value) error {
	switch value := token.(type) {
	case string:
		if into.Kind() == reflect.String {
			into.SetString(value)
			return nil
		}
	case bool:
		if into.Kind() == reflect.Bool {
			into.SetBool(value)
			return nil
		}
	case json.Number:
		if n, err := strconv.ParseInt(value.String(), 10, 32); err == nil && into.Kind() == reflect.Int {
			into.SetInt(n)
			return nil
		}
	}
	return errors.New("a value of another type")
}

func decodeStruct(d *json.Decoder, into reflect.Value, at string) (string, error) {
	seen := make(map[string]bool)
	for d.More() {
		name, err := key(d, seen)
		if err != nil {
			return at, err
		}
		field, ok := fieldOf(into, name)
		if !ok {
			return at, fmt.Errorf("there is no field %q", name)
		}
		if at, err := decode(d, field, strings.TrimPrefix(at+"."+name, ".")); err != nil {
			return at, err
		}
	}
	_, err := d.Token()
	return at, cut(err)
}

func fieldOf(of reflect.Value, name string) (reflect.Value, bool) {
	for i := range of.NumField() {
		if tag, _, _ := strings.Cut(of.Type().Field(i).Tag.Get("json"), ","); tag == name {
			return of.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func decodeMap(d *json.Decoder, into reflect.Value, at string) (string, error) {
	into.Set(reflect.MakeMap(into.Type()))
	seen := make(map[string]bool)
	for d.More() {
		name, err := key(d, seen)
		if err != nil {
			return at, err
		}
		value := reflect.New(into.Type().Elem()).Elem()
		if at, err := decode(d, value, at+"["+strconv.Quote(name)+"]"); err != nil {
			return at, err
		}
		into.SetMapIndex(reflect.ValueOf(name), value)
	}
	_, err := d.Token()
	return at, cut(err)
}

func decodeList(d *json.Decoder, into reflect.Value, at string) (string, error) {
	into.Set(reflect.MakeSlice(into.Type(), 0, 0))
	for i := 0; d.More(); i++ {
		value := reflect.New(into.Type().Elem()).Elem()
		if at, err := decode(d, value, at+"["+strconv.Itoa(i)+"]"); err != nil {
			return at, err
		}
		into.Set(reflect.Append(into, value))
	}
	_, err := d.Token()
	return at, cut(err)
}

func key(d *json.Decoder, seen map[string]bool) (string, error) {
	token, err := d.Token()
	if err != nil {
		return "", cut(err)
	}
	name, _ := token.(string)
	if seen[name] {
		return "", fmt.Errorf("the field %q is there twice", name)
	}
	seen[name] = true
	return name, nil
}

// cut tells a document that ends in the middle from one that ends.
func cut(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// judge returns the first place of a snapshot that says what none can say, and why.
func (s *Snapshot) judge() (string, error) {
	if s.Kind != SnapshotKind {
		return "kind", wrongKind()
	}
	if len(s.Commands) > mostCommands {
		return "commands", fmt.Errorf("more than %d", mostCommands)
	}
	if len(s.Users) > mostUsers {
		return "users", fmt.Errorf("more than %d", mostUsers)
	}
	users := make(map[string]bool)
	total := 0
	for i, u := range s.Users {
		at := fmt.Sprintf("users[%d]", i)
		if wrong := wrongName(u.Name); wrong != "" {
			return at + ".name", errors.New(wrong)
		}
		if users[u.Name] {
			return at + ".name", errors.New("another user has this name")
		}
		users[u.Name] = true
		own := 0
		for _, rule := range u.Rules {
			own += 1 + strings.Count(rule, " ") // a selector has several
		}
		if total += own; own > mostRulesOfUser || total > mostRules {
			return at + ".rules", fmt.Errorf("more than %d rules of a user, or %d in all", mostRulesOfUser, mostRules)
		}
		for k, rule := range u.Rules {
			if isPassword(rule) {
				return fmt.Sprintf("%s.rules[%d]", at, k), errors.New("a password, or its hash, has no place in a snapshot")
			}
		}
	}
	commands := make(map[string]bool)
	for i, c := range s.Commands {
		at := fmt.Sprintf("commands[%d].name", i)
		switch {
		case c.Name == "" || c.Name != strings.ToLower(c.Name):
			return at, errors.New("no name in lower case")
		case commands[c.Name]:
			return at, errors.New("another command has this name")
		}
		if len(c.Keys) > mostKeySpecs {
			return fmt.Sprintf("commands[%d].keys", i), fmt.Errorf("more than %d", mostKeySpecs)
		}
		commands[c.Name] = true
	}
	for name := range s.Config {
		if !slices.Contains(ConfigParameters(), name) {
			return fmt.Sprintf("config[%q]", name), errors.New("a parameter that is no part of a snapshot")
		}
	}
	return "", nil
}

func wrongKind() error {
	return fmt.Errorf("want %q: no snapshot of Redis or Valkey, or one of another version", SnapshotKind)
}

// isPassword reports whether a rule gives or takes a password or its hash.
// Those in a selector, which the server refuses, are asked about too.
func isPassword(rule string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(strings.TrimLeft(rule, "("), isBlank), func(word string) bool {
		return strings.ContainsRune("><#!", rune(word[0]))
	})
}
