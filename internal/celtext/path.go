// SPDX-License-Identifier: Apache-2.0

package celtext

import (
	"slices"
	"strings"
)

// A Path is a chain of fields such as object.spec.containers[0].image: the name it
// begins with, and what is selected from there, an element of a list or map being
// Element unless the text names the key.
type Path []string

// Element is the step of a path into a list or map where the text names no key.
const Element = "[]"

// String writes a path as CEL does.
func (p Path) String() string { return strings.ReplaceAll(strings.Join(p, "."), "."+Element, Element) }

// Under returns what a path selects below another, and whether it begins with it.
func (p Path) Under(prefix ...string) (Path, bool) {
	if len(p) < len(prefix) || !slices.Equal(p[:len(prefix)], Path(prefix)) {
		return nil, false
	}
	return p[len(prefix):], true
}

// A Value is what an expression may stand for: one of some paths. The empty value is
// one that is not known.
type Value []Path

// most bounds the paths that a value may be, since they multiply.
const most = 16

// deepest bounds the steps of a path; no field of the API lies deeper, and a path
// through nested macros grows with the text.
const deepest = 64

func (v Value) step(name string) Value {
	if len(v) > 0 && len(v[0]) >= deepest {
		return nil
	}
	out := make(Value, 0, len(v))
	for _, path := range v {
		out = append(out, append(slices.Clone(path), name))
	}
	return out
}

func (v Value) or(other Value) Value {
	for _, path := range other {
		if !slices.ContainsFunc(v, func(p Path) bool { return slices.Equal(p, path) }) {
			v = append(v, path)
		}
	}
	if len(v) > most {
		return nil
	}
	return v
}

// Unescaped returns a field's name as the API has it: CEL cannot say some names
// (Kubernetes API reference, ValidatingAdmissionPolicy, expression).
func Unescaped(field string) string {
	if !strings.Contains(field, "__") {
		return field
	}
	replaced := strings.NewReplacer("__underscores__", "__", "__dot__", ".", "__dash__", "-", "__slash__", "/").Replace(field)
	if inner, ok := strings.CutPrefix(replaced, "__"); ok && strings.HasSuffix(inner, "__") && len(inner) > 2 {
		return strings.TrimSuffix(inner, "__")
	}
	return replaced
}
