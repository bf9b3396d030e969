// SPDX-License-Identifier: Apache-2.0

package preset

import (
	_ "embed"
	"fmt"
	"reflect"
	"slices"
	"strconv"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// Drift is an object of an environment that is gone, or a field of one that is no
// longer as it was made.
const Drift = "preset/drift"

//go:embed rules/drift.md
var driftPage string

// Drift returns a rule that holds the objects of a set against the environment. It
// reports each object that the set lacks, and each field that differs, by its path.
// Labels, annotations and other metadata that somebody added do not count, nor does
// status; anything that was added elsewhere does.
//
// The rules of the other packages say what an edit opens. This one also notices
// edits whose harm depends on what no object says, such as the loss of the policy
// that keeps staging blind to a namespace which is not in the set.
func (e *Environment) Drift() bulkhead.Rule {
	return bulkhead.Rule{ID: Drift, Doc: driftPage, Severity: bulkhead.Error, Run: func(p *bulkhead.Pass) {
		present := make(map[bulkhead.Ref][]bulkhead.Object)
		for _, obj := range p.Objects {
			present[bulkhead.RefTo(obj)] = append(present[bulkhead.RefTo(obj)], obj)
		}
		for _, want := range e.Objects {
			found := present[bulkhead.RefTo(want)]
			if len(found) == 0 {
				p.Reportf(e.home(present, want), nil, "apply it again", "%s, which belongs to it, is gone", bulkhead.RefTo(want))
			}
			for _, got := range found {
				drift{p, got}.compare(want)
			}
		}
	}}
}

// home returns the Namespace of the environment as the set has it, which has a place
// in a file where an object that is gone has none.
func (e *Environment) home(present map[bulkhead.Ref][]bulkhead.Object, gone bulkhead.Object) bulkhead.Object {
	if found := present[bulkhead.Ref{Kind: "Namespace", Name: e.Namespace}]; len(found) > 0 {
		return found[0]
	}
	return gone
}

// A drift is one object under comparison.
type drift struct {
	pass *bulkhead.Pass
	got  bulkhead.Object
}

func (d drift) compare(want bulkhead.Object) {
	wanted, err := bulkhead.Unstructured(want)
	if err == nil {
		got, gotErr := bulkhead.Unstructured(d.got)
		if gotErr == nil {
			d.fields(nil, wanted.Object, got.Object)
			return
		}
		err = gotErr
	}
	d.pass.Reportf(d.got, nil, "", "cannot be compared: %v", err)
}

// fields compares two JSON objects. In metadata others may add fields.
func (d drift) fields(at *field.Path, want, got map[string]any) {
	for name, value := range want {
		if have, ok := got[name]; ok {
			d.values(child(at, name), value, have)
			continue
		}
		d.report(child(at, name), "is gone, and was "+show(value))
	}
	if at != nil && at.Root().String() == "metadata" {
		return
	}
	for name, have := range got {
		if _, ok := want[name]; !ok {
			d.report(child(at, name), "was not there, and is "+show(have))
		}
	}
}

func (d drift) values(at *field.Path, want, got any) {
	wantFields, wantOK := want.(map[string]any)
	gotFields, gotOK := got.(map[string]any)
	wantItems, wantList := want.([]any)
	gotItems, gotList := got.([]any)
	switch {
	case wantOK && gotOK:
		d.fields(at, wantFields, gotFields)
	case wantList && gotList && len(wantItems) == len(gotItems):
		for i := range wantItems {
			d.values(at.Index(i), wantItems[i], gotItems[i])
		}
	case !reflect.DeepEqual(want, got):
		d.report(at, "is "+show(got)+", and was "+show(want))
	}
}

func (d drift) report(at *field.Path, what string) {
	d.pass.Reportf(d.got, at, "restore it", "%s when the environment was made", what)
}

// child appends a name to a path: as a key if it is none of a field.
func child(at *field.Path, name string) *field.Path {
	plain := !slices.ContainsFunc([]byte(name), func(c byte) bool { return c == '.' || c == '/' || c == '-' })
	switch {
	case at == nil:
		return field.NewPath(name)
	case plain:
		return at.Child(name)
	default:
		return at.Key(name)
	}
}

// show writes a scalar as it is, and says what else a value is. No object of an
// environment holds a secret.
func show(value any) string {
	switch v := value.(type) {
	case string:
		return strconv.Quote(v)
	case map[string]any:
		return strconv.Itoa(len(v)) + " fields"
	case []any:
		return strconv.Itoa(len(v)) + " items"
	default:
		return fmt.Sprint(v)
	}
}
