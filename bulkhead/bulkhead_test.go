// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

func withSpec(spec any) bulkhead.Object {
	u := untyped("example.com/v1", "Widget", "staging", "w")
	u.Object["spec"] = spec
	return u
}

// A Go program writes 3 where JSON objects of apimachinery want int64(3).
func TestNewTakesPlainNumbers(t *testing.T) {
	b, err := bulkhead.New("staging", withSpec(map[string]any{"replicas": 3, "absent": nil}))
	if err != nil {
		t.Fatal(err)
	}
	want := withSpec(map[string]any{"replicas": int64(3), "absent": nil})
	if diff := cmp.Diff(want, b.Objects[0]); diff != "" {
		t.Error(diff)
	}
}

// Changing the bulkhead's objects leaves the arguments alone, and the other way
// round.
func TestNewCopies(t *testing.T) {
	typed := &networkingv1.NetworkPolicy{
		ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "typed", Labels: map[string]string{"l": "old"}},
		Spec:       networkingv1.NetworkPolicySpec{Ingress: make([]networkingv1.NetworkPolicyIngressRule, 1, 4)},
	}
	generic := untyped("example.com/v1", "Widget", "staging", "generic")
	generic.SetLabels(map[string]string{"l": "old"})
	objs := []bulkhead.Object{typed, generic}
	b, err := bulkhead.New("staging", objs...)
	if err != nil {
		t.Fatal(err)
	}
	if typed.Kind != "" || typed.APIVersion != "" {
		t.Errorf("New set the argument's TypeMeta: %+v", typed.TypeMeta)
	}
	for i, obj := range b.Objects {
		if obj == objs[i] {
			t.Fatalf("%s is the argument itself", bulkhead.RefTo(obj))
		}
		obj.GetLabels()["l"] = "new"
		obj.SetLabels(map[string]string{"l": "new"})
	}
	held := b.Objects[0].(*networkingv1.NetworkPolicy)
	held.Spec.Ingress[0].From = []networkingv1.NetworkPolicyPeer{{}}
	_ = append(held.Spec.Ingress, networkingv1.NetworkPolicyIngressRule{Ports: []networkingv1.NetworkPolicyPort{{}}})
	for _, obj := range objs {
		if got := obj.GetLabels()["l"]; got != "old" {
			t.Errorf("%s: the change reached the argument", bulkhead.RefTo(obj))
		}
	}
	if typed.Spec.Ingress[0].From != nil || typed.Spec.Ingress[:2][1].Ports != nil {
		t.Error("the change reached the argument's slices")
	}
	objs[0] = nil
	if b.Objects[0] == nil {
		t.Error("the bulkhead shares the caller's slice")
	}
}

func TestNewSetsTypeMeta(t *testing.T) {
	wrong := &corev1.LimitRange{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"},
		ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "l"},
	}
	b, err := bulkhead.New("staging", wrong,
		&networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "n"}},
		untyped("example.com/v1", "Widget", "staging", "w"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, obj := range b.Objects {
		got = append(got, obj.GetObjectKind().GroupVersionKind().String())
	}
	want := []string{"networking.k8s.io/v1, Kind=NetworkPolicy", "/v1, Kind=LimitRange", "example.com/v1, Kind=Widget"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestBulkheadCheck(t *testing.T) {
	b := bulkhead.Must(bulkhead.New("staging",
		&networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "n"}},
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "staging"}}))
	if diff := cmp.Diff(bulkhead.Check(b.Objects, seenOrder, anyNetworkPolicy), b.Check(seenOrder, anyNetworkPolicy)); diff != "" {
		t.Error(diff)
	}
	if got := len(b.Check(seenOrder)); got != 2 {
		t.Errorf("the rule saw %d objects", got)
	}
}

func ExampleNew() {
	b, err := bulkhead.New("staging",
		&corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "web"}},
		&networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "default-deny"}},
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "staging"}},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, obj := range b.Objects {
		fmt.Println(bulkhead.RefTo(obj))
	}
	// Output:
	// Namespace/staging
	// NetworkPolicy/staging/default-deny
	// Pod/staging/web
}

// A program that shows mistakes elsewhere than in a log walks them: what New joined,
// and every field of an InvalidError.
func ExampleNew_walk() {
	policy := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "prod", Name: "Default"}}
	_, err := bulkhead.New("Staging", policy, nil)

	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return
	}
	for _, err := range joined.Unwrap() {
		var invalid *bulkhead.InvalidError
		var outside *bulkhead.NamespaceError
		switch {
		case errors.As(err, &invalid):
			for _, mistake := range invalid.Errs {
				fmt.Println(invalid.Object, mistake.Field, mistake.Type)
			}
		case errors.As(err, &outside):
			fmt.Println(outside.Object, "belongs in", outside.Want)
		}
	}
	// Output:
	// Namespace/Staging metadata.name Invalid value
	// Namespace/Staging objects[1] Required value
	// NetworkPolicy/prod/Default metadata.name Invalid value
	// NetworkPolicy/prod/Default belongs in Staging
}

// All mistakes come back at once.
func ExampleNew_refused() {
	policy := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "prod", Name: "default-deny"}}

	_, err := bulkhead.New("staging", policy, policy, nil)
	fmt.Println(err)
	// Output:
	// Namespace/staging: objects[2]: Required value: the object is nil
	// NetworkPolicy/prod/default-deny: in namespace "prod", not in "staging"
	// NetworkPolicy/prod/default-deny: in namespace "prod", not in "staging"
	// NetworkPolicy/prod/default-deny: two objects of this name; applying both keeps only the last
}
