// SPDX-License-Identifier: Apache-2.0

package bulkheadtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
)

// Diff returns the differences between two objects, a line each, or "" if there
// are none. A line gives the field, what was wanted there and what was got:
//
//	NetworkPolicy/staging/web spec.ingress[0].ports[0].port: want 8080, got 80
//
// Both are compared as [bulkhead.Unstructured] gives them, so a typed object may
// equal an unstructured one, and these do not count: whether apiVersion and kind
// are filled in, status, the metadata that only a server sets, the finalizer
// "kubernetes" of a Namespace, the pull secrets that OpenShift gives a ServiceAccount,
// and fields that are absent in one and empty in the other where JSON leaves both out.
// All else counts, apiVersion, kind, name, labels and annotations included.
//
// Compared and not shown are the values of Secrets of any API group, also within
// other objects, of environment variables, in a list or in a map, of kubectl's
// annotation last-applied-configuration, and of arguments of commands that look like
// credentials, such as --password=x. Everything else is shown: a credential in an
// argument that does not say so, in a ConfigMap or in a field that only its own kind
// knows would show too. Where one may be, compare without printing, or keep it in a
// Secret.
//
// An object that has no unstructured form differs from every other; no object
// equals no object.
func Diff(want, got bulkhead.Object) string {
	var b strings.Builder
	for _, d := range differences(want, got) {
		fmt.Fprintf(&b, "%s\n", d)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// A difference is one field in which two objects differ. An empty field means
// the whole object.
type difference struct {
	object    bulkhead.Ref
	field     string
	want, got string
}

func (d difference) String() string {
	at := d.object.String()
	if d.field != "" {
		at += " " + d.field
	}
	return fmt.Sprintf("%s: want %s, got %s", at, d.want, d.got)
}

func differences(want, got bulkhead.Object) []difference {
	wantRef, gotRef := bulkhead.RefTo(want), bulkhead.RefTo(got)
	none := bulkhead.Ref{}
	switch {
	case wantRef == none && gotRef == none:
		return nil
	case gotRef == none:
		return []difference{{object: wantRef, want: "the object", got: nothing}}
	case wantRef == none:
		return []difference{{object: gotRef, want: nothing, got: "the object"}}
	}
	wantContent, wantErr := contentOf(want)
	gotContent, gotErr := contentOf(got)
	if wantErr != nil || gotErr != nil {
		return []difference{{object: wantRef, want: formOf(wantErr), got: formOf(gotErr)}}
	}
	r := reporter{object: wantRef}
	cmp.Equal(wantContent, gotContent, cmp.Reporter(&r))
	return r.found
}

// contentOf returns the object's JSON content, with what is not to be shown
// wrapped.
func contentOf(obj bulkhead.Object) (map[string]any, error) {
	u, err := bulkhead.Unstructured(obj)
	if err != nil {
		return nil, err
	}
	dropPullSecrets(bulkhead.RefTo(obj), u.Object)
	withhold(bulkhead.RefTo(obj), u.Object)
	return u.Object, nil
}

func formOf(err error) string {
	if err != nil {
		return fmt.Sprintf("an object that cannot be compared (%v)", err)
	}
	return "an object"
}

// nothing stands for a field that an object does not have.
const nothing = "nothing"

// A reporter collects differences while cmp walks through two JSON values.
type reporter struct {
	object bulkhead.Ref
	path   cmp.Path
	found  []difference
}

// PushStep is called by cmp on the way down.
func (r *reporter) PushStep(step cmp.PathStep) { r.path = append(r.path, step) }

// PopStep is called by cmp on the way up.
func (r *reporter) PopStep() { r.path = r.path[:len(r.path)-1] }

// Report is called by cmp for every leaf, and for what only one side has.
func (r *reporter) Report(result cmp.Result) {
	if result.Equal() {
		return
	}
	want, got := r.path.Last().Values()
	d := difference{object: r.object, field: fieldOf(r.path), want: nothing, got: nothing}
	if want.IsValid() {
		d.want = show(want.Interface())
	}
	if got.IsValid() {
		d.got = show(got.Interface())
	}
	r.found = append(r.found, d)
}

// fieldOf writes a path as Kubernetes does, such as "spec.ingress[0].from" or
// "metadata.labels[app.kubernetes.io/name]". Where items moved the index is that
// of the wanted object, if it has the item.
func fieldOf(path cmp.Path) string {
	var b strings.Builder
	for _, step := range path {
		switch step := step.(type) {
		case cmp.MapIndex:
			switch key := printable(step.Key().String()); {
			case strings.ContainsAny(key, "./[] \""):
				fmt.Fprintf(&b, "[%s]", key)
			case b.Len() == 0:
				b.WriteString(key)
			default:
				b.WriteString("." + key)
			}
		case cmp.SliceIndex:
			want, got := step.SplitKeys()
			if want < 0 {
				want = got
			}
			fmt.Fprintf(&b, "[%d]", want)
		}
	}
	return b.String()
}

// printable quotes s if it holds a character that would break a line or steer a
// terminal.
func printable(s string) string {
	if quoted := strconv.Quote(s); quoted != `"`+s+`"` {
		return quoted
	}
	return s
}

// show writes a JSON value on one line.
func show(value any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Sprintf("a value that is no JSON (%v)", err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
