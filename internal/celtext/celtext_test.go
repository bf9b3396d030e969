// SPDX-License-Identifier: Apache-2.0

package celtext_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/internal/celtext"
)

// written joins the paths of a value.
func written(v celtext.Value) string {
	var out []string
	for _, path := range v {
		out = append(out, path.String())
	}
	return strings.Join(out, "|")
}

func TestReads(t *testing.T) {
	variables := map[string]celtext.Value{
		"spec":       celtext.Read("dyn((object.spec))", nil).Value,
		"containers": celtext.Read("object.spec.containers + object.spec.?initContainers.orValue([])", nil).Value,
		"count":      nil,
	}
	tests := map[string]struct {
		text string
		want []string
	}{
		"a field":                 {"object.spec.type != 'NodePort'", []string{"object.spec.type"}},
		"nothing in a string":     {`"object.spec" + 'a.b' + r"\" + """object."x".y"""`, nil},
		"a string with escapes":   {`'it\'s object.x' == object.y`, []string{"object.y"}},
		"nothing in a comment":    {"object.a // and object.b\n && object.c", []string{"object.a", "object.c"}},
		"within has":              {"!has(object.spec.x) || object.spec.x", []string{"object.spec.x", "object.spec.x"}},
		"the variable of a macro": {"object.spec.containers.all(c, has(c.image) && c.image != '')", []string{"object.spec.containers", "object.spec.containers[].image", "object.spec.containers[].image"}},
		"one macro after another": {"object.a.filter(x, x.b).all(x, x.c)", []string{"object.a", "object.a[].b", "object.a[].c"}},
		"one macro in another":    {"object.a.all(x, object.b.exists(x, x.c) && x.d)", []string{"object.a", "object.b", "object.b[].c", "object.a[].d"}},
		"two variables":           {"object.a.all(i, x, x.b == i)", []string{"object.a", "object.a[].b"}},
		"a sum of lists": {
			"(object.spec.containers + object.spec.?initContainers.orValue([])).all(c, c.image)",
			[]string{"object.spec.containers", "object.spec.initContainers", "object.spec.containers[].image|object.spec.initContainers[].image"},
		},
		"a choice of lists": {
			"(has(object.a) ? object.a : []).all(x, x.b)",
			[]string{"object.a", "object.a", "object.a[].b"},
		},
		"a change of types": {
			"dyn(object).?spec.a.or(optional.ofNonZeroValue(object.b)).orValue([]).all(x, x.c)",
			[]string{"object", "object.spec.a", "object.b", "object.spec.a[].c"},
		},
		"another type of a field":      {"dyn(object.a).b", []string{"object.a", "object.a.b"}},
		"an optional of a field":       {"optional.of(object.a).orValue([]).all(x, x.b)", []string{"object.a", "object.a[].b"}},
		"a declared variable":          {"variables.containers.all(c, c.image)", []string{"object.spec.containers|object.spec.initContainers", "object.spec.containers[].image|object.spec.initContainers[].image"}},
		"a variable of another type":   {"variables.spec.x", []string{"object.spec.x"}},
		"an undeclared variable":       {"variables.other.x", []string{"variables.other.x"}},
		"a variable of unknown value":  {"variables.count.x && object.y", []string{"object.y"}},
		"a key":                        {"object.metadata.labels['a.b/c'] == object.metadata.labels[?'d'].orValue('')", []string{"object.metadata.labels.a.b/c", "object.metadata.labels.d"}},
		"a key that is worked out":     {"object.data[object.metadata.name]", []string{"object.data[]", "object.metadata.name"}},
		"escaped names":                {"object.spec.my__dash__field.__namespace__.a__underscores__b", []string{"object.spec.my-field.namespace.a__b"}},
		"a quoted name":                {"object.metadata.labels.`a/b`", []string{"object.metadata.labels.a/b"}},
		"a method's arguments":         {"object.a.matches(object.b)", []string{"object.a", "object.b"}},
		"what a function gives":        {"quantity(object.a).compareTo(quantity('1')) < 0", []string{"object.a"}},
		"an optional value":            {"object.?a.b.optMap(x, x.c).orValue(false)", []string{"object.a.b", "object.a.b.c"}},
		"no type and no field of it":   {"Object{spec: Object.spec{x: object.y}}", []string{"object.y"}},
		"a key of a map that is named": {"{'a': object.b}", []string{"object.b"}},
		"a choice after a comma":       {"f(object.a, object.b ? object.c : object.d)", []string{"object.a", "object.b", "object.c", "object.d"}},
		"names of the language":        {"'x' in object.a && true", []string{"object.a"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, v := range celtext.Read(tt.text, variables).Reads {
				got = append(got, written(v))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("reads (-want +got):\n%s", diff)
			}
		})
	}
}

func TestConstant(t *testing.T) {
	for text, want := range map[string]string{
		"true":                             "true",
		"(( true )) // always":             "true",
		"object.x || true":                 "true",
		"object.x && false":                "false",
		"object.x || object.y && (false)":  "",
		"(object.x || true) && true":       "true",
		"object.x ? true : false":          "",
		"object.?x.orValue(true)":          "",
		"'true'":                           "",
		"(true) && (object.x || (a.b))":    "",
		"object.a.all(x, true)":            "",
		"":                                 "",
		"false || false":                   "false",
		"(object.x) || (object.y || true)": "true",
	} {
		value, known := celtext.Constant(text)
		got := ""
		if known {
			got = map[bool]string{true: "true", false: "false"}[value]
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestSettings(t *testing.T) {
	tests := map[string]struct {
		text string
		want []celtext.Setting
	}{
		"an apply configuration": {
			`Object{spec: Object.spec{priorityClassName: "low", priority: object.x ? 1 : 2}}`,
			[]celtext.Setting{{Path: celtext.Path{"spec", "priorityClassName"}}, {Path: celtext.Path{"spec", "priority"}}},
		},
		"labels": {
			`Object{metadata: Object.metadata{labels: {"a/b": "c", "d": {"e": "f"}["e"]}}}`,
			[]celtext.Setting{{Path: celtext.Path{"metadata", "labels", "a/b"}}, {Path: celtext.Path{"metadata", "labels", "d"}}},
		},
		"an optional field": {
			`Object{?spec: optional.of(Object.spec{?x: object.?y})}`,
			[]celtext.Setting{{Path: celtext.Path{"spec"}}, {Path: celtext.Path{"spec", "x"}}},
		},
		"patches": {
			`[JSONPatch{op: "test", path: "/a"}, JSONPatch{op: "remove", path: "/spec/priority"},
			  JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("x"), value: "y"},
			  JSONPatch{op: "add", path: "/metadata/labels/a~1b", value: {"path": "/no"}}]`,
			[]celtext.Setting{{Path: celtext.Path{"spec", "priority"}, Remove: true}, {Path: celtext.Path{"metadata", "labels", "a/b"}}},
		},
		"nothing": {`has(object.spec) ? [] : [{"op": "add"}]`, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, celtext.Settings(tt.text)); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
		})
	}
}

// Text from a file may be hostile: its reading takes time in proportion to its length.
func TestReadIsFast(t *testing.T) {
	const n = 1 << 14
	for name, text := range map[string]string{
		"macros in macros":       strings.Repeat("a.all(x,", n) + strings.Repeat(")", n),
		"macros that stay open":  strings.Repeat("a.all(x,", n),
		"groups in groups":       strings.Repeat("(a+", n) + "b" + strings.Repeat(").c", n),
		"a long chain":           "a" + strings.Repeat(".b", n),
		"elements of elements":   "a" + strings.Repeat("[0]", n),
		"alternatives":           strings.Repeat("(a||", n) + "true" + strings.Repeat(")", n),
		"objects in objects":     strings.Repeat("Object{a:", n) + "1" + strings.Repeat("}", n),
		"maps in objects":        strings.Repeat("Object{a:{'b':", n) + "1" + strings.Repeat("}}", n),
		"patches in patches":     strings.Repeat("JSONPatch{path:'/a',value:", n) + "1" + strings.Repeat("}", n),
		"closing brackets":       strings.Repeat(")", n),
		"a chain through macros": "a" + strings.Repeat(".filter(x,x.b)", n),
		"lists of lists":         "a" + strings.Repeat(".all(x,x", n) + strings.Repeat(")", n),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			e := celtext.Read(text, map[string]celtext.Value{})
			celtext.Constant(text)
			celtext.Settings(text)
			e.Mentions("x")
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("%d bytes took %v", len(text), took)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"object.spec.containers.all(c, has(c.image))", "(a + b.?c.orValue([])).map(x, x.y)", `r'''x''' + "\"" // c`,
		"Object{spec: Object.spec{a: {'b': 1}}}", "JSONPatch{op: 'add', path: '/a'}", "variables.x[?'y'].`a/b`", "a.all(i, x, x", "}](",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e := celtext.Read(text, map[string]celtext.Value{"x": {{"object", "spec"}, {"object", "status"}}, "y": nil})
		celtext.Constant(text)
		for _, v := range append(e.Reads, e.Value) {
			for _, path := range v {
				if len(path) == 0 {
					t.Errorf("%q: an empty path", text)
				}
			}
		}
		for _, s := range celtext.Settings(text) {
			if len(s.Path) == 0 {
				t.Errorf("%q: nothing is set", text)
			}
		}
	})
}
