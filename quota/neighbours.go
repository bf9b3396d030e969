// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// neighbours is a set of objects by namespace, as rules about more than one object
// look things up. The empty namespace, which a manifest leaves to kubectl, is one
// like any other; see whole for where it is not.
type neighbours struct {
	homes   map[string]*home
	classes map[string]*schedulingv1.PriorityClass
	// mutators says that the set holds what may change pods on their way in, and
	// validators that it holds what may refuse them.
	mutators, validators bool
}

// A home is a namespace with what the rules of this package look at.
type home struct {
	declared  bool // by a Namespace object
	quotas    []*corev1.ResourceQuota
	limits    []*corev1.LimitRange
	workloads []workload.Workload
}

func neighboursOf(objs []bulkhead.Object) neighbours {
	n := neighbours{homes: make(map[string]*home), classes: make(map[string]*schedulingv1.PriorityClass)}
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		switch o := obj.(type) {
		case *corev1.Namespace:
			n.home(o.Name).declared = true
		case *corev1.ResourceQuota:
			h := n.home(o.Namespace)
			h.quotas = append(h.quotas, o)
		case *corev1.LimitRange:
			h := n.home(o.Namespace)
			h.limits = append(h.limits, o)
		case *schedulingv1.PriorityClass:
			n.classes[o.Name] = o
		}
		kind := bulkhead.RefTo(obj).Kind
		n.mutators = n.mutators || strings.HasPrefix(kind, "Mutating")
		n.validators = n.validators || strings.HasPrefix(kind, "Validating")
	}
	for _, w := range workload.All(objs) {
		h := n.home(w.Object.GetNamespace())
		h.workloads = append(h.workloads, w)
	}
	return n
}

func (n neighbours) home(namespace string) *home {
	h := n.homes[namespace]
	if h == nil {
		h = &home{}
		n.homes[namespace] = h
	}
	return h
}

// whole reports whether a set that lacks a LimitRange of a namespace says that there
// is none: it declares the namespace, or holds a LimitRange of it, and no object
// leaves to kubectl which namespace it is in.
func (n neighbours) whole(namespace string) bool {
	h := n.homes[namespace]
	if h == nil || !h.declared && len(h.limits) == 0 {
		return false
	}
	return namespace == "" || n.homes[""] == nil
}

// globalDefault returns the class in the set that pods without a class get, if any.
func (n neighbours) globalDefault() *schedulingv1.PriorityClass {
	var found *schedulingv1.PriorityClass
	for _, class := range n.classes {
		if class.GlobalDefault && (found == nil || class.Name < found.Name) {
			found = class
		}
	}
	return found
}
