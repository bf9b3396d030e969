// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/watertight-go/watertight/bulkhead"
)

// thisPackage is what takes the place of the API group in the Ref of the types below.
const thisPackage = "github.com/watertight-go/watertight/bulkhead_test"

// A widget is an object of a Go type that the library does not know.
type widget struct {
	metav1.TypeMeta
	metav1.ObjectMeta `json:"metadata"`
	Spec              any `json:"spec,omitempty"`
}

func (w *widget) DeepCopyObject() runtime.Object {
	out, meta := *w, &w.ObjectMeta
	meta.DeepCopyInto(&out.ObjectMeta)
	return &out
}

// A value is an object that is no pointer.
type value struct {
	*metav1.TypeMeta
	*metav1.ObjectMeta
}

func (v value) DeepCopyObject() runtime.Object {
	kind, meta := *v.TypeMeta, v.ObjectMeta
	return value{&kind, meta.DeepCopy()}
}

// A gadget marshals as a widget does.
type gadget struct{ widget }

func (g *gadget) DeepCopyObject() runtime.Object {
	return &gadget{*g.widget.DeepCopyObject().(*widget)}
}

// Secret has the name of a kind of Kubernetes and is none.
type Secret struct{ widget }

func (s *Secret) DeepCopyObject() runtime.Object {
	return &Secret{*s.widget.DeepCopyObject().(*widget)}
}

var (
	_ bulkhead.Object = (*widget)(nil)
	_ bulkhead.Object = (*gadget)(nil)
	_ bulkhead.Object = value{}
	_ bulkhead.Object = (*Secret)(nil)
)

// untyped returns an unstructured object. An empty argument is left out of it.
func untyped(apiVersion, kind, namespace, name string) *unstructured.Unstructured {
	content, metadata := map[string]any{}, map[string]any{}
	set := func(in map[string]any, field, v string) {
		if v != "" {
			in[field] = v
		}
	}
	set(content, "apiVersion", apiVersion)
	set(content, "kind", kind)
	set(metadata, "namespace", namespace)
	set(metadata, "name", name)
	content["metadata"] = metadata
	return &unstructured.Unstructured{Object: content}
}

// numbered returns name-0, name-1 and so on.
func numbered(name string, i int) string { return name + "-" + strconv.Itoa(i) }
