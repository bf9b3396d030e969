// SPDX-License-Identifier: Apache-2.0

package reach

import (
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
)

// services are the Services of a cluster by "namespace/name", and the
// EndpointSlices that stand for those without a selector.
type services struct {
	services map[string]*corev1.Service
	slices   map[string][]*discoveryv1.EndpointSlice
}

func newServices(items []item) *services {
	out := &services{services: make(map[string]*corev1.Service), slices: make(map[string][]*discoveryv1.EndpointSlice)}
	for _, it := range items {
		switch o := it.obj.(type) {
		case *corev1.Service:
			out.services[it.ref.Namespace+"/"+it.ref.Name] = o
		case *discoveryv1.EndpointSlice:
			if name := o.Labels[discoveryv1.LabelServiceName]; name != "" {
				key := it.ref.Namespace + "/" + name
				out.slices[key] = append(out.slices[key], o)
			}
		}
	}
	return out
}
