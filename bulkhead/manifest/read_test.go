// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

// A reading is what a text must give: the objects, each with the line of its
// first field, and the errors.
type reading struct {
	text    string
	objects []string
	errs    []string
}

func (r reading) check(t *testing.T) {
	t.Helper()
	set, err := manifest.Read("in", strings.NewReader(r.text))
	var objects, errs []string
	for _, obj := range set.Objects {
		ref := bulkhead.RefTo(obj)
		position, _ := set.Position(ref, "")
		objects = append(objects, ref.String()+" "+position.String())
	}
	if err != nil {
		errs = strings.Split(err.Error(), "\n")
	}
	if diff := cmp.Diff(r.objects, objects); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(r.errs, errs); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestReadCutsStreamsIntoDocuments(t *testing.T) {
	const a, b = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n", "apiVersion: v1\nkind: Secret\nmetadata: {name: b}\n"
	const jsonA, jsonB = `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}}`, `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"b"}}`
	both := func(second string) []string { return []string{"Secret/a in:1:1", "Secret/b " + second} }
	for name, tt := range map[string]reading{
		"nothing":                                 {},
		"blank lines, comments and markers":       {text: "\n# nothing\n---\n---\n# more\n...\n--- # and more\n"},
		"null as a document":                      {text: "--- ~\n---\nnull\n"},
		"two documents":                           {text: a + "---\n" + b, objects: both("in:5:1")},
		"a marker before the first":               {text: "---\n" + a + "---\n" + b, objects: []string{"Secret/a in:2:1", "Secret/b in:6:1"}},
		"a marker with a comment":                 {text: a + "--- # Source: b.yaml\n" + b, objects: both("in:5:1")},
		"a marker with spaces":                    {text: a + "---  \t\n" + b, objects: both("in:5:1")},
		"content behind the marker":               {text: a + "--- {apiVersion: v1, kind: Secret, metadata: {name: b}}\n", objects: both("in:4:5")},
		"no newline at the end":                   {text: a + "---\n" + strings.TrimSuffix(b, "\n"), objects: both("in:5:1")},
		"a document that ends with dots":          {text: a + "...\n---\n" + b + "...\n", objects: both("in:6:1")},
		"dots without a marker":                   {text: a + "...\n" + b, objects: both("in:5:1")},
		"CRLF":                                    {text: strings.ReplaceAll(a+"---\n"+b, "\n", "\r\n"), objects: both("in:5:1")},
		"carriage returns only":                   {text: strings.ReplaceAll(a+"---\n"+b, "\n", "\r"), objects: both("in:5:1")},
		"a byte order mark":                       {text: "\ufeff" + a + "---\n" + b, objects: both("in:5:1")},
		"a byte order mark before a marker":       {text: a + "\ufeff---\n" + b, objects: both("in:5:1")},
		"a byte order mark between markers":       {text: "---\n\ufeff---\n" + a, objects: []string{"Secret/a in:3:1"}},
		"a byte order mark behind a marker":       {text: a + "---\n\ufeff" + b, objects: both("in:5:1")},
		"a version directive":                     {text: "%YAML 1.2\n---\n" + a + "...\n%YAML 1.1\n---\n" + b, objects: []string{"Secret/a in:3:1", "Secret/b in:9:1"}},
		"a tag directive":                         {text: "%TAG !e! tag:example.com,2026:\n---\n" + a, objects: []string{"Secret/a in:3:1"}},
		"a version that does not exist":           {text: "%YAML 2.0\n---\n" + a + "---\n" + b, objects: []string{"Secret/b in:7:1"}, errs: []string{"in:1: document 1: found incompatible YAML document"}},
		"JSON":                                    {text: `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}}`, objects: []string{"Secret/a in:1:1"}},
		"JSON values without markers":             {text: `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}}` + "\n  " + `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"b"}}`, objects: both("in:2:3")},
		"JSON between YAML":                       {text: a + "---\n" + `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"b"}}`, objects: both("in:5:1")},
		"JSON behind a comment":                   {text: "---\n# Source: a.json\n" + `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a","annotations":{"ship":"\ud83d\udea2"}}}`, objects: []string{"Secret/a in:3:1"}},
		"JSON indented with tabs":                 {text: "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Secret\",\n\t\"metadata\": {\"name\": \"a\"}\n}\n", objects: []string{"Secret/a in:1:1"}},
		"an escaped key in JSON":                  {text: `{"apiVersion":"v1","\u006bind":"Secret","metadata":{"name":"a"}}`, objects: []string{"Secret/a in:1:1"}},
		"flow style that is not JSON":             {text: "{apiVersion: v1, kind: Secret, metadata: {name: a}}\n", objects: []string{"Secret/a in:1:1"}},
		"a block scalar with an indented marker":  {text: a + "stringData:\n  run: |\n    ---\n    a: b\n   \n---\n" + b, objects: both("in:10:1")},
		"a marker with letters is no marker":      {text: a + "stringData: {k: \"a\n ---b\"}\n---\n" + b, objects: both("in:7:1")},
		"a syntax error between two":              {text: a + "---\na: b\n  c: d\n---\n" + b, objects: both("in:8:1"), errs: []string{"in:6: document 2: mapping values are not allowed in this context"}},
		"a syntax error of the grammar":           {text: "---\n" + a + "data: [a, b\nkind: c\n---\n" + b, objects: []string{"Secret/b in:8:1"}, errs: []string{"in:6: document 1: did not find expected ',' or ']'"}},
		"a tab as indentation":                    {text: "kind: Secret\nmetadata:\n\tname: a\n---\n" + b, objects: []string{"Secret/b in:5:1"}, errs: []string{"in:3: document 1: found character that cannot start any token"}},
		"a NUL byte":                              {text: "a: \x00\n---\n" + b, objects: []string{"Secret/b in:3:1"}, errs: []string{"in:1: document 1: control characters are not allowed"}},
		"bytes that are not UTF-8":                {text: "a: \xff\n---\n" + b, objects: []string{"Secret/b in:3:1"}, errs: []string{"in:1: document 1: invalid leading UTF-8 octet"}},
		"JSON that is not UTF-8":                  {text: "{\"apiVersion\":\"v1\",\n\"kind\":\"A\xff\"}\n---\n" + b, objects: []string{"Secret/b in:4:1"}, errs: []string{"in:2: document 1: invalid leading UTF-8 octet"}},
		"a quotation that is never closed":        {text: "a: \"b\n---\n" + b, objects: []string{"Secret/b in:3:1"}, errs: []string{"in:1: document 1: found unexpected end of stream"}},
		"a document hidden by a separator":        {text: a + "# \u2028---\n" + b, errs: []string{"in:1: document 1: text after the object, which other readers pass over"}},
		"JSON and a value cut short":              {text: jsonA + "\n" + jsonB[:34], objects: both("")[:1], errs: []string{"in:2: document 1: did not find expected ',' or '}'"}},
		"JSON and a broken value between":         {text: jsonA + "\n{a b}\n" + jsonB, objects: both("in:3:1"), errs: []string{"in:2: document 1: want a mapping with apiVersion and kind"}},
		"JSON and a marker on its line":           {text: jsonA + "---\n" + jsonB, objects: both("in:2:1")},
		"JSON and a comment":                      {text: jsonA + "\n# comment\n" + jsonB, objects: both("in:3:1")},
		"JSON and a byte order mark":              {text: jsonA + "\n\ufeff" + jsonB, objects: both("in:2:4")},
		"JSON and YAML":                           {text: jsonA + "\n" + b, objects: both("in:2:1")},
		"JSON and a bracket too many":             {text: jsonA + "}", objects: both("")[:1], errs: []string{"in:1: document 1: did not find expected node content"}},
		"JSON values with a comma between":        {text: jsonA + "," + jsonB, objects: both("")[:1], errs: []string{"in:1: document 1: did not find expected node content"}},
		"flow style with a brace in a quotation":  {text: "{apiVersion: v1, kind: Secret, metadata: {name: a}, v: '}'}\n", objects: both("")[:1]},
		"flow style and more text":                {text: "--- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n" + b, errs: []string{"in:2: document 1: text after the object, which other readers pass over"}},
		"null and more text":                      {text: "null # nothing\n" + b, errs: []string{"in:2: document 1: text after the object, which other readers pass over"}},
		"a first line that is indented":           {text: " kind: Secret\n apiVersion: v1\nmetadata: {name: a}\n", errs: []string{"in:3: document 1: text after the object, which other readers pass over"}},
		"a marker with a line separator":          {text: a + "---\u0085\n" + b, errs: []string{"in:1: document 1: text after the object, which other readers pass over"}},
		"a comment between line separators":       {text: "# c\u2028# d\u0085" + a, objects: []string{"Secret/a in:1:1"}},
		"a comment with a line separator":         {text: "# c\u2028apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n", objects: []string{"Secret/a in:1:1"}},
		"a list as a document":                    {text: "- a\n- b\n", errs: []string{"in:1: document 1: want a mapping with apiVersion and kind"}},
		"text as a document":                      {text: "Thank you for installing shop.\n", errs: []string{"in:1: document 1: want a mapping with apiVersion and kind"}},
		"values of a chart":                       {text: "\n# values\nreplicas: 3\n", errs: []string{"in:3: document 1: want a mapping with apiVersion and kind"}},
		"no kind":                                 {text: "apiVersion: v1\nmetadata: {name: a}\n", errs: []string{"in:1: document 1: kind: missing, or not a string"}},
		"no apiVersion":                           {text: "kind: Secret\nmetadata: {name: a}\n", errs: []string{"in:1: document 1: Secret/a: apiVersion: missing, or not a string"}},
		"a kind that is a number":                 {text: "apiVersion: v1\nkind: 5\n", errs: []string{"in:2: document 1: kind: missing, or not a string"}},
		"an apiVersion of three parts":            {text: "kind: Secret\napiVersion: a/b/c\n", errs: []string{"in:2: document 1: Secret/: apiVersion: want a version, or a group and a version with a slash between"}},
		"a name that YAML reads as a boolean":     {text: "apiVersion: v1\nkind: Secret\nmetadata:\n  name: n\n", errs: []string{"in:4: document 1: Secret/: metadata.name: want a string, not true or false (what YAML reads y, n, yes, no, on and off as, unless quoted)"}},
		"a custom resource without a proper name": {text: "apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: 7\n", errs: []string{"in:4: document 1: Thing/: metadata.name: want a string, not this number"}},
		"several mistakes of one object": {
			text: "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports:\n  - port: 80\n  - port: \"80x\"\n    targetPort: [1]\n",
			errs: []string{
				"in:7: document 1: Service/a: spec.ports[1].port: want an integer of 32 bits, not this string",
				"in:8: document 1: Service/a: spec.ports[1].targetPort: want the form of IntOrString, not a list",
			},
		},
		"an alias without an anchor":           {text: "a: *secret\n", errs: []string{"in:1: document 1: an alias has no anchor"}},
		"an anchor that contains itself":       {text: "a: &secret [*secret]\n", errs: []string{"in:1: document 1: an anchor contains an alias of itself"}},
		"a number that JSON cannot hold":       {text: a + "data: {a: .nan}\n", errs: []string{"in:4: document 1: a number is infinite or not a number, which JSON has no form for"}},
		"an old version of a kind known today": {text: "apiVersion: extensions/v1beta1\nkind: NetworkPolicy\nmetadata: {name: a}\n", objects: []string{"NetworkPolicy/a in:1:1"}},
		"aliases and merged mappings":          {text: "base: &m {name: a}\napiVersion: v1\nkind: Secret\nmetadata:\n  <<: *m\n", objects: []string{"Secret/a in:1:1"}},
	} {
		t.Run(name, tt.check)
	}
}

func TestReadDecodesUTF16(t *testing.T) {
	const text = "apiVersion: v1\r\nkind: ConfigMap\r\nmetadata: {name: a}\r\ndata: {ship: \"⛵𝄞\"}\r\n"
	for name, order := range map[string]binary.AppendByteOrder{"little": binary.LittleEndian, "big": binary.BigEndian} {
		var wide []byte
		for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
			wide = order.AppendUint16(wide, unit)
		}
		t.Run(name+" endian", func(t *testing.T) {
			set, err := manifest.Read("in", strings.NewReader(string(wide)))
			if err != nil {
				t.Fatal(err)
			}
			if got := applied(t, set.Objects[0]); !strings.Contains(got, `"ship":"⛵𝄞"`) {
				t.Errorf("got %s", got)
			}
		})
		t.Run("the line of half a character, "+name+" endian", func(t *testing.T) {
			_, err := manifest.Read("in", strings.NewReader(string(order.AppendUint16(order.AppendUint16(wide, 0xD834), 'a'))))
			if document, ok := errors.AsType[*manifest.DocumentError](err); !ok || document.Line != 5 {
				t.Errorf("got %v, want an error in line 5", err)
			}
		})
		t.Run("half a character, "+name+" endian", func(t *testing.T) {
			for _, cut := range []int{1, 2} {
				_, err := manifest.Read("in", strings.NewReader(string(order.AppendUint16(wide, 0xD834)[:len(wide)+cut])))
				if _, ok := errors.AsType[*manifest.DocumentError](err); !ok {
					t.Errorf("cut after %d: got %v, want a DocumentError", cut, err)
				}
			}
		})
	}
}

func TestReadGivesNothingOfAStreamThatBreaks(t *testing.T) {
	broken := errors.New("connection lost")
	set, err := manifest.Read("in", iotest.ErrReader(broken))
	if !errors.Is(err, broken) || len(set.Objects) != 0 {
		t.Errorf("got %d objects and %v, want the error of the reader", len(set.Objects), err)
	}
}

func TestReadFilesReadsFoldersInOrder(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	object := func(name string) string { return "apiVersion: v1\nkind: Secret\nmetadata: {name: " + name + "}\n" }
	write("app/b.yml", object("b"))
	write("app/a.YAML", object("a"))
	write("app/deep/c.json", `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"c"}}`)
	write("app/README.md", "no manifest")
	write("app/broken.yaml", "a: [")
	write("rendered", object("r"))
	write("empty/README.md", "nothing here")
	if err := os.Symlink(filepath.Join(dir, "rendered"), filepath.Join(dir, "app", "z.yaml")); err != nil {
		t.Fatal(err)
	}

	set, err := manifest.ReadFiles(filepath.Join(dir, "rendered"), filepath.Join(dir, "app"), filepath.Join(dir, "empty"), filepath.Join(dir, "missing"))
	var names []string
	for _, obj := range set.Objects {
		names = append(names, obj.GetName())
	}
	if diff := cmp.Diff([]string{"r", "a", "b", "c", "r"}, names); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	var document *manifest.DocumentError
	if !errors.As(err, &document) || document.File != filepath.Join(dir, "app", "broken.yaml") {
		t.Errorf("got %v, want a DocumentError of broken.yaml", err)
	}
	var none *manifest.NoManifestsError
	if !errors.As(err, &none) || none.Path != filepath.Join(dir, "empty") {
		t.Errorf("got %v, want a NoManifestsError", err)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want the error of a missing file", err)
	}
}

func TestReadFSReadsWhatReadFilesReads(t *testing.T) {
	fsys := fstest.MapFS{
		"app/a.yaml":         {Data: []byte("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n")},
		"app/deep/b.json":    {Data: []byte(`{"apiVersion":"v1","kind":"Secret","metadata":{"name":"b"}}`)},
		"app/deep/c.ignored": {Data: []byte("a: [")},
	}
	set, err := manifest.ReadFS(fsys, ".")
	if err != nil || len(set.Objects) != 2 {
		t.Fatalf("got %d objects and %v", len(set.Objects), err)
	}
	if position, _ := set.Position(bulkhead.RefTo(set.Objects[1]), "metadata.name"); position.String() != "app/deep/b.json:1:48" {
		t.Errorf("got %v", position)
	}
	if _, err := manifest.ReadFS(fsys, "missing"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want the error of a missing file", err)
	}
}
