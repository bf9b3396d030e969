// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"github.com/watertight-go/watertight/bulkhead"
)

// served returns metadata in which everything is set that only a server sets.
func served() metav1.ObjectMeta {
	now := metav1.NewTime(time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC))
	meta := metav1.ObjectMeta{
		Name: "web", Namespace: "staging", UID: "1-2-3", ResourceVersion: "7", Generation: 3,
		CreationTimestamp: now, DeletionTimestamp: &now, DeletionGracePeriodSeconds: new(int64(30)),
		ManagedFields: []metav1.ManagedFieldsEntry{{Manager: "kubectl"}},
		Labels:        map[string]string{"l": "1"}, Annotations: map[string]string{"a": "1"},
		Finalizers:      []string{"example.com/f"},
		OwnerReferences: []metav1.OwnerReference{{APIVersion: "v1", Kind: "Pod", Name: "o", UID: "9"}},
	}
	meta.SetSelfLink("/x")
	return meta
}

// What only the server writes goes; all other metadata stays, in typed and in
// unstructured objects alike.
func TestUnstructuredDropsWhatTheServerSets(t *testing.T) {
	quota := &corev1.ResourceQuota{ObjectMeta: served(), Status: corev1.ResourceQuotaStatus{Used: amounts("pods", "1")}}
	data, err := json.Marshal(quota)
	if err != nil {
		t.Fatal(err)
	}
	generic := &unstructured.Unstructured{}
	if err := utiljson.Unmarshal(data, &generic.Object); err != nil {
		t.Fatal(err)
	}
	generic.SetAPIVersion("v1")
	generic.SetKind("ResourceQuota")
	want := map[string]any{
		"apiVersion": "v1", "kind": "ResourceQuota",
		"metadata": map[string]any{
			"name": "web", "namespace": "staging",
			"labels": map[string]any{"l": "1"}, "annotations": map[string]any{"a": "1"},
			"finalizers":      []any{"example.com/f"},
			"ownerReferences": []any{map[string]any{"apiVersion": "v1", "kind": "Pod", "name": "o", "uid": "9"}},
		},
		"spec": map[string]any{},
	}
	for name, obj := range map[string]bulkhead.Object{"typed": quota, "unstructured": generic} {
		t.Run(name, func(t *testing.T) {
			before := obj.DeepCopyObject()
			got, err := bulkhead.Unstructured(obj)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got.Object); diff != "" {
				t.Error(diff)
			}
			got.SetLabels(map[string]string{"l": "2"})
			if diff := cmp.Diff(before, obj); diff != "" {
				t.Errorf("the original changed: %s", diff)
			}
		})
	}
}

// Integers are int64 and fractions float64, wherever they stand; null and empty
// values in an unstructured object were put there by somebody and stay.
func TestUnstructuredKeepsNumbersAndNulls(t *testing.T) {
	u := untyped("example.com/v1", "Widget", "staging", "w")
	u.Object["spec"] = map[string]any{
		"large": int64(1<<62 + 1), "plain": 3, "half": 0.5, "null": nil, "empty": map[string]any{},
		"list": []any{int32(1), nil, map[string]any{"deep": uint8(2)}}, "text": "<&>",
	}
	got, err := bulkhead.Unstructured(u)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"large": int64(1<<62 + 1), "plain": int64(3), "half": 0.5, "null": nil, "empty": map[string]any{},
		"list": []any{int64(1), nil, map[string]any{"deep": int64(2)}}, "text": "<&>",
	}
	if diff := cmp.Diff(want, got.Object["spec"]); diff != "" {
		t.Error(diff)
	}
	got.Object["spec"].(map[string]any)["empty"].(map[string]any)["x"] = "y"
	if diff := cmp.Diff(map[string]any{}, u.Object["spec"].(map[string]any)["empty"]); diff != "" {
		t.Errorf("the copy shares a map with the original: %s", diff)
	}
}

// In a typed object nulls go at every depth, but a list keeps its length.
func TestUnstructuredDropsNullsOfTypes(t *testing.T) {
	type part struct{ Absent []string }
	w := &widget{
		TypeMeta: metav1.TypeMeta{APIVersion: "example.com/v1", Kind: "Widget"}, ObjectMeta: metav1.ObjectMeta{Name: "w"},
		Spec: []any{part{}, nil, part{[]string{}}},
	}
	got, err := bulkhead.Unstructured(w)
	if err != nil {
		t.Fatal(err)
	}
	want := []any{map[string]any{}, nil, map[string]any{"Absent": []any{}}}
	if diff := cmp.Diff(want, got.Object["spec"]); diff != "" {
		t.Error(diff)
	}
}

// Only the core group's Namespace loses an empty spec.
func TestUnstructuredKeepsOtherEmptySpecs(t *testing.T) {
	for _, obj := range []*unstructured.Unstructured{
		untyped("example.com/v1", "Namespace", "", "x"),
		untyped("v1", "LimitRange", "staging", "x"),
	} {
		obj.Object["spec"] = map[string]any{}
		got, err := bulkhead.Unstructured(obj)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := got.Object["spec"]; !ok {
			t.Errorf("%s lost its spec", bulkhead.RefTo(obj))
		}
	}
}

func TestUnstructuredRefuses(t *testing.T) {
	known := metav1.TypeMeta{APIVersion: "example.com/v1", Kind: "Widget"}
	for name, obj := range map[string]bulkhead.Object{
		"nothing":                              nil,
		"a nil pointer":                        (*corev1.Pod)(nil),
		"an object of unknown kind":            &widget{},
		"an unstructured object without kind":  untyped("v1", "", "staging", "x"),
		"an unstructured object of no version": untyped("", "Pod", "staging", "x"),
		"a field that is no JSON":              &widget{TypeMeta: known, Spec: make(chan int)},
		"an unstructured field that is none":   &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Pod", "spec": make(chan int)}},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := bulkhead.Unstructured(obj); err == nil || got != nil {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
	var invalid *bulkhead.InvalidError
	if _, err := bulkhead.Unstructured(&widget{}); !errors.As(err, &invalid) {
		t.Errorf("errors.As does not reach an *InvalidError in %v", err)
	}
	var unsupported *json.UnsupportedTypeError
	if _, err := bulkhead.Unstructured(&widget{TypeMeta: known, Spec: make(chan int)}); !errors.As(err, &unsupported) {
		t.Errorf("errors.As does not reach the cause in %v", err)
	}
}

func ExampleUnstructured() {
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "staging", ResourceVersion: "42"}}

	u := bulkhead.Must(bulkhead.Unstructured(namespace))
	data := bulkhead.Must(json.Marshal(u.Object))
	fmt.Println(string(data))
	// Output: {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"staging"}}
}
