// SPDX-License-Identifier: Apache-2.0

package layers

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// What one Walk takes apart at most. A record of a Helm release in a manifest has seven
// layers down to a value in a file in a Secret: base64 of the manifest, base64 of Helm,
// gzip, JSON, YAML, base64, JSON.
const (
	MaxDepth = 12       // layers
	MaxBytes = 32 << 20 // bytes of all that was unpacked; kube-apiserver stores at most 1.5 MB an object
	MaxTexts = 400_000
)

// A Text is one text that was found.
type Text struct {
	// Key is the name of the entry that holds it, in the innermost mapping: "password"
	// in {"password": "x"}. It is that of the whole where nothing gives another.
	Key  string
	Text string
	// JSON says that Text is a JSON document, so that all it holds is shown by itself.
	JSON bool
	// Part says that Text stands as it is in one that was shown before, which is no JSON, and
	// between blanks, quotes or other marks.
	Part bool
	// Binary says that Text is bytes of no text, such as a key that was in base64.
	Binary bool
}

// A Visitor is shown what is found. Either function may be nil.
type Visitor struct {
	Text func(Text)
	// Document gets each JSON or YAML document, and each list of KEY=VALUE lines:
	// map[string]any, []any and string. Aliases of YAML are left out.
	Document func(any)
}

// A Budget bounds several walks together. The zero Budget is used up.
type Budget struct{ Bytes int64 }

// Walk shows v all that text holds, from the outside in, the text itself first. It
// reports whether that was all: if not, a bound was reached, in this walk or in budget.
func Walk(key, text string, v Visitor, budget *Budget) bool {
	w := walker{Visitor: v, budget: budget, bytes: MaxBytes, texts: MaxTexts, complete: true}
	w.text(key, text, 0, false)
	return w.complete
}

type walker struct {
	Visitor

	budget   *Budget
	bytes    int64
	texts    int
	complete bool
}

// spend takes what a text costs out of the bounds, and reports whether it may be
// looked at.
func (w *walker) spend(n, depth int) bool {
	if depth > 0 {
		w.bytes -= int64(n)
		w.budget.Bytes -= int64(n)
	}
	w.texts--
	if depth > MaxDepth || w.bytes < 0 || w.budget.Bytes < 0 || w.texts < 0 {
		w.complete = false
		return false
	}
	return true
}

func (w *walker) text(key, text string, depth int, part bool) {
	if text == "" || !w.spend(len(text), depth) {
		return
	}
	whole := text
	if trimmed := strings.TrimSpace(text); trimmed != text {
		w.show(Text{Key: key, Text: text, Part: part})
		if text = trimmed; text == "" {
			return
		}
	}
	doc, json := parseJSON(text)
	binary := !utf8.ValidString(text)
	w.show(Text{Key: key, Text: text, JSON: json, Part: part, Binary: binary})
	if json {
		w.document(key, doc, depth, false)
		return
	}
	if plain, ok := w.gunzip(text); ok {
		w.text(key, plain, depth+1, false)
		return
	}
	if binary || len(text) < shortest {
		return
	}
	if strings.HasPrefix(text, "-----BEGIN ") {
		return
	}
	if decoded, ok := decodeBase64(text); ok {
		w.text(key, decoded, depth+1, false)
	}
	if decoded, ok := decodeURL(text); ok {
		w.text(key, decoded, depth+1, false)
	}
	escapes := strings.Contains(text, `\`)
	lines, allLines := parseLines(text)
	if lines != nil {
		w.document(key, lines, depth, !escapes)
	}
	docs, allYAML := w.parseYAML(whole) // with the blanks before its first line
	for _, doc := range docs {
		w.document(key, doc, depth, !escapes)
	}
	w.embedded(key, text, depth, escapes)
	if !allLines && !allYAML || !strings.Contains(text, "\n") { // one line may look like KEY=VALUE by chance
		w.words(key, text, depth)
	}
}

func (w *walker) show(t Text) {
	if w.Text != nil {
		w.Text(t)
	}
}

// document shows a document and goes into what it holds. Words says that the words of its
// strings stand as they are in the text of the document, which was shown.
func (w *walker) document(key string, doc any, depth int, words bool) {
	if w.Document != nil {
		w.Document(doc)
	}
	w.value(key, doc, depth+1, words)
}

// value goes into a part of a document. Of a string of several words a parser may have changed
// what is between them.
func (w *walker) value(key string, value any, depth int, words bool) {
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			w.value(name, v[name], depth, words)
		}
	case []any:
		for _, item := range v {
			w.value(key, item, depth, words)
		}
	case string:
		w.text(key, v, depth, words && !strings.ContainsAny(v, " \t\r\n'"))
	}
}

// embedded goes into JSON in the middle of a text, such as an argument of a command, also
// if its quotes are escaped as in a string.
func (w *walker) embedded(key, text string, depth int, escapes bool) {
	if !strings.Contains(text, "{") {
		return
	}
	for _, doc := range w.embeddedJSON(text) {
		w.document(key, doc, depth, !escapes)
	}
	if decoded, ok := decodeEscapes(text); ok {
		w.text(key, decoded, depth+1, false)
	}
}

// words goes into the words of a text that are base64.
func (w *walker) words(key, text string, depth int) {
	if !strings.ContainsAny(text, " \t\n\"',;=:") {
		return
	}
	for word := range wordsOf(text) {
		if word == text {
			continue // seen already
		}
		if decoded, ok := decodeBase64(word); ok && utf8.ValidString(decoded) {
			w.text(key, decoded, depth+1, false)
		}
	}
}
