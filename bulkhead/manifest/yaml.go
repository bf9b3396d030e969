// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"io"
	"math"
	"strconv"

	yaml2 "sigs.k8s.io/yaml/goyaml.v2"
)

// The values are those of sigs.k8s.io/yaml (YAMLToJSON, v1.6.0), which kubectl
// reads with, by the same parser. What that function passes over is refused here:
// text behind the first value, and keys that become one key in JSON.

// fromYAML turns YAML into JSON and reports whether a key stands twice.
func (d *document) fromYAML() (data []byte, twice bool, err error) {
	text := d.yaml()
	if err := admitYAML(text); err != nil {
		return nil, false, d.fail("", d.firstContent(), err)
	}
	if data, ok := simpleJSON(text); ok {
		return data, false, nil
	}
	return d.convert(text)
}

// convert is fromYAML by the parser of all YAML. It gives the keys of each mapping
// in the order of their bytes.
func (d *document) convert(text []byte) (data []byte, twice bool, err error) {
	value, err := d.parseYAML(text, true)
	if err != nil {
		// Fields that stand twice are findings, not errors.
		value, err = d.parseYAML(text, false)
		twice = true
	}
	if err != nil {
		return nil, false, err
	}
	if value, err = jsonable(value); err != nil {
		if key, ok := errors.AsType[*keyError](err); ok {
			return nil, false, d.fail(key.path, d.parse().lineOf(key.path), err)
		}
		return nil, false, d.syntax(err)
	}
	if data, err = stdjson.Marshal(value); err != nil {
		return nil, false, d.syntax(err)
	}
	return data, twice, nil
}

// parseYAML returns the one value of the text.
func (d *document) parseYAML(text []byte, strict bool) (value any, err error) {
	decoder := newDecoder(text)
	decoder.SetStrict(strict)
	if err := decoder.Decode(&value); err != nil && !errors.Is(err, io.EOF) {
		return nil, d.syntax(err)
	}
	var rest struct{}
	if err := decoder.Decode(&rest); !errors.Is(err, io.EOF) {
		at := d.firstContent()
		if err != nil {
			at = d.syntax(err).Line
		}
		return nil, d.fail("", at, &SyntaxError{"text after the object, which other readers pass over"})
	}
	return value, nil
}

// newDecoder returns a parser of YAML 1.1.
func newDecoder(text []byte) *yaml2.Decoder {
	return yaml2.NewDecoder(bytes.NewReader(text))
}

// A keyError is a key that JSON cannot tell from another of the same mapping.
type keyError struct{ path string }

func (e *keyError) Error() string {
	return "two keys that differ in YAML are one in JSON, such as 1 and \"1\"; which one counts is chance"
}

// jsonable returns a value with all keys as JSON has them. It changes the value.
// Of several errors it returns that of the first key in lexical order, since maps
// give theirs in any order.
func jsonable(value any) (any, error) {
	switch value := value.(type) {
	case map[any]any:
		out := make(map[string]any, len(value))
		failed, first := error(nil), ""
		for k, v := range value {
			key, err := keyText(k)
			if _, again := out[key]; again && err == nil {
				err = &keyError{}
			} else if err == nil {
				out[key], err = jsonable(v)
			}
			if err != nil && (failed == nil || key <= first) {
				failed, first = within(key, err), key
			}
		}
		return out, failed
	case []any:
		for i, v := range value {
			v, err := jsonable(v)
			if err != nil {
				return nil, within("["+strconv.Itoa(i)+"]", err)
			}
			value[i] = v
		}
		return value, nil
	default:
		return value, nil
	}
}

// within puts a name in front of the path of a keyError.
func within(name string, err error) error {
	if key, ok := errors.AsType[*keyError](err); ok {
		return &keyError{join(name, key.path)}
	}
	return err
}

// errKey is about a key that no JSON object can have, such as null.
var errKey = errors.New("unsupported map key")

// keyText returns the form that a key has in JSON.
func keyText(key any) (string, error) {
	switch key := key.(type) {
	case string:
		return key, nil
	case int:
		return strconv.Itoa(key), nil
	case bool:
		return strconv.FormatBool(key), nil
	case float64:
		switch {
		case math.IsInf(key, 1):
			return ".inf", nil
		case math.IsInf(key, -1):
			return "-.inf", nil
		case math.IsNaN(key):
			return ".nan", nil
		}
		return strconv.FormatFloat(key, 'g', -1, 32), nil
	default:
		return "", errKey
	}
}
