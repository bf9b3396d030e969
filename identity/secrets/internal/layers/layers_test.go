// SPDX-License-Identifier: Apache-2.0

package layers_test

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/identity/secrets/internal/layers"
)

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// walk returns key and text of all that is found.
func walk(text string) (found []string, complete bool) {
	complete = layers.Walk("top", text, layers.Visitor{Text: func(t layers.Text) {
		found = append(found, t.Key+"="+t.Text)
	}}, &layers.Budget{Bytes: layers.MaxBytes})
	return found, complete
}

func TestWalk(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"a word":                       {"word", "top=word"},
		"blanks around a word":         {" word\n", "top=word"},
		"JSON":                         {`{"a":{"b":"c"}}`, "b=c"},
		"numbers in JSON":              {`{"pin": 12345678}`, "pin=12345678"},
		"a list in JSON":               {`{"a":["b","c"]}`, "a=c"},
		"JSON in JSON":                 {`{"a":"{\"b\":\"c\"}"}`, "b=c"},
		"YAML":                         {"a:\n  b: c\n", "b=c"},
		"a block in YAML":              {"a: |\n  {\"b\": \"c\"}\n", "b=c"},
		"a second document of YAML":    {"a: b\n---\nc: d\n", "c=d"},
		"a key of YAML twice":          {"a: b\na: d\n", "a 1=d"},
		"lines":                        {"A=b\nexport C='d e'\n", "C=d e"},
		"escapes in lines":             {`A="b\nc"`, "A=b\nc"},
		"properties":                   {"# x\na.b=c\n", "a.b=c"},
		"base64":                       {b64("hello world"), "top=hello world"},
		"base64 without padding":       {strings.TrimRight(b64("hello world"), "="), "top=hello world"},
		"base64 in lines of 8":         {"aGVsbG8g\nd29ybGQh\n", "top=hello world!"},
		"base64 in JSON in base64":     {b64(`{"a":"` + b64("hello world") + `"}`), "a=hello world"},
		"URL encoding":                 {"hello%20world", "top=hello world"},
		"JSON in an argument":          {`--key={"a":"b"} --x`, "a=b"},
		"JSON that is escaped":         {`{\"a\": \"b\"}`, "a=b"},
		"JSON that is escaped twice":   {`{\\\"a\\\": \\\"b\\\"}`, "a=b"},
		"escaped JSON in an argument":  {`echo "{\n \"a\":\"b\"}" > x`, "a=b"},
		"a hundred lines of JSON":      {strings.Repeat("{\"x\":\"y\"}\n", 100) + `{"a":"b"}`, "a=b"},
		"JSON behind lines":            {strings.Repeat("X=y\n", 30) + "Z={\n\"a\":\n\"b\"\n}", "a=b"},
		"base64 behind lines":          {"X=y\nZ=y\n" + b64("hello world"), "top=hello world"},
		"a line that is commented out": {"X=y\n# A=b\n", "A=b"},
		"YAML before what is broken":   {"a: b\n---\nc: [\n", "a=b"},
		"JSON behind what is broken":   {"x: y\n---\nz: [\n{\"a\":\"b\"}", "a=b"},
		"base64 in a comment":          {"x: y\n# z: " + b64("hello world") + "\n", "top=hello world"},
		"base64 in an argument":        {"--key=" + b64("hello world") + " --x", "top=hello world"},
	} {
		t.Run(name, func(t *testing.T) {
			found, complete := walk(tt.text)
			if !complete || !slices.Contains(found, tt.want) {
				t.Errorf("%t, found %q, want %q", complete, found, tt.want)
			}
		})
	}
}

func TestWhatIsNotTakenApart(t *testing.T) {
	for name, text := range map[string]string{
		"a name that is base64 by chance": "backend-credentials",
		"text of which half is comments":  "# one\n# two\n# three\nfour\nfive\nA=b",
		"a certificate":                   "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
		"a sentence":                      "nothing to see here",
	} {
		if found, complete := walk(text); !complete || len(found) != 1 {
			t.Errorf("%s: %t, %q", name, complete, found)
		}
	}
}

func TestBoundsAreSaid(t *testing.T) {
	deep := "hello world"
	for range layers.MaxDepth + 1 {
		deep = b64(deep)
	}
	if _, complete := walk(deep); complete {
		t.Error("a text of too many layers passes for taken apart")
	}
	if _, complete := walk(strings.Repeat(`{"a":`, 50_000)); complete {
		t.Error("objects that never close pass for taken apart")
	}
	if layers.Walk("", b64("hello world"), layers.Visitor{}, new(layers.Budget)) {
		t.Error("a budget that is used up passes for enough")
	}
}

// TestWhatIsPackedIsFound packs a text by random layers and finds it again.
func TestWhatIsPackedIsFound(t *testing.T) {
	pack := map[string]func(string) string{
		"base64": b64,
		"JSON": func(s string) string {
			data, _ := json.Marshal(map[string]any{"a": []string{s}})
			return string(data)
		},
		"YAML": func(s string) string {
			data, _ := yaml.Marshal(map[string]any{"a": map[string]string{"b": s}})
			return string(data)
		},
	}
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[a-z]{4}[A-Z0-9#$%&' :"\\]{8,20}[a-z]{2}`).Draw(t, "secret")
		text := secret
		for _, how := range rapid.SliceOfN(rapid.SampledFrom([]string{"base64", "JSON", "YAML"}), 0, 5).Draw(t, "layers") {
			text = pack[how](text)
		}
		found, complete := walk(text)
		if !complete || !slices.ContainsFunc(found, func(f string) bool { return strings.HasSuffix(f, "="+secret) }) {
			t.Fatalf("%t: %q is not in %q", complete, secret, found)
		}
	})
}

// leaves returns the scalars of YAML.
func leaves(n *yaml.Node) []string {
	if n.Kind == yaml.ScalarNode && strings.TrimSpace(n.Value) != "" {
		return []string{n.Value}
	}
	var out []string
	for i, inner := range n.Content {
		if n.Kind != yaml.MappingNode || i%2 == 1 {
			out = append(out, leaves(inner)...)
		}
	}
	return out
}

// holdsLeaves holds that a walk shows each scalar of a text that is YAML.
func holdsLeaves(t interface{ Errorf(string, ...any) }, text string) {
	var doc yaml.Node
	if len(strings.TrimSpace(text)) < 8 || yaml.Unmarshal([]byte(text), &doc) != nil {
		return // shorter texts are not taken apart
	}
	if !strings.ContainsAny(text, ":-[{") || doc.Kind == 0 || doc.Content[0].Kind == yaml.ScalarNode {
		return
	}
	found, complete := walk(text)
	for _, leaf := range leaves(&doc) {
		if complete && !slices.ContainsFunc(found, func(f string) bool {
			return strings.HasSuffix(f, "="+leaf) || strings.HasSuffix(f, "="+strings.TrimSpace(leaf))
		}) {
			t.Errorf("%q: %q is not in %q", text, leaf, found)
		}
	}
}

// TestYAMLIsReadAsItsParserDoes compares with the parser on files of settings, some of them
// broken, since the simplest are read by other code.
func TestYAMLIsReadAsItsParserDoes(t *testing.T) {
	line := rapid.Custom(func(t *rapid.T) string {
		return strings.Repeat(" ", rapid.IntRange(0, 5).Draw(t, "indent")) + rapid.SampledFrom([]string{"a", "b", "c-d", "e.f", "- g", "- "}).Draw(t, "key") +
			rapid.SampledFrom([]string{":", ": ", ": x", ": y: z", ": http://h:80/", ":x", ": -", ": - q", ": ~", ": 012", ": 'q'", ": [1, 2]", ": |", ": x #y", "", ":  two words", ": x:"}).Draw(t, "value")
	})
	rapid.Check(t, func(t *rapid.T) {
		holdsLeaves(t, strings.Join(rapid.SliceOfN(line, 1, 6).Draw(t, "lines"), "\n"))
	})
}

// TestParts holds that what is called a part of a text before it stands there.
func TestParts(t *testing.T) {
	for text, want := range map[string]bool{
		"aaa: word": true, "AAAA=word": true, "a: [word, b]": true, `a: {"b": "word"}`: true, "export A='word'": true,
		"a: \"wor\\x64\"": false, `{"a":"word"}`: false, b64("aaa: word"): true, b64("word word"): false, "aaa: two\n  words": false,
	} {
		part, shown := false, ""
		layers.Walk("", text, layers.Visitor{Text: func(found layers.Text) {
			if found.Part && !strings.Contains(shown, found.Text) {
				t.Errorf("%q: %q is called a part of nothing before it", text, found.Text)
			}
			part = part || found.Part && found.Text == "word"
			shown += found.Text + "\n"
		}}, &layers.Budget{Bytes: layers.MaxBytes})
		if part != want {
			t.Errorf("%q: %t", text, part)
		}
	}
}

func FuzzYAML(f *testing.F) {
	for _, seed := range []string{"a: b\nc:\n  d: e\n", "a:\n b: c\n  d: e\n", "a:\n- b\n", "a: b\n c\n", "a: b: c", "a:\n\n  b: |\n    c\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { holdsLeaves(t, text) })
}

func FuzzWalk(f *testing.F) {
	for _, seed := range []string{"a: b", `{"a":"b"}`, "A=b", b64("hello"), "%20", "\x1f\x8b\x08", "a: &a [*a]", "--x={\"a\":1}", "- - - a", "[{: ", "? a\n: b", "!!binary x: y"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n := 0
		layers.Walk("", text, layers.Visitor{Text: func(layers.Text) { n++ }, Document: func(any) {}}, &layers.Budget{Bytes: 1 << 20})
		if n > layers.MaxTexts*2 {
			t.Errorf("%d texts", n)
		}
	})
}
