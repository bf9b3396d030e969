// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"maps"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// neighbours is a set of objects by namespace, as rules about more than one
// object look things up. The empty namespace, which a manifest leaves to kubectl,
// is one namespace like any other.
type neighbours struct {
	namespaces map[string]labels.Set // of the Namespace objects in the set
	workloads  map[string][]workload.Workload
	services   map[string][]*corev1.Service
	policies   map[string][]*networkingv1.NetworkPolicy
	// custom marks namespaces with objects of kinds that are not Kubernetes' own:
	// their controllers may start pods that the set does not show.
	custom map[string]bool
}

func neighboursOf(objs []bulkhead.Object) neighbours {
	n := neighbours{
		namespaces: make(map[string]labels.Set),
		workloads:  make(map[string][]workload.Workload),
		services:   make(map[string][]*corev1.Service),
		policies:   make(map[string][]*networkingv1.NetworkPolicy),
		custom:     make(map[string]bool),
	}
	for _, w := range workload.All(objs) {
		namespace := w.Object.GetNamespace()
		n.workloads[namespace] = append(n.workloads[namespace], w)
	}
	for _, obj := range objs {
		switch o := obj.(type) {
		case *corev1.Namespace:
			set := labels.Set{}
			maps.Copy(set, o.Labels)
			set[corev1.LabelMetadataName] = o.Name // the API server sets it, manifests leave it out
			n.namespaces[o.Name] = set
		case *corev1.Service:
			n.services[o.Namespace] = append(n.services[o.Namespace], o)
		case *networkingv1.NetworkPolicy:
			n.policies[o.Namespace] = append(n.policies[o.Namespace], o)
		case *unstructured.Unstructured:
			n.custom[o.GetNamespace()] = true
		}
	}
	return n
}

// podsKnown reports whether the set shows the pods of a namespace: it has
// workloads, and nothing whose controller may start others.
func (n neighbours) podsKnown(namespace string) bool {
	return len(n.workloads[namespace]) > 0 && !n.custom[namespace]
}

// selected returns the workloads of a namespace whose pods match.
func (n neighbours) selected(namespace string, selector labels.Selector) []workload.Workload {
	var out []workload.Workload
	for _, w := range n.workloads[namespace] {
		if selector.Matches(labels.Set(w.Labels)) {
			out = append(out, w)
		}
	}
	return out
}

// compile returns nil for a selector that kube-apiserver would refuse; the rule
// Invalid reports it.
func compile(selector *metav1.LabelSelector) labels.Selector {
	out, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		return nil
	}
	return out
}

// list joins names for a message.
func list(names []string) string { return strings.Join(names, ", ") }
