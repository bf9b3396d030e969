// SPDX-License-Identifier: Apache-2.0

package bulkhead

import (
	"errors"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/json"
)

// Unstructured returns obj in the form that server-side apply wants: with
// apiVersion and kind, and without what only the server writes, that is status,
// metadata.creationTimestamp, metadata.managedFields and metadata.resourceVersion,
// metadata.uid and metadata.generation. A Namespace also loses its spec if that
// is empty. Pass the result to controller-runtime's
// client.ApplyConfigurationFromUnstructured or to a dynamic client's Apply.
//
// It is meant for objects that a builder made. In an object of other origin a
// field that is zero because nobody set it looks like one that was set to zero,
// and applying it takes ownership of the field; Pods, Services and
// PodDisruptionBudgets have such fields.
//
// The error says that obj is nil or does not marshal to JSON.
func Unstructured(obj Object) (*unstructured.Unstructured, error) {
	if isNil(obj) {
		return nil, errors.New("unstructured form: the object is nil")
	}
	ref := RefTo(obj)
	var content map[string]any
	if u, ok := obj.(runtime.Unstructured); ok {
		content = runtime.DeepCopyJSON(u.UnstructuredContent())
	} else {
		data, err := json.Marshal(obj)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", ref, err)
		}
		if err := json.Unmarshal(data, &content); err != nil {
			return nil, fmt.Errorf("%s: %w", ref, err)
		}
	}
	out := &unstructured.Unstructured{Object: content}
	out.SetGroupVersionKind(gvkOf(obj))
	delete(content, "status")
	if metadata, ok := content["metadata"].(map[string]any); ok {
		for _, name := range []string{"creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid"} {
			delete(metadata, name)
		}
	}
	if spec, ok := content["spec"].(map[string]any); ok && len(spec) == 0 && ref.Kind == "Namespace" && ref.Group == "" {
		delete(content, "spec")
	}
	return out, nil
}
