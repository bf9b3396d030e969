// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// Names of the objects that [Cap] makes.
const (
	CapName         = "cap"           // of the ResourceQuota and of the LimitRange
	OnlyClassesName = "only-classes"  // of the ResourceQuota that refuses other classes
	lowSuffix       = "-low-priority" // of the PriorityClass, after the namespace
)

// A Share holds a namespace to its share of a cluster. The objects belong together:
// without any one of them the others can be passed by.
type Share struct {
	Class   *schedulingv1.PriorityClass // ranks below pods without a class; every workload of the namespace names it
	Quota   *corev1.ResourceQuota       // the most that all pods, claims and services take together
	Classes *corev1.ResourceQuota       // refuses pods that do not name Class
	Limits  *corev1.LimitRange          // gives every container limits, none of them zero, and a pod no more than its part
}

// Objects returns the objects in the order in which they are applied.
func (s *Share) Objects() []bulkhead.Object {
	return []bulkhead.Object{s.Class, s.Quota, s.Classes, s.Limits}
}

// Cap returns the closed set that holds a namespace to a budget.
//
// A quota alone does not. A container whose memory limit is "0" is charged nothing
// and has no limit on the node, and a pod with resources of its own need not name
// those of its containers: so the LimitRange asks for more than zero, fills in
// defaults and bounds each pod. A pod of a high class would evict others whatever
// it is charged: so every class but one is refused, and pods without a class too.
// Services may take neither load balancers nor ports of nodes.
//
// The class is named after the namespace, NAMESPACE-low-priority, with the value
// [LowestPriority]. Workloads must name it. More classes are added to the values of
// Classes.
//
// A budget that is empty, negative, beyond any cluster or at odds with itself is an
// error, and so is what kube-apiserver would refuse: all of it, in one
// [*bulkhead.InvalidError].
func Cap(namespace string, budget Budget) (*Share, error) {
	if errs := append(invalidHome(namespace), budget.invalid()...); len(errs) > 0 {
		object := bulkhead.Ref{Kind: "ResourceQuota", Namespace: namespace, Name: CapName}
		return nil, &bulkhead.InvalidError{Object: object, Errs: errs}
	}
	class, err := LowPriority(namespace+lowSuffix, LowestPriority)
	if err != nil {
		return nil, err
	}
	quota, err := ResourceQuota(namespace, CapName, budget.hard())
	if err != nil {
		return nil, err
	}
	classes, err := OnlyClasses(namespace, OnlyClassesName, class.Name)
	if err != nil {
		return nil, err
	}
	limits, err := Limits(namespace, CapName, budget.items()...)
	if err != nil {
		return nil, err
	}
	return &Share{Class: class, Quota: quota, Classes: classes, Limits: limits}, nil
}

// invalidHome returns what is wrong with the namespace of a share, after which its
// class is named too.
func invalidHome(namespace string) field.ErrorList {
	at := field.NewPath("namespace")
	if strings.HasPrefix(namespace, systemPrefix) {
		return field.ErrorList{field.Invalid(at, namespace, "names of classes that begin with "+systemPrefix+" are Kubernetes' own")}
	}
	var errs field.ErrorList
	for _, msg := range apivalidation.ValidateNamespaceName(namespace, false) {
		errs = append(errs, field.Invalid(at, namespace, msg))
	}
	return errs
}

// hard is what the quota caps.
func (b Budget) hard() corev1.ResourceList {
	whole := func(n int64) resource.Quantity { return *resource.NewQuantity(n, resource.DecimalSI) }
	out := make(corev1.ResourceList)
	out[corev1.ResourceRequestsCPU], out[corev1.ResourceRequestsMemory] = b.Requests.CPU, b.Requests.Memory
	out[corev1.ResourceLimitsCPU], out[corev1.ResourceLimitsMemory] = b.Limits.CPU, b.Limits.Memory
	out[corev1.ResourcePods] = whole(b.Pods)
	out[corev1.ResourceRequestsStorage], out[corev1.ResourcePersistentVolumeClaims] = b.Storage, whole(b.Claims)
	out[corev1.ResourceServicesLoadBalancers], out[corev1.ResourceServicesNodePorts] = whole(0), whole(0)
	return out
}

// items are the limits of containers and pods.
func (b Budget) items() []corev1.LimitRangeItem {
	return []corev1.LimitRangeItem{
		{Type: corev1.LimitTypeContainer, Min: least().list(), Default: b.Default.list(), DefaultRequest: b.DefaultRequest.list()},
		{Type: corev1.LimitTypePod, Min: least().list(), Max: b.Pod.list()},
	}
}

func (c Compute) list() corev1.ResourceList {
	out := make(corev1.ResourceList)
	out[corev1.ResourceCPU], out[corev1.ResourceMemory] = c.CPU, c.Memory
	return out
}
