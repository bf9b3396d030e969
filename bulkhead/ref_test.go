// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
)

func TestRefTo(t *testing.T) {
	named := metav1.ObjectMeta{Namespace: "staging", Name: "web"}
	tests := map[string]struct {
		obj  bulkhead.Object
		want bulkhead.Ref
	}{
		"no object":                     {nil, bulkhead.Ref{}},
		"a nil pointer in an interface": {(*networkingv1.NetworkPolicy)(nil), bulkhead.Ref{}},
		"an object that a typed client has read back": {
			&networkingv1.NetworkPolicy{ObjectMeta: named},
			bulkhead.Ref{Group: "networking.k8s.io", Kind: "NetworkPolicy", Namespace: "staging", Name: "web"},
		},
		"a Go type of Kubernetes that carries another kind": {
			&corev1.Pod{TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"}, ObjectMeta: named},
			bulkhead.Ref{Kind: "Pod", Namespace: "staging", Name: "web"},
		},
		"an unstructured object": {
			untyped("example.com/v1", "Widget", "staging", "web"),
			bulkhead.Ref{Group: "example.com", Kind: "Widget", Namespace: "staging", Name: "web"},
		},
		"an unstructured object of the core group": {
			untyped("v1", "Namespace", "", "staging"),
			bulkhead.Ref{Kind: "Namespace", Name: "staging"},
		},
		"an unstructured object without apiVersion is not taken for the core group's": {
			untyped("", "Namespace", "", "staging"),
			bulkhead.Ref{Group: "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured", Kind: "Namespace", Name: "staging"},
		},
		"an unstructured object with an apiVersion that is none": {
			untyped("a/b/c", "Secret", "staging", "web"),
			bulkhead.Ref{Group: "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured", Kind: "Unstructured", Namespace: "staging", Name: "web"},
		},
		"an unstructured object that holds nothing": {
			&unstructured.Unstructured{},
			bulkhead.Ref{Group: "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured", Kind: "Unstructured"},
		},
		"an unknown Go type that carries its kind": {
			&widget{TypeMeta: metav1.TypeMeta{APIVersion: "example.com/v1", Kind: "Widget"}, ObjectMeta: named},
			bulkhead.Ref{Group: "example.com", Kind: "Widget", Namespace: "staging", Name: "web"},
		},
		"an unknown Go type that carries nothing is not taken for a kind of its name": {
			&Secret{widget{ObjectMeta: named}},
			bulkhead.Ref{Group: thisPackage, Kind: "Secret", Namespace: "staging", Name: "web"},
		},
		"an object that is no pointer": {
			value{&metav1.TypeMeta{APIVersion: "example.com/v1", Kind: "Value"}, &named},
			bulkhead.Ref{Group: "example.com", Kind: "Value", Namespace: "staging", Name: "web"},
		},
		"an object that is no pointer and carries nothing": {
			value{&metav1.TypeMeta{}, &named},
			bulkhead.Ref{Group: thisPackage, Kind: "value", Namespace: "staging", Name: "web"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, bulkhead.RefTo(tt.obj)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Group, version and kind follow from the Go type as the type's own package
// registers them, for each of the types.
func TestKindOfEveryKubernetesType(t *testing.T) {
	types := kubernetesTypes(t)
	if len(types) < 150 {
		t.Fatalf("only %d types are registered", len(types))
	}
	for gvk, obj := range types {
		if got, want := bulkhead.RefTo(obj), (bulkhead.Ref{Group: gvk.Group, Kind: gvk.Kind}); got != want {
			t.Errorf("%T: got %+v, want %+v", obj, got, want)
		}
		u, err := bulkhead.Unstructured(obj)
		if err != nil {
			t.Errorf("%T: %v", obj, err)
			continue
		}
		if got := u.GroupVersionKind(); got != gvk {
			t.Errorf("%T: got %v, want %v", obj, got, gvk)
		}
	}
}

func TestRefString(t *testing.T) {
	tests := map[string]struct {
		ref  bulkhead.Ref
		want string
	}{
		"in a namespace":                  {bulkhead.Ref{Kind: "Pod", Namespace: "staging", Name: "web"}, "Pod/staging/web"},
		"without a namespace":             {bulkhead.Ref{Group: "rbac.authorization.k8s.io", Kind: "ClusterRole", Name: "view"}, "ClusterRole/view"},
		"no object":                       {bulkhead.Ref{}, "(no object)"},
		"a name that would forge a line":  {bulkhead.Ref{Kind: "Pod", Namespace: "staging", Name: "web\nerror: forged"}, `Pod/staging/web\nerror: forged`},
		"a kind that steers the terminal": {bulkhead.Ref{Kind: "\x1b[2JPod", Name: "web"}, `\x1b[2JPod/web`},
		"a name in another script":        {bulkhead.Ref{Kind: "Widget", Name: "größe"}, "Widget/größe"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.ref.String(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// Refs are ordered by namespace, kind, name and group, in this order of weight.
func TestRefCompareWeighsFields(t *testing.T) {
	ascending := []bulkhead.Ref{
		{},
		{Group: "b", Kind: "B", Name: "b"},
		{Group: "b", Kind: "B", Namespace: "a", Name: "b"},
		{Group: "a", Kind: "A", Namespace: "b", Name: "a"},
		{Group: "b", Kind: "A", Namespace: "b", Name: "a"},
		{Group: "a", Kind: "A", Namespace: "b", Name: "b"},
		{Group: "a", Kind: "B", Namespace: "b", Name: "a"},
	}
	for i, r := range ascending {
		for j, s := range ascending {
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			if got := r.Compare(s); got != want {
				t.Errorf("%+v to %+v: got %d, want %d", r, s, got, want)
			}
		}
	}
}

func refs() *rapid.Generator[bulkhead.Ref] {
	part := rapid.SampledFrom([]string{"", "a", "b"})
	return rapid.Custom(func(t *rapid.T) bulkhead.Ref {
		return bulkhead.Ref{
			Group: part.Draw(t, "group"), Kind: part.Draw(t, "kind"),
			Namespace: part.Draw(t, "namespace"), Name: part.Draw(t, "name"),
		}
	})
}

// Only equal Refs compare as equal, so that sorting leaves no choice.
func TestRefCompareIsTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, s := refs().Draw(t, "r"), refs().Draw(t, "s")
		if c := r.Compare(s); (c == 0) != (r == s) || c != -s.Compare(r) {
			t.Fatalf("%+v to %+v: %d, and back: %d", r, s, c, s.Compare(r))
		}
		sorted := rapid.SliceOf(refs()).Draw(t, "refs")
		slices.SortFunc(sorted, bulkhead.Ref.Compare)
		for i := range sorted {
			for _, later := range sorted[i:] {
				if sorted[i].Compare(later) > 0 {
					t.Fatalf("%+v sorts before %+v and compares as later", sorted[i], later)
				}
			}
		}
	})
}

func ExampleRefTo() {
	policy := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "default-deny"}}

	ref := bulkhead.RefTo(policy)
	fmt.Println(ref)
	fmt.Println(ref.Group)
	// Output:
	// NetworkPolicy/staging/default-deny
	// networking.k8s.io
}
