// SPDX-License-Identifier: Apache-2.0

package strict_test

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/internal/strict"
)

type name struct {
	User string `json:"user"`
	Host string `json:"host"`
}

type item struct {
	name
	On    bool  `json:"on"`
	Count int   `json:"count"`
	Large int64 `json:"large,omitzero"`
}

type document struct {
	Kind   string            `json:"kind"`
	Items  []item            `json:"items"`
	Values map[string]string `json:"values,omitempty"`
	Inner  *name             `json:"inner,omitempty"`
}

const whole = `{"kind": "K", "items": [{"user": "u", "host": "h", "on": true, "count": 3, "large": 4294967296}], "values": {"a.b": "1"}, "inner": {"user": "", "host": ""}}`

func TestWhatIsWholeIsRead(t *testing.T) {
	var got document
	if err := strict.Decode(strings.NewReader(whole), &got); err != nil {
		t.Fatal(err)
	}
	want := document{Kind: "K", Items: []item{{name{"u", "h"}, true, 3, 1 << 32}}, Values: map[string]string{"a.b": "1"}, Inner: &name{}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(item{})); diff != "" {
		t.Error(diff)
	}
}

func TestAListOfNoneAndNoListStayApart(t *testing.T) {
	for text, wantNil := range map[string]bool{`{"kind": "", "items": null}`: true, `{"kind": "", "items": []}`: false} {
		var got document
		if err := strict.Decode(strings.NewReader(text), &got); err != nil || (got.Items == nil) != wantNil {
			t.Errorf("%s: %v, nil is %v", text, err, got.Items == nil)
		}
	}
}

func TestMistakesAreRefusedWithTheirPlace(t *testing.T) {
	for sentence, tt := range map[string]struct{ before, after, place string }{
		"a key that is missing":            {`"kind": "K", `, ``, "kind"},
		"a key of an embedded struct":      {`"host": "h", `, ``, "items[0].host"},
		"a bool that is missing":           {`"on": true, `, ``, "items[0].on"},
		"a key that is unknown":            {`"on"`, `"off": 1, "on"`, "items[0].off"},
		"a key in other letters":           {`"kind"`, `"Kind"`, "Kind"},
		"a key that is there twice":        {`"on": true`, `"on": true, "on": false`, "items[0].on"},
		"a key of a map twice":             {`"a.b": "1"`, `"a.b": "1", "a.b": "2"`, `values["a.b"]`},
		"a key that would steer a console": {`"on"`, `"\u001b[31m": 1, "on"`, `items[0]["\x1b[31m"]`},
		"an empty key":                     {`"on"`, `"": 1, "on"`, `items[0][""]`},
		"null for a bool":                  {`true`, `null`, "items[0].on"},
		"null for a text":                  {`"h"`, `null`, "items[0].host"},
		"a text for a number":              {`3`, `"3"`, "items[0].count"},
		"a fraction":                       {`3`, `3.5`, "items[0].count"},
		"an exponent":                      {`3`, `3e0`, "items[0].count"},
		"a number of more than 32 bits":    {`3`, `3000000000`, "items[0].count"},
		"a number of more than 64 bits":    {`4294967296`, `99999999999999999999`, "items[0].large"},
		"a number for a text":              {`"u"`, `1`, "items[0].user"},
		"a list for an object":             {`{"user": "", "host": ""}`, `[]`, "inner"},
		"an object for a list":             {`[{`, `{"x": {`, "items"},
		"an object for a text":             {`"K"`, `{}`, "kind"},
		"a text in a map of texts":         {`"1"`, `1`, `values["a.b"]`},
		"something behind":                 {whole, whole + "0", ""},
		"a brace behind":                   {whole, whole + "}", ""},
		"a list":                           {whole, `[]`, ""},
		"nothing":                          {whole, ``, ""},
		"no JSON":                          {`"items"`, `items`, ""},
		"the half of it":                   {`3, "large": 4294967296}], "values": {"a.b": "1"}, "inner": {"user": "", "host": ""}}`, `3`, "items[0]"},
	} {
		t.Run(sentence, func(t *testing.T) {
			text := strings.Replace(whole, tt.before, tt.after, 1)
			if text == whole {
				t.Fatal("the case edits nothing")
			}
			var got document
			err := strict.Decode(strings.NewReader(text), &got)
			wrong, ok := errors.AsType[*strict.Error](err)
			if !ok || wrong.Place != tt.place {
				t.Errorf("got %v, want a mistake at %q", err, tt.place)
			}
		})
	}
}

// Small values are counted, since each takes more memory than its bytes.
func TestTooManyValuesAreRefused(t *testing.T) {
	var got struct {
		Items [][]bool `json:"items"`
	}
	err := strict.Decode(strings.NewReader(`{"items": [`+strings.Repeat("[],", 1_000_000)+`[]]}`), &got)
	if err == nil || !strings.Contains(err.Error(), "values") {
		t.Errorf("got %v", err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestADocumentWithoutEndIsRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 64 MiB")
	}
	var got document
	err := strict.Decode(io.MultiReader(strings.NewReader(`{"kind":`), endless{}), &got)
	if err == nil || !strings.Contains(err.Error(), "bytes") {
		t.Errorf("got %v", err)
	}
}

// Whatever package json writes of a document is read back.
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	text := rapid.String()
	rapid.Check(t, func(t *rapid.T) {
		want := document{
			Kind: text.Draw(t, "kind"),
			Items: rapid.SliceOf(rapid.Custom(func(t *rapid.T) item {
				return item{name{text.Draw(t, "user"), text.Draw(t, "host")}, rapid.Bool().Draw(t, "on"), int(rapid.Int32().Draw(t, "count")), rapid.Int64().Draw(t, "large")}
			})).Draw(t, "items"),
			Values: rapid.MapOfN(text, text, 1, 5).Draw(t, "values"),
		}
		written, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got document
		if err := strict.Decode(strings.NewReader(string(written)), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(item{})); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add(whole)
	f.Add(`{"kind": "", "items": null}`)
	f.Fuzz(func(t *testing.T, text string) {
		var got, plain document
		if strict.Decode(strings.NewReader(text), &got) != nil {
			return
		}
		if err := json.Unmarshal([]byte(text), &plain); err != nil || !cmp.Equal(plain, got, cmp.AllowUnexported(item{})) {
			t.Errorf("package json reads %+v, %v; got %+v", plain, err, got)
		}
	})
}
