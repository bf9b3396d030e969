// SPDX-License-Identifier: Apache-2.0

package secrets_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/secrets"
)

// closes holds of each breach that its change, applied and asked again, closes it.
func closes(t *testing.T, objs []bulkhead.Object, b secrets.Boundary, p bulkhead.Proof) {
	t.Helper()
	for _, breach := range p.Breaches {
		if breach.Change.Text == "" || breach.Change.Object == (bulkhead.Ref{}) {
			t.Errorf("%s: a breach without a change", breach.Rule)
			continue
		}
		after, err := secrets.NoLeak(applied(t, objs, breach.Change), b)
		if errors.Is(err, secrets.ErrNothing) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(after.Breaches, func(other bulkhead.Breach) bool {
			return reflect.DeepEqual(other.Path, breach.Path) && other.Rule == breach.Rule
		}) {
			t.Errorf("%s %s: still open after %+v", breach.Rule, breach.Path[0].Object, breach.Change)
		}
		if len(after.Breaches) > len(p.Breaches) {
			t.Errorf("%+v opens paths: %d before, %d after", breach.Change, len(p.Breaches), len(after.Breaches))
		}
	}
}

// applied returns the objects with a change: without the object, or without what stands
// in the field.
func applied(t *testing.T, objs []bulkhead.Object, change bulkhead.Change) []bulkhead.Object {
	t.Helper()
	var out []bulkhead.Object
	found := false
	for _, obj := range objs {
		if bulkhead.RefTo(obj) != change.Object {
			out = append(out, obj)
			continue
		}
		found = true
		if change.Field == "" {
			continue
		}
		data, err := json.Marshal(obj)
		if err != nil {
			t.Fatal(err)
		}
		var content map[string]any
		if err := json.Unmarshal(data, &content); err != nil {
			t.Fatal(err)
		}
		if !remove(content, steps(change.Field)) {
			t.Fatalf("%s has no %s", change.Object, change.Field)
		}
		if _, ok := obj.(*unstructured.Unstructured); ok {
			out = append(out, &unstructured.Unstructured{Object: content})
			continue
		}
		if data, err = json.Marshal(content); err != nil {
			t.Fatal(err)
		}
		fresh := reflect.New(reflect.TypeOf(obj).Elem()).Interface().(bulkhead.Object)
		if err := json.Unmarshal(data, fresh); err != nil {
			t.Fatal(err)
		}
		out = append(out, fresh)
	}
	if !found {
		t.Fatalf("the change is about %s, which is not there", change.Object)
	}
	return out
}

// steps splits a path into names and what stands in brackets.
func steps(path string) []string {
	var out []string
	for path != "" {
		if inner, ok := strings.CutPrefix(path, "["); ok {
			name, rest, _ := strings.Cut(inner, "]")
			out, path = append(out, name), strings.TrimPrefix(rest, ".")
			continue
		}
		end := strings.IndexAny(path, ".[")
		if end < 0 {
			end = len(path)
		}
		out, path = append(out, path[:end]), strings.TrimPrefix(path[end:], ".")
	}
	return out
}

// remove takes out what the steps lead to; of a list the others move up.
func remove(content map[string]any, steps []string) bool {
	var parent any = content
	set := func(any) {}
	for i, step := range steps {
		last := i == len(steps)-1
		switch v := parent.(type) {
		case map[string]any:
			if _, ok := v[step]; !ok {
				return false
			}
			if last {
				delete(v, step)
				return true
			}
			parent, set = v[step], func(value any) { v[step] = value }
		case []any:
			index, err := strconv.Atoi(step)
			if err != nil || index >= len(v) {
				return false
			}
			if last {
				set(slices.Delete(slices.Clone(v), index, index+1))
				return true
			}
			parent, set = v[index], func(value any) { v[index] = value }
		default:
			return false
		}
	}
	return false
}
