// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

func namesOf[T bulkhead.Object](objs []bulkhead.Object) []string {
	var out []string
	for obj := range bulkhead.Each[T](objs) {
		out = append(out, obj.GetName())
	}
	return out
}

func TestEach(t *testing.T) {
	policy := func(name string) *networkingv1.NetworkPolicy {
		return &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Name: name}}
	}
	objs := []bulkhead.Object{
		policy("b"),
		nil,
		&corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "pod"}},
		(*networkingv1.NetworkPolicy)(nil),
		(*corev1.Pod)(nil),
		policy("a"),
		untyped("networking.k8s.io/v1", "NetworkPolicy", "", "unstructured"),
	}
	tests := map[string]struct{ got, want []string }{
		"one type, in the order of the objects, and no nil": {namesOf[*networkingv1.NetworkPolicy](objs), []string{"b", "a"}},
		"another type":                      {namesOf[*corev1.Pod](objs), []string{"pod"}},
		"a type that is not there":          {namesOf[*corev1.Service](objs), nil},
		"the interface takes all but nil":   {namesOf[bulkhead.Object](objs), []string{"b", "pod", "a", "unstructured"}},
		"no objects":                        {namesOf[*corev1.Pod](nil), nil},
		"a walk that stops asks no further": {firstOf(objs), []string{"b"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func firstOf(objs []bulkhead.Object) []string {
	for obj := range bulkhead.Each[*networkingv1.NetworkPolicy](objs) {
		return []string{obj.GetName()}
	}
	return nil
}

func TestMust(t *testing.T) {
	if got := bulkhead.Must(3, nil); got != 3 {
		t.Errorf("got %d", got)
	}
	refused := errors.New("refused")
	defer func() {
		if err, ok := recover().(error); !ok || !errors.Is(err, refused) {
			t.Errorf("Must panics with %v, want the error itself", err)
		}
	}()
	bulkhead.Must(3, refused)
	t.Error("Must swallowed an error")
}

func ExampleEach() {
	objs := []bulkhead.Object{
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "staging"}},
		&networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "default-deny"}},
	}
	for policy := range bulkhead.Each[*networkingv1.NetworkPolicy](objs) {
		fmt.Println(policy.Name, len(policy.Spec.Ingress))
	}
	// Output: default-deny 0
}

func ExampleMust() {
	b := bulkhead.Must(bulkhead.New("staging"))
	fmt.Println(b.Namespace)
	// Output: staging
}

// The Refs of all objects, in order.
func refsOf(objs []bulkhead.Object) []bulkhead.Ref {
	return slices.Collect(func(yield func(bulkhead.Ref) bool) {
		for _, obj := range objs {
			if !yield(bulkhead.RefTo(obj)) {
				return
			}
		}
	})
}
