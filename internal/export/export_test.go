// SPDX-License-Identifier: Apache-2.0

package export_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/internal/export"
)

func TestReadNamesPlaces(t *testing.T) {
	values, err := export.Read("f.json", strings.NewReader(`{"a": [1, {"b c": true}], "n": null} [2]`))
	if err != nil || len(values) != 2 {
		t.Fatalf("read %d values: %v", len(values), err)
	}
	for want, value := range map[string]export.Value{
		`f.json: no`:                   values[0],
		`f.json: a[1]["b c"]: no`:      values[0].Get("a").Elements()[1].Get("b c"),
		`f.json: document 2 [0]: no`:   values[1].Elements()[0],
		`f.json: missing.inside: no`:   values[0].Get("missing").Get("inside"),
		`f.json: document 2: no`:       values[1],
		`f.json: document 2 key: no`:   values[1].Get("key"),
		`f.json: n: no`:                values[0].Get("n"),
		`f.json: a[0]: no`:             values[0].Get("a").Elements()[0],
		`f.json: ["\x1b[31m"].x: no`:   values[0].Get("\x1b[31m").Get("x"),
		`f.json: document 2 ["é"]: no`: values[1].Get("é"),
	} {
		if got := value.Fail("no").Error(); got != want {
			t.Errorf("error %q, want %q", got, want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"half an object":       {`{"a": 1`, "unexpected EOF"},
		"half a list":          {`[1, `, "EOF"},
		"half a key":           {`{"a`, "unexpected EOF"},
		"a key twice":          {`{"a": 1, "b": {"c": 1, "c": 2}}`, `the key "c" is there twice`},
		"no JSON":              {`hello`, "invalid character"},
		"a second that is bad": {`{} }`, "document 2"},
		"too deep":             {strings.Repeat("[", 200), "more than 100 levels"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := export.Read("f.json", strings.NewReader(tt.text))
			var wrong *identity.DocumentError
			if !errors.As(err, &wrong) || wrong.Document != "f.json" || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestReadKeepsWhatStandsBefore(t *testing.T) {
	values, err := export.Read("f.json", strings.NewReader(`{"a": "x"} {`))
	if err == nil || len(values) != 1 {
		t.Fatalf("read %d values: %v", len(values), err)
	}
	if text, err := values[0].Get("a").Text(); text != "x" || err != nil {
		t.Errorf("text %q: %v", text, err)
	}
}

// A stream without an end is not read to the end.
func TestReadOfTooMuch(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 64 MiB")
	}
	_, err := export.Read("f.json", io.MultiReader(strings.NewReader(`"`), endless{}))
	var wrong *identity.DocumentError
	if !errors.As(err, &wrong) || !strings.Contains(err.Error(), "bytes") {
		t.Errorf("error %v", err)
	}
}

// Small values take more memory than their bytes. They are counted over all documents.
func TestReadOfTooManyValues(t *testing.T) {
	for name, text := range map[string]string{
		"a list":         "[" + strings.Repeat("0,", 1_000_000) + "0]",
		"many documents": strings.Repeat("[0] ", 500_001),
	} {
		_, err := export.Read("f.json", strings.NewReader(text))
		var wrong *identity.DocumentError
		if !errors.As(err, &wrong) || !strings.HasSuffix(err.Error(), "more than 1000000 values") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func TestValues(t *testing.T) {
	values, err := export.Read("f.json", strings.NewReader(`{"one": "a", "many": ["a", 1, true], "bad": ["a", {}], "yes": true, "null": null}`))
	if err != nil {
		t.Fatal(err)
	}
	texts := func(key string) []string {
		out, err := values[0].Get(key).Texts()
		if (err != nil) != (key == "bad") {
			t.Errorf("%s: %v", key, err)
		}
		return out
	}
	if diff := cmp.Diff([][]string{{"a"}, {"a", "1", "true"}, nil, nil}, [][]string{texts("one"), texts("many"), texts("bad"), texts("null")}); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
	if _, err := values[0].Get("many").Text(); err == nil {
		t.Error("a list is a text")
	}
	if _, err := values[0].Get("one").Bool(); err == nil {
		t.Error("a text is a bool")
	}
	if yes, err := values[0].Get("yes").Bool(); !yes || err != nil {
		t.Errorf("true is %t: %v", yes, err)
	}
	if _, err := values[0].Get("many").Keys(); err == nil {
		t.Error("a list has keys")
	}
}
