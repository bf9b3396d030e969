// SPDX-License-Identifier: Apache-2.0

package celtext

import (
	"slices"
	"strings"
)

// A Setting is a field of the object that a mutation changes.
type Setting struct {
	Path   Path // from the object, which is not itself in it
	Remove bool
}

// Settings lists the fields that a mutation changes, as far as the text names them: in
// an apply configuration (Object.spec{field: value}) and in JSON patches with a
// written-out path.
func Settings(text string) []Setting {
	e := mutation{tokens(text)}
	var out []Setting
	var types []Path // of the open braces; nil of one that is no object
	for i, t := range e.tokens {
		switch {
		case t.is("{"):
			types = append(types, e.typeBefore(i))
			if len(types) > deepest {
				break // where nothing of the API lies
			}
			if patch, ok := e.patchAt(i); ok {
				out = append(out, patch)
			}
		case t.is("}") && len(types) > 0:
			types = types[:len(types)-1]
		case len(types) > 0 && len(types) <= deepest && types[len(types)-1] != nil && setsField(e.tokens, i):
			path := append(slices.Clone(types[len(types)-1][1:]), Unescaped(t.text))
			if len(path) <= deepest {
				out = append(out, e.values(i+2, path)...)
			}
		}
	}
	return out
}

// A mutation is the text of one.
type mutation struct{ tokens []token }

// values returns what is set in the field at path, whose value begins at i: each key
// of a map, nothing of an object, whose own fields follow.
func (e mutation) values(i int, path Path) []Setting {
	if i >= len(e.tokens) || e.tokens[i].kind == name && e.tokens[i].text == "Object" {
		return nil
	}
	if !e.tokens[i].is("{") {
		return []Setting{{Path: path}}
	}
	var out []Setting
	depth := 0
	for j := i; j < len(e.tokens); j++ {
		if depth += turn(e.tokens[j]); depth == 0 {
			return out
		}
		if depth == 1 && e.tokens[j].kind == quoted && j+1 < len(e.tokens) && e.tokens[j+1].is(":") {
			out = append(out, Setting{Path: append(slices.Clone(path), e.tokens[j].text)})
		}
	}
	return out
}

// typeBefore returns the name of the type before a brace, if it is an Object's.
func (e mutation) typeBefore(brace int) Path {
	var out Path
	for i := brace - 1; i >= 0 && e.tokens[i].kind == name && len(out) < deepest; i -= 2 {
		out = append(out, Unescaped(e.tokens[i].text))
		if i == 0 || !e.tokens[i-1].is(".") {
			break
		}
	}
	slices.Reverse(out)
	if len(out) == 0 || out[0] != "Object" {
		return nil
	}
	return out
}

// patchAt returns the patch whose fields stand in a brace.
func (e mutation) patchAt(brace int) (Setting, bool) {
	if brace == 0 || e.tokens[brace-1].text != "JSONPatch" || e.tokens[brace-1].kind != name {
		return Setting{}, false
	}
	var op, path string
	depth := 0
	for i := brace; i < len(e.tokens); i++ {
		if depth += turn(e.tokens[i]); depth == 0 {
			break
		}
		if depth != 1 || !setsField(e.tokens, i) || i+3 >= len(e.tokens) || e.tokens[i+2].kind != quoted {
			continue
		}
		if end := e.tokens[i+3]; !end.is(",") && !end.is("}") {
			continue // a text that is put together
		}
		switch e.tokens[i].text {
		case "op":
			op = e.tokens[i+2].text
		case "path":
			path = e.tokens[i+2].text
		}
	}
	steps := strings.Split(path, "/")
	if len(steps) < 2 || len(steps) > deepest || op == "test" || op == "" {
		return Setting{}, false
	}
	out := Setting{Remove: op == "remove"}
	for _, step := range steps[1:] {
		out.Path = append(out.Path, strings.NewReplacer("~1", "/", "~0", "~").Replace(step))
	}
	return out, true
}

// setsField reports whether the token is the name of a field that gets a value, as in
// Object{field: value}.
func setsField(ts []token, i int) bool {
	if ts[i].kind != name || i == 0 || i+1 >= len(ts) || !ts[i+1].is(":") {
		return false
	}
	before := ts[i-1]
	if before.is("?") && i > 1 {
		before = ts[i-2]
	}
	return before.is("{") || before.is(",")
}
