// SPDX-License-Identifier: Apache-2.0

package bulkhead

import (
	"errors"
	"fmt"
	"reflect"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/json"
)

// Unstructured returns obj in the form that server-side apply wants: with
// apiVersion and kind, and without what only the server writes, that is the
// status and, in the metadata, creationTimestamp, deletionGracePeriodSeconds,
// deletionTimestamp, generation, managedFields, resourceVersion, selfLink and uid.
// Fields that a Go type writes as null although nobody set them, such as the
// rules of a Role, are dropped too, and so are the finalizer "kubernetes" that the
// server gives every Namespace (kubernetes 1.37, pkg/registry/core/namespace) and the
// spec of a Namespace if that is empty. Integers are int64. Obj itself is not changed.
//
// Pass the result to controller-runtime's client.ApplyConfigurationFromUnstructured
// or to a dynamic client's Apply.
//
// It is meant for objects that a builder made. In an object of other origin a
// field that is zero because nobody set it looks like one that was set to zero,
// and applying it takes ownership of the field; Pods, Services and
// PodDisruptionBudgets have such fields.
//
// The error says that obj is nil, that its apiVersion and kind are not known, or
// that it does not marshal to JSON.
func Unstructured(obj Object) (*unstructured.Unstructured, error) {
	if isNil(obj) {
		return nil, errors.New("unstructured form: the object is nil")
	}
	ref := RefTo(obj)
	if list := validateKind(obj); len(list) > 0 {
		return nil, &InvalidError{Object: ref, Errs: list}
	}
	gvk, _ := gvkOf(obj)
	content, err := contentOf(obj)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", ref, err)
	}
	out := &unstructured.Unstructured{Object: content}
	out.SetGroupVersionKind(gvk)
	delete(content, "status")
	if metadata, ok := content["metadata"].(map[string]any); ok {
		for _, name := range []string{
			"creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation",
			"managedFields", "resourceVersion", "selfLink", "uid",
		} {
			delete(metadata, name)
		}
	}
	if spec, ok := content["spec"].(map[string]any); ok && ref.Kind == "Namespace" && ref.Group == "" {
		if reflect.DeepEqual(spec["finalizers"], []any{"kubernetes"}) {
			delete(spec, "finalizers")
		}
		if len(spec) == 0 {
			delete(content, "spec")
		}
	}
	return out, nil
}

// contentOf returns a copy of what obj holds, as JSON has it. A null in a typed
// object is a nil slice or map whose tag lacks omitempty; in an unstructured
// object somebody wrote it, and it may mean something.
func contentOf(obj Object) (map[string]any, error) {
	source, typed := any(obj), true
	if u, ok := obj.(runtime.Unstructured); ok {
		source, typed = u.UnstructuredContent(), false
	}
	data, err := json.Marshal(source)
	if err != nil {
		return nil, err
	}
	var content map[string]any
	if err := json.Unmarshal(data, &content); err != nil {
		return nil, err
	}
	if typed {
		dropNulls(content)
	}
	return content, nil
}

// dropNulls removes the null fields of a JSON value. Lists keep theirs, since
// positions count.
func dropNulls(value any) {
	switch v := value.(type) {
	case map[string]any:
		for name, field := range v {
			if field == nil {
				delete(v, name)
				continue
			}
			dropNulls(field)
		}
	case []any:
		for _, item := range v {
			dropNulls(item)
		}
	}
}
