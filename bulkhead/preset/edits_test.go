// SPDX-License-Identifier: Apache-2.0

package preset_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/bulkhead/preset"
)

// Whatever field of whatever object is changed or taken away, the rule of the
// environment names the object and, where it is still there, the field.
func TestEveryEditIsDrift(t *testing.T) {
	if testing.Short() {
		t.Skip("there are more than a thousand edits")
	}
	environments := []*preset.Environment{bulkhead.Must(preset.Staging(stagingOptions())), bulkhead.Must(preset.Production(productionOptions()))}
	var count int
	for _, environment := range environments {
		drift := environment.Drift()
		for i, obj := range environment.Objects {
			for _, e := range edits(obj) {
				edited := slices.Delete(slices.Clone(environment.Objects), i, i+1)
				if e.result != nil {
					read, ok := reread(t, e.result)
					if !ok || cmp.Equal(obj, read) {
						continue // nobody can apply it, or it says the same in other words
					}
					edited = append(edited, read)
				}
				count++
				if findings := bulkhead.Check(edited, drift); len(findings) == 0 {
					t.Errorf("%s %s: found nothing", e.object, e.what)
				}
			}
		}
	}
	if count < 1000 {
		t.Errorf("only %d edits were made", count)
	}
}

// reread returns an object as a manifest of it is read, and false if there is
// something wrong with the manifest.
func reread(t *testing.T, content map[string]any) (bulkhead.Object, bool) {
	t.Helper()
	var text bytes.Buffer
	if err := manifest.Write(&text, &unstructured.Unstructured{Object: content}); err != nil {
		t.Fatal(err)
	}
	set, err := manifest.Read("edited.yaml", &text)
	if err != nil || len(set.Objects) != 1 {
		return nil, false
	}
	return set.Objects[0], true
}

// An edit is an object with one thing changed or taken away.
type edit struct {
	object bulkhead.Ref
	what   string
	result map[string]any // nil where the whole object is gone
}

// edits returns the removal of an object, and every edit of one of its fields: taken
// away, or with another value. The fields that say which object it is stay.
func edits(obj bulkhead.Object) []edit {
	ref, content := bulkhead.RefTo(obj), bulkhead.Must(bulkhead.Unstructured(obj)).Object
	out := []edit{{ref, "gone", nil}}
	walk(content, func(path []any, value any) {
		if at := fmt.Sprint(path...); slices.Contains([]string{"apiVersion", "kind", "metadata", "metadataname", "metadatanamespace"}, at) ||
			strings.HasPrefix(at, "metadatalabelsapp.kubernetes.io/managed-by") {
			return
		}
		out = append(out, edit{ref, describe(path) + " gone", without(content, path)})
		for _, other := range others(value) {
			out = append(out, edit{ref, fmt.Sprintf("%s: %v", describe(path), other), with(content, path, other)})
		}
	})
	return out
}

// walk calls visit for every field and item of a JSON value.
func walk(value any, visit func(path []any, value any)) { walkAt(nil, value, visit) }

func walkAt(path []any, value any, visit func(path []any, value any)) {
	if len(path) > 0 {
		visit(path, value)
	}
	switch v := value.(type) {
	case map[string]any:
		for name, field := range v {
			walkAt(append(slices.Clone(path), name), field, visit)
		}
	case []any:
		for i, item := range v {
			walkAt(append(slices.Clone(path), i), item, visit)
		}
	}
}

// others returns values that a field may have instead.
func others(value any) []any {
	words := map[string]string{
		"Fail": "Ignore", "Deny": "Audit", "Equivalent": "Exact", "NotIn": "In", "Never": "PreemptLowerPriority", "restricted": "privileged",
		"baseline": "privileged", "CREATE": "CONNECT", "UPDATE": "CONNECT", "DELETE": "CONNECT", "TCP": "UDP", "UDP": "TCP", "Admin": "Baseline",
	}
	switch v := value.(type) {
	case bool:
		return []any{!v}
	case int64:
		return []any{v*10 + 100}
	case string:
		if other, ok := words[v]; ok {
			return []any{other}
		}
		if v != "" && strings.Trim(v, "0123456789.kmMGTi") == "" {
			return []any{"100" + v}
		}
		return []any{v + "x"}
	default:
		return nil
	}
}

func describe(path []any) string {
	var b strings.Builder
	for _, step := range path {
		switch step := step.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", step)
		case string:
			if strings.ContainsAny(step, "./") {
				fmt.Fprintf(&b, "[%s]", step)
			} else {
				b.WriteString("." + step)
			}
		}
	}
	return strings.TrimPrefix(b.String(), ".")
}

// with returns a copy of a JSON object with another value at a path.
func with(content map[string]any, path []any, value any) map[string]any {
	return replaced(runtime.DeepCopyJSON(content), path, func(any) (any, bool) { return value, true }).(map[string]any)
}

// without returns a copy of a JSON object without what is at a path.
func without(content map[string]any, path []any) map[string]any {
	return replaced(runtime.DeepCopyJSON(content), path, func(any) (any, bool) { return nil, false }).(map[string]any)
}

func replaced(value any, path []any, change func(any) (any, bool)) any {
	next := func(child any) (any, bool) {
		if len(path) == 1 {
			return change(child)
		}
		return replaced(child, path[1:], change), true
	}
	switch v := value.(type) {
	case map[string]any:
		name := path[0].(string)
		child, keep := next(v[name])
		if v[name] = child; !keep {
			delete(v, name)
		}
		return v
	case []any:
		i := path[0].(int)
		child, keep := next(v[i])
		if v[i] = child; !keep {
			return slices.Delete(v, i, i+1)
		}
		return v
	default:
		panic(fmt.Sprintf("nothing below %v", value))
	}
}
