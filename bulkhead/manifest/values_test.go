// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"

	"github.com/watertight-go/watertight/bulkhead/manifest"
)

// simpleYAML are forms that are read without the parser of all YAML, and forms next
// to them that are not.
var simpleYAML = []string{
	"a:\n  b: c\n  d:\n  - e\n  - f: 1\n    g: 2\n  -   h: 3\n      i:\n      - j\n  k: l\n",
	"a:\nb: \nc: # text\nd: e # text\n# text\n  # text\nf: g# h\n\n\ni: j",
	"a:\n- - b\n  - c\n- \n-\n  d: e\n- - - f\n",
	"a:\n- b\n- c: |\n    d\n\n     e\n\n  f: |-\n    # g\n\n\n- |\n  h\n- |-\n  i\n",
	"a: |+\n  b\n\nc: >\n  d\n  e\nf: |2\n    g\nh: |\n\n  i\n  \n  j\nk: | \n  l\n",
	"a: |\n  b",
	"a: b\n  c d\n e # f\ng: h # i\n  j\n",
	"a: b\n  - c\n   (d)\n  \"e\n  # f\ng: 1\n  2\nh: i\n\n  j\nk: l\n  m: n\n",
	"a:\n- b\n  c\n- d: e\n  f\n- g: h\n   i\nj:\n  - k\n   l\n",
	"a: {b: c, d: [e, 1, \"f\", 'g'], h: {}, i: [], j: [[]] }\nk: { l: m }\n",
	"a: [b, ]\nc: {d}\ne: {f: g,}\nh: [i: j]\nk: [, l]\n",
	"a: {b:c}\nd: [e\n  , f]\ng: {h: }\ni: [j #k\n]\n",
	"a: 'b''c'\nd: ''\ne: 'f # g: h'\ni: 'j' # k\nl: '\\\"'\n",
	"a: \"b\\n\\t\\\"\\\\c\"\nd: \"\"\ne: \"f # g: h\"\ni: \"\\u00e9\\x41\\/\"\n",
	"a: 'b\n  c'\nd: \"e\n  f\"\ng: h\n  i\nj: k\n   # l\n",
	"'a': b\n\"c\": d\n\"8080\": e\n'f' : g\n\"h\\n\": i\n",
	"a: &b c\nd: *b\ne: !!str 1\n",
	"a: b\n c: d\n",
	"a:\n   b: c\n  d: e\n",
	"a:\n  - b\n c: d\n",
	"a:\n  - b\n  c: d\n",
	"a:\n- b\n  c\n",
	"a:\n  b\n",
	"a:\n  [b]\n",
	"a: b\na: c\n",
	"d: {e: 1, e: 2}\n",
	"a: {b: 1, 'b': 2}\n",
	"a:\tb\n",
	"a: b\tc\nd: |\n  \te\n",
	"a: b\r\nc: d\r\n",
	"a: é\n",
	"? a\n: b\n",
	"a: b\n...\n---\n",
	"a: b\n- c\n",
	"- a\n",
	"b: {a: 1,\n  b: 2}\nc: [",
	strings.Repeat("a: {", 70) + strings.Repeat("}", 70),
	"a:\n" + strings.Repeat("- ", 70) + "b\n",
	"a: 1\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\ng: 7\nh: 8\ni: 9\nj: 10\nk: 11\nl: 12\nm: 13\no: 14\np: 15\nq: 16\nr: 17\n",
	"a: 1\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\ng: 7\nh: 8\ni: 9\nj: 10\nk: 11\nl: 12\nm: 13\no: 14\np: 15\nq: 16\na: 17\n",
}

// scalars mean something else than text, or may seem to.
var scalars = []string{
	"y", "Y", "yes", "No", "TRUE", "true", "off", "ON", "nULL", "null", "Null", "~", "yep", "nil", "true a",
	"0", "1", "-1", "-0", "+1", "007", "0o7", "0x1F", "0b1", "-0b1", "1_000", "_1", "1e3", "1E3", "1.5", ".5", "1.", "-.5", "1.e", "+.5e-3",
	"999999999999999999", "-999999999999999999", "1234567890123456789", "9223372036854775807", "18446744073709551616",
	".inf", "-.inf", "+.Inf", ".nan", ".NAN", ".", "..", "...", "-", "--", "---", "+", "-a", "-c", "-f", "--all", "-1a", "+x", "- a", "-- a",
	"1.2.3", "10.0.0.1", "10.0.0.0/8", "100m", "128Mi", "0.5Gi", "50%", "1e", "7d4b9c6f5", "0d1", "0xg", "2e10e", "1-2", "1+2", "1 2", "0 0",
	"2026-01-02", "2026-01-02T03:04:05Z", "2026-1-2 3:4:5", "12:30", "12:30:45", "1:2", "-1:2", "0.0.0.0:80", ":8080", "a:b", "a: b", "a:", "a :b", "http://a:80/b#c",
	"a#b", "a #b", "# a", "<<", "<a", "=", "=a", "$(a)", "(a)", "^a$", "@a", "%a", "`a", "!a", "!!str 1", "&a b", "*a", "? a", "?a", "| a", "|", "> a", ", a", "[a", "a]", "{a", "a}", "a, b",
	"''", "'a'", "'a''b'", "'a' b", "'a'# b", "'a': b", "'", "\"\"", "\"a\"", "\"a\\n\\t\\\"\\\\\"", "\"\\u00e9\"", "\"\\x41\"", "\"\\/\"", "\"\\'\"", "\"a\"b", "\"", "\"\\",
	"é", "a\tb", "a\\b", "\x7f",
}

// TestSimpleFormsHaveTheirValues, TestScalarsHaveTheirValues and FuzzValues hold
// that a document has the values that kubectl reads in it.
func TestSimpleFormsHaveTheirValues(t *testing.T) {
	for _, text := range simpleYAML {
		t.Run(text, func(t *testing.T) { checkValues(t, []byte(text)) })
	}
}

func TestScalarsHaveTheirValues(t *testing.T) {
	for _, scalar := range scalars {
		t.Run(scalar, func(t *testing.T) {
			for _, form := range []string{
				"a: %s", "a:\n- %s\n", "a: %s # b\n", "%s: a\n", "a: [%s]\n", "a: {b: %s, c: d}\n", "a: {%s: b}\n", "a: b\n  %s\n", "a: %s\n  b\n", "a: |\n  %s\n",
			} {
				checkValues(t, []byte(strings.ReplaceAll(form, "%s", scalar)))
			}
		})
	}
}

func FuzzValues(f *testing.F) {
	for _, text := range simpleYAML {
		f.Add([]byte(text))
	}
	f.Fuzz(checkValues)
}

// checkValues compares the values of an object with those that the library gives
// that kubectl uses, if the object could be read.
func checkValues(t *testing.T, text []byte) {
	text = append([]byte("apiVersion: example.com/v1\nkind: Thing\n"), text...)
	set, err := manifest.Read("in", bytes.NewReader(text))
	if err != nil || len(set.Objects) != 1 {
		return
	}
	object, ok := set.Objects[0].(*unstructured.Unstructured)
	if !ok {
		return // a kind of Kubernetes takes the place of the other
	}
	data, err := yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatalf("%q is read without an error, but: %v", text, err)
	}
	var want map[string]any
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(object.Object, want) {
		t.Errorf("%q: got %v, want %v", text, object.Object, want)
	}
}
