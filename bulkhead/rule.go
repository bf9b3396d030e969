// SPDX-License-Identifier: Apache-2.0

package bulkhead

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A Rule is a named check over a set of objects. Rules are plain values, and a
// caller runs exactly those it lists.
type Rule struct {
	// ID is stable and never reused: "package/kebab-name".
	ID string
	// Doc is Markdown. Its first line is the title; the rest says what goes
	// wrong, what to do, and where the fact comes from.
	Doc string
	// Severity is that of every finding of the rule.
	Severity Severity
	// Run reports what it finds to the pass. It must not change the objects, and
	// what it reports must not depend on their order.
	Run func(*Pass)
}

// A Pass is one run of one rule over a set of objects.
type Pass struct {
	// Objects is the whole set, sorted; none is nil. Rules that judge one object
	// range over it with [Each]; rules about neighbours look further.
	Objects []Object

	rule     Rule
	findings Findings
}

// Reportf adds a finding about obj. A nil path means the whole object. Fix is an
// imperative phrase, or empty where no single edit mends the problem. The message
// says what happens, without a final stop; it must not contain a secret value.
func (p *Pass) Reportf(obj Object, path *field.Path, fix, format string, args ...any) {
	var at string
	if path != nil {
		at = path.String()
	}
	p.add(obj, at, fmt.Sprintf(format, args...), fix)
}

// ReportInvalid adds a finding for each error of a validation function, under the
// field that the error names. The message quotes the value that the function
// refuses, so this is not for fields that hold secrets.
func (p *Pass) ReportInvalid(obj Object, errs field.ErrorList) {
	var whole *field.Path // validation functions write the path of an object itself so
	for _, err := range errs {
		at := err.Field
		if at == whole.String() {
			at = ""
		}
		p.add(obj, at, err.ErrorBody(), "")
	}
}

func (p *Pass) add(obj Object, at, message, fix string) {
	p.findings = append(p.findings, Finding{
		Rule:     p.rule.ID,
		Severity: p.rule.Severity,
		Object:   RefTo(obj),
		Field:    at,
		Message:  message,
		Fix:      fix,
	})
}

// Check runs rules over objs and returns what they found, sorted and without
// repetition. The result does not depend on the order of either argument. Nil
// objects are passed over, and most rules pass over unstructured objects of kinds that
// have a Go type: convert them with manifest.Typed first. A rule without a Run function is a mistake of the
// program, and Check panics.
func Check(objs []Object, rules ...Rule) Findings {
	objs = sorted(objs)
	var all Findings
	for _, rule := range rules {
		if rule.Run == nil {
			panic("rule " + strconv.Quote(rule.ID) + " has no Run function")
		}
		pass := Pass{Objects: slices.Clone(objs), rule: rule}
		rule.Run(&pass)
		all = append(all, pass.findings...)
	}
	return all.Sorted()
}

// sorted returns the objects that are not nil, ordered by name and, where two
// have the same name, by content.
func sorted(objs []Object) []Object {
	entries := make([]*entry, 0, len(objs))
	for _, obj := range objs {
		if !isNil(obj) {
			entries = append(entries, &entry{ref: RefTo(obj), obj: obj})
		}
	}
	slices.SortStableFunc(entries, func(a, b *entry) int {
		if c := a.ref.Compare(b.ref); c != 0 {
			return c
		}
		return cmp.Compare(a.fingerprint(), b.fingerprint())
	})
	out := make([]Object, len(entries))
	for i, e := range entries {
		out[i] = e.obj
	}
	return out
}

// An entry is an object on its way through a sort, with what it is sorted by.
type entry struct {
	ref  Ref
	obj  Object
	text string
}

// fingerprint is a text that tells two objects of one name apart: Go type and
// content. It is worked out when first needed, since few objects share a name.
// Of an object that does not marshal it is the type alone; such objects keep the
// order they came in.
func (e *entry) fingerprint() string {
	if e.text == "" {
		data, err := json.Marshal(e.obj)
		if err != nil {
			data = nil
		}
		e.text = fmt.Sprintf("%T %s", e.obj, data)
	}
	return e.text
}
