// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
	"errors"
	"fmt"
	"testing"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

func TestErrorTexts(t *testing.T) {
	policy := bulkhead.Ref{Group: "networking.k8s.io", Kind: "NetworkPolicy", Namespace: "staging", Name: "web"}
	class := bulkhead.Ref{Group: "scheduling.k8s.io", Kind: "PriorityClass", Name: "high"}
	spec := field.NewPath("spec")
	tests := map[string]struct {
		err  error
		want string
	}{
		"every refused argument": {
			&bulkhead.InvalidError{Object: policy, Errs: field.ErrorList{
				field.Required(spec.Child("podSelector"), "no labels"),
				field.Invalid(spec.Child("ports").Index(0), 70000, "too large"),
			}},
			"NetworkPolicy/staging/web: spec.podSelector: Required value: no labels; spec.ports[0]: Invalid value: 70000: too large",
		},
		"two objects of one name": {
			&bulkhead.DuplicateError{Object: class},
			"PriorityClass/high: two objects of this name; applying both keeps only the last",
		},
		"another namespace": {
			&bulkhead.NamespaceError{Object: policy, Want: "prod"},
			`NetworkPolicy/staging/web: in namespace "staging", not in "prod"`,
		},
		"no namespace": {
			&bulkhead.NamespaceError{Object: class, Want: "prod"},
			`PriorityClass/high: not in namespace "prod"`,
		},
		"a name that would forge a line": {
			&bulkhead.DuplicateError{Object: bulkhead.Ref{Kind: "Pod", Name: "a\nb"}},
			`Pod/a\nb: two objects of this name; applying both keeps only the last`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.err.Error(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// Each of the refused arguments is reachable, not only the first.
func TestInvalidErrorUnwrapsToEveryFieldError(t *testing.T) {
	first := field.Required(field.NewPath("a"), "")
	second := field.Forbidden(field.NewPath("b"), "")
	err := fmt.Errorf("building: %w", &bulkhead.InvalidError{Errs: field.ErrorList{first, second}})
	for _, want := range []*field.Error{first, second} {
		if !errors.Is(err, want) {
			t.Errorf("%v is not reachable", want)
		}
	}
	var one *field.Error
	if !errors.As(err, &one) || one != first {
		t.Errorf("errors.As gives %v", one)
	}
	if errors.As(error(&bulkhead.InvalidError{}), &one) {
		t.Error("an error without mistakes gives one")
	}
}

// A question has no name.
func TestInvalidErrorOfAQuestion(t *testing.T) {
	err := &bulkhead.InvalidError{Object: bulkhead.Ref{Kind: "Boundary"}, Errs: field.ErrorList{field.Required(field.NewPath("from"), "no namespace")}}
	if got, want := err.Error(), "Boundary: from: Required value: no namespace"; got != want {
		t.Errorf("error %q, want %q", got, want)
	}
}
