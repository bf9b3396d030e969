// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// Object returns the server's answer to a request that creates an object of any
// kind. Quotas count those that live in namespaces, LimitRanges bound claims too, and
// quotas, LimitRanges, classes and Namespaces are validated as [quota.Validate] does.
// A Deployment and its like are asked about as objects; their pods are not, and
// neither does the server ask.
func (c *Cluster) Object(obj bulkhead.Object) Result {
	switch o := obj.(type) {
	case *corev1.Pod:
		return c.Pod(o)
	case *corev1.ResourceQuota, *corev1.LimitRange, *corev1.Namespace, *schedulingv1.PriorityClass:
		if r := invalidObject(obj); r != nil {
			return *r
		}
		if r := c.secondDefault(obj); r != nil {
			return *r
		}
	}
	i, usage := c.itemOf(obj)
	if i == nil {
		return Result{Verdict: Admitted}
	}
	h := c.at(obj.GetNamespace())
	var missing []Problem
	if claim, ok := i.(claimItem); ok {
		if r := h.checkLimits(func(lr *limitRange) []Reason { return lr.checkClaim(claim.claim) }); r != nil {
			return *r
		}
		missing = claim.perhapsStored(h)
	}
	r := c.counted(h, i, usage, nil)
	if missing = append(missing, h.doubts...); len(missing) > 0 {
		r.Missing = missing
		if r.Verdict == Admitted {
			r.Verdict = Undetermined
		}
	}
	return r
}

func (c *Cluster) counted(h *home, i item, usage corev1.ResourceList, before func(*quotaState) corev1.ResourceList) Result {
	refusal, charges := c.checkQuotas(h, i, usage, before)
	if refusal != nil {
		return *refusal
	}
	return Result{Verdict: Admitted, Charges: charges}
}

// invalidObject refuses what package quota finds invalid.
func invalidObject(obj bulkhead.Object) *Result {
	var reasons []Reason
	for _, f := range quota.Validate(obj) {
		if f.Rule == quota.Invalid || f.Rule == quota.PodSecurityValue {
			reasons = append(reasons, Reason{Message: f.Field + ": " + f.Message, Field: f.Field})
		}
	}
	if len(reasons) == 0 {
		return nil
	}
	r := refuse(Validation, reasons...)
	r.Message = aggregated(reasons)
	return r
}

// secondDefault refuses a class that would be the default beside another (Kubernetes
// v1.37, plugin/pkg/admission/priority/admission.go, validatePriorityClass).
func (c *Cluster) secondDefault(obj bulkhead.Object) *Result {
	class, ok := obj.(*schedulingv1.PriorityClass)
	if !ok || !class.GlobalDefault || c.globalDefault == nil || c.globalDefault.Name == class.Name {
		return nil
	}
	return refuse(Priority, Reason{
		By: bulkhead.RefTo(c.globalDefault), Field: "globalDefault",
		Message: "PriorityClass " + c.globalDefault.Name + " is already marked as default. Only one default can exist",
	})
}

// itemOf returns an object other than a pod as quotas look at it, and what it takes.
// It is nil for objects that no quota counts.
func (c *Cluster) itemOf(obj bulkhead.Object) (item, corev1.ResourceList) {
	switch o := obj.(type) {
	case *corev1.Service:
		return serviceItem{}, serviceUsage(o)
	case *corev1.PersistentVolumeClaim:
		i := claimItem{c, o}
		return i, i.usage()
	}
	i, ok := presenceOf(obj)
	if !ok {
		return nil, nil
	}
	return i, i.usage()
}

// chargesOf returns what each quota is charged for an object other than a pod.
func (c *Cluster) chargesOf(h *home, obj bulkhead.Object) []corev1.ResourceList {
	switch obj.(type) {
	case *corev1.Service, *corev1.PersistentVolumeClaim:
		return h.chargesFor(c.itemOf(obj))
	default:
		if i, ok := presenceOf(obj); ok {
			return h.presence(i)
		}
		return nil
	}
}

// presenceOf returns an object of which no more counts than that it is there. There
// are none such in no namespace, nor Events.
func presenceOf(obj bulkhead.Object) (countedItem, bool) {
	ref := bulkhead.RefTo(obj)
	if ref.Kind == "" || ref.Kind == "Event" || !bulkhead.Namespaced(ref) && ref.Namespace == "" {
		return countedItem{}, false
	}
	plural, _ := meta.UnsafeGuessKindToResource(schema.GroupVersionKind{Group: ref.Group, Kind: ref.Kind})
	return countedItem{group: ref.Group, plural: plural.Resource}, true
}

// A countedItem is an object of which quotas count that it is there (apiserver
// pkg/quota/v1/generic/evaluator.go, objectCountEvaluator).
type countedItem struct{ group, plural string }

func (i countedItem) resource() (group, plural string) { return i.group, i.plural }

// name returns the resource of quotas (ObjectCountQuotaResourceNameFor).
func (i countedItem) name() corev1.ResourceName {
	return corev1.ResourceName(strings.TrimSuffix(counted.CountPrefix+i.plural+"."+i.group, "."))
}

func (i countedItem) usage() corev1.ResourceList {
	usage := make(corev1.ResourceList)
	usage[i.name()] = one()
	if i.aliased() {
		usage[corev1.ResourceName(i.plural)] = one()
	}
	return usage
}

// aliased reports whether quotas also count under the plain name
// (pkg/quota/v1/evaluator/core/registry.go, legacyObjectCountAliases).
func (i countedItem) aliased() bool {
	plain := []string{"configmaps", "resourcequotas", "replicationcontrollers", "secrets"}
	return i.group == "" && slices.Contains(plain, i.plural)
}

func (i countedItem) counts(name corev1.ResourceName) bool {
	return name == i.name() || i.aliased() && string(name) == i.plural
}

func (countedItem) in(corev1.ScopedResourceSelectorRequirement) bool { return false }
func (countedItem) lacking(*quotaState) *Reason                      { return nil }

// A serviceItem is a Service, which is in no scope (pkg/quota/v1/evaluator/core/services.go).
type serviceItem struct{}

func (serviceItem) resource() (group, plural string) { return "", "services" }

func (serviceItem) counts(name corev1.ResourceName) bool {
	switch name {
	case corev1.ResourceServices, corev1.ResourceServicesNodePorts, corev1.ResourceServicesLoadBalancers, counted.CountPrefix + "services":
		return true
	default:
		return false
	}
}

func (serviceItem) in(corev1.ScopedResourceSelectorRequirement) bool { return false }
func (serviceItem) lacking(*quotaState) *Reason                      { return nil }

// serviceUsage returns what quotas charge for a Service. The port of health checks
// that externalTrafficPolicy Local opens on every node is not counted.
func serviceUsage(s *corev1.Service) corev1.ResourceList {
	var balancers, ports int64
	switch s.Spec.Type {
	case corev1.ServiceTypeNodePort:
		ports = int64(len(s.Spec.Ports))
	case corev1.ServiceTypeLoadBalancer:
		balancers, ports = 1, int64(len(s.Spec.Ports))
		if allocate := s.Spec.AllocateLoadBalancerNodePorts; allocate != nil && !*allocate {
			ports = 0
			for _, port := range s.Spec.Ports {
				if port.NodePort != 0 {
					ports++
				}
			}
		}
	default: // none
	}
	usage := make(corev1.ResourceList)
	usage[corev1.ResourceServices], usage[counted.CountPrefix+"services"] = one(), one()
	usage[corev1.ResourceServicesLoadBalancers] = *resource.NewQuantity(balancers, resource.DecimalSI)
	usage[corev1.ResourceServicesNodePorts] = *resource.NewQuantity(ports, resource.DecimalSI)
	return usage
}
