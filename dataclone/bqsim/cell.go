// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// canonical returns the one form in which a value of a column is kept: nil for
// NULL, a string for a scalar as tabledata.list writes it (microseconds for a
// TIMESTAMP), a list for a repeated column, a row for a record.
func canonical(f resource, value any) (any, error) {
	if f.str("mode") != "REPEATED" {
		if value == nil && f.str("mode") == "REQUIRED" {
			return nil, fmt.Errorf("missing required field: %s", f.str("name"))
		}
		return single(f, value)
	}
	if value == nil {
		return []any(nil), nil
	}
	list, ok := value.([]any)
	if !ok {
		return nil, fmt.Errorf("field %s is repeated, want a list", f.str("name"))
	}
	out := make([]any, len(list))
	for i, v := range list {
		if v == nil {
			return nil, fmt.Errorf("field %s: only optional fields can be set to NULL", f.str("name"))
		}
		var err error
		if out[i], err = single(f, v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func single(f resource, value any) (any, error) {
	if value == nil {
		return nil, nil
	}
	kind := fieldType(f)
	if kind == "RECORD" {
		o, ok := value.(object)
		if !ok {
			return nil, fmt.Errorf("field %s is a record, want an object", f.str("name"))
		}
		return canonicalRow(f, o, false)
	}
	if kind == "JSON" {
		return jsonCell(value)
	}
	var text string
	switch v := value.(type) {
	case string:
		text = v
	case json.Number:
		text = v.String()
	case bool:
		text = strconv.FormatBool(v)
	default:
		return nil, fmt.Errorf("field %s: cannot convert value to %s", f.str("name"), strings.ToLower(kind))
	}
	out, err := scalar(kind, text)
	if err != nil {
		return nil, fmt.Errorf("field %s: cannot convert value to %s: %w", f.str("name"), strings.ToLower(kind), err)
	}
	return out, nil
}

// canonicalRow reads the columns of a schema or record out of a JSON object.
func canonicalRow(schema resource, o object, ignoreUnknown bool) (row, error) {
	out := make(row)
	left := make(map[string]any, len(o))
	for k, v := range o {
		left[strings.ToLower(k)] = v
	}
	for _, f := range fields(schema) {
		key := strings.ToLower(f.str("name"))
		v, err := canonical(f, left[key])
		if err != nil {
			return nil, err
		}
		delete(left, key)
		if v != nil {
			out[key] = v
		}
	}
	if len(left) > 0 && !ignoreUnknown {
		for k := range o {
			if _, unknown := left[strings.ToLower(k)]; unknown {
				return nil, fmt.Errorf("no such field: %s", k)
			}
		}
	}
	return out, nil
}

func jsonCell(value any) (any, error) {
	if text, ok := value.(string); ok {
		var b bytes.Buffer
		if err := json.Compact(&b, []byte(text)); err != nil {
			return nil, err
		}
		return b.String(), nil
	}
	b, err := json.Marshal(value)
	return string(b), err
}

func scalar(kind, text string) (string, error) {
	switch kind {
	case "STRING":
		return text, nil
	case "BYTES":
		b, err := base64.StdEncoding.DecodeString(text)
		return base64.StdEncoding.EncodeToString(b), err
	case "INTEGER":
		n, err := strconv.ParseInt(text, 10, 64)
		return int64Text(n), err
	case "FLOAT":
		x, err := strconv.ParseFloat(text, 64)
		return strconv.FormatFloat(x, 'g', -1, 64), err
	case "BOOLEAN":
		b, err := strconv.ParseBool(strings.ToLower(text))
		return strconv.FormatBool(b), err
	case "NUMERIC":
		return decimal(text, 9)
	case "BIGNUMERIC":
		return decimal(text, 38)
	case "TIMESTAMP":
		return instant(text)
	case "DATE":
		return layouts(text, "2006-01-02", "2006-01-02")
	case "TIME":
		return layouts(text, "15:04:05.999999", "15:04:05.999999")
	case "DATETIME":
		return layouts(text, "2006-01-02T15:04:05.999999", "2006-01-02T15:04:05.999999", "2006-01-02 15:04:05.999999")
	default:
		return "", fmt.Errorf("values of %s are not supported by the simulator", kind)
	}
}

func layouts(text, out string, in ...string) (string, error) {
	var err error
	for _, layout := range in {
		var t time.Time
		if t, err = time.Parse(layout, text); err == nil {
			return t.Format(out), nil
		}
	}
	return "", err
}

// instant reads a TIMESTAMP: seconds since the epoch, or a text, in UTC unless
// it names an offset.
func instant(text string) (string, error) {
	if seconds, ok := new(big.Rat).SetString(text); ok && len(text) < 32 && !strings.ContainsAny(text, "eE/") {
		micros := seconds.Mul(seconds, big.NewRat(1_000_000, 1))
		n := new(big.Int).Quo(micros.Num(), micros.Denom())
		if !n.IsInt64() {
			return "", strconv.ErrRange
		}
		return n.String(), nil
	}
	text = strings.TrimSuffix(text, " UTC")
	var err error
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999", "2006-01-02"} {
		var t time.Time
		if t, err = time.Parse(layout, text); err == nil {
			return int64Text(t.UnixMicro()), nil
		}
	}
	return "", err
}

// decimal reads a NUMERIC or BIGNUMERIC: at most 38 or 77 digits, of which scale
// after the point.
func decimal(text string, scale int) (string, error) {
	if len(text) > 80 || strings.ContainsAny(text, "eE/_xXbBoOpP") {
		return "", strconv.ErrSyntax
	}
	x, ok := new(big.Rat).SetString(text)
	if !ok {
		return "", strconv.ErrSyntax
	}
	out := x.FloatString(scale)
	if back, _ := new(big.Rat).SetString(out); back.Cmp(x) != 0 {
		return "", fmt.Errorf("more than %d digits after the point", scale)
	}
	if strings.Contains(out, ".") {
		out = strings.TrimSuffix(strings.TrimRight(out, "0"), ".")
	}
	return out, nil
}

// toJSON writes a value as TO_JSON_STRING does (page "JSON functions").
func toJSON(b *bytes.Buffer, f resource, value any) {
	if list, ok := value.([]any); ok || f.str("mode") == "REPEATED" {
		b.WriteByte('[')
		for i, v := range list {
			if i > 0 {
				b.WriteByte(',')
			}
			scalarJSON(b, f, v)
		}
		b.WriteByte(']')
		return
	}
	scalarJSON(b, f, value)
}

func scalarJSON(b *bytes.Buffer, f resource, value any) {
	text, _ := value.(string)
	switch kind := fieldType(f); {
	case value == nil:
		b.WriteString("null")
	case kind == "RECORD":
		r, _ := value.(row)
		rowJSON(b, f, r)
	case kind == "TIMESTAMP":
		micros, _ := strconv.ParseInt(text, 10, 64)
		quote(b, time.UnixMicro(micros).UTC().Format(timestamp))
	case kind == "INTEGER":
		if n, _ := strconv.ParseInt(text, 10, 64); n > 1<<53 || n < -1<<53 {
			quote(b, text)
			return
		}
		b.WriteString(text)
	case kind == "FLOAT":
		if x, _ := strconv.ParseFloat(text, 64); math.IsNaN(x) || math.IsInf(x, 0) {
			quote(b, text)
			return
		}
		b.WriteString(text)
	case kind == "BOOLEAN", kind == "NUMERIC", kind == "BIGNUMERIC", kind == "JSON":
		b.WriteString(text)
	default:
		quote(b, text)
	}
}

func rowJSON(b *bytes.Buffer, schema resource, r row) {
	b.WriteByte('{')
	for i, f := range fields(schema) {
		if i > 0 {
			b.WriteByte(',')
		}
		quote(b, f.str("name"))
		b.WriteByte(':')
		toJSON(b, f, r[strings.ToLower(f.str("name"))])
	}
	b.WriteByte('}')
}

func quote(b *bytes.Buffer, text string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string has a JSON form, and a buffer takes all
	b.Truncate(b.Len() - 1)
}
