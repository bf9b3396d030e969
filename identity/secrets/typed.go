// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// typed returns objects with the unstructured ones as their Go types, of those kinds of which
// more counts than the texts in them: what they name, select and lead to. One that does not fit
// its kind stays as it is, and wrong is called with it.
func typed(objs []bulkhead.Object, wrong func(bulkhead.Object)) []bulkhead.Object {
	out := make([]bulkhead.Object, len(objs))
	for i, obj := range objs {
		own, err := workload.Typed(obj, newTyped)
		if err != nil {
			wrong(obj)
		}
		out[i] = own
	}
	return out
}

func newTyped(version, kind string) bulkhead.Object {
	switch version + " " + kind {
	case "v1 Secret":
		return &corev1.Secret{}
	case "v1 ConfigMap":
		return &corev1.ConfigMap{}
	case "v1 Namespace":
		return &corev1.Namespace{}
	case "v1 Service":
		return &corev1.Service{}
	case "discovery.k8s.io/v1 EndpointSlice":
		return &discoveryv1.EndpointSlice{}
	case "v1 ServiceAccount":
		return &corev1.ServiceAccount{}
	case "v1 PodTemplate":
		return &corev1.PodTemplate{}
	default:
		return nil
	}
}
