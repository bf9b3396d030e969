// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// globalDefault returns the class that pods without one get. Of several, which only
// a race makes, the one of the lowest value counts (Kubernetes v1.37,
// plugin/pkg/admission/priority/admission.go, getDefaultPriorityClass).
func globalDefault(classes map[string]*schedulingv1.PriorityClass) *schedulingv1.PriorityClass {
	var found *schedulingv1.PriorityClass
	for _, class := range classes {
		switch {
		case !class.GlobalDefault:
		case found == nil, class.Value < found.Value, class.Value == found.Value && class.Name < found.Name:
			found = class
		}
	}
	return found
}

// priorityClass returns a class, and whether it is known. The two of the system are
// in every cluster (pkg/apis/scheduling/v1/helpers.go, SystemPriorityClasses).
func (c *Cluster) priorityClass(name string) (schedulingv1.PriorityClass, bool) {
	if class, ok := c.classes[name]; ok {
		return *class, true
	}
	class := schedulingv1.PriorityClass{}
	class.Name = name
	switch name {
	case "system-cluster-critical":
		class.Value = 2_000_000_000
	case "system-node-critical":
		class.Value = 2_000_001_000
	default:
		return class, false
	}
	return class, true
}

// setPriority resolves the class of a pod (plugin/pkg/admission/priority/admission.go,
// admitPod). The pod gets the name of the class that it inherits.
func (c *Cluster) setPriority(pod *corev1.Pod) (*Result, []Problem) {
	class := schedulingv1.PriorityClass{} // of pods without one
	name := pod.Spec.PriorityClassName
	switch {
	case name != "":
		var known bool
		if class, known = c.priorityClass(name); !known {
			why := fmt.Sprintf("no PriorityClass with name %s was found", name)
			if c.options.Whole {
				return refuse(Priority, Reason{Message: why, Field: "spec.priorityClassName"}), nil
			}
			return nil, []Problem{{Object: bulkhead.RefTo(pod), Field: "spec.priorityClassName", Message: why}}
		}
	case c.globalDefault != nil:
		class = *c.globalDefault
		pod.Spec.PriorityClassName = class.Name
	}
	computed := preemption(&class)
	by := bulkhead.Ref{}
	if class.Name != "" {
		by = bulkhead.Ref{Group: "scheduling.k8s.io", Kind: "PriorityClass", Name: class.Name}
	}
	if own := pod.Spec.Priority; own != nil && *own != class.Value {
		return refuse(Priority, Reason{By: by, Field: "spec.priority", Message: fmt.Sprintf(
			"the integer value of priority (%d) must not be provided in pod spec; priority admission controller computed %d from the given PriorityClass name",
			*own, class.Value)}), nil
	}
	if own := pod.Spec.PreemptionPolicy; own != nil && *own != computed {
		return refuse(Priority, Reason{By: by, Field: "spec.preemptionPolicy", Message: fmt.Sprintf(
			"the string value of PreemptionPolicy (%s) must not be provided in pod spec; priority admission controller computed %s from the given PriorityClass name",
			*own, computed)}), nil
	}
	return nil, nil
}

// setOverhead gives a pod the overhead of its RuntimeClass
// (plugin/pkg/admission/runtimeclass/admission.go).
func (c *Cluster) setOverhead(pod *corev1.Pod) (*Result, []Problem) {
	if pod.Spec.RuntimeClassName == nil {
		return nil, nil
	}
	name := *pod.Spec.RuntimeClassName
	by := bulkhead.Ref{Group: "node.k8s.io", Kind: "RuntimeClass", Name: name}
	class := c.runtimes[name]
	if class == nil {
		why := fmt.Sprintf("pod rejected: RuntimeClass %q not found", name)
		if c.options.Whole {
			return refuse(RuntimeClass, Reason{Message: why, Field: "spec.runtimeClassName"}), nil
		}
		return nil, []Problem{{Object: bulkhead.RefTo(pod), Field: "spec.runtimeClassName", Message: why}}
	}
	if class.Overhead != nil {
		fixed := class.Overhead.PodFixed // which the server does not round, unlike a pod's
		if len(pod.Spec.Overhead) > 0 && !sameAmounts(fixed, pod.Spec.Overhead) {
			return refuse(RuntimeClass, Reason{
				By: by, Field: "spec.overhead", Message: "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
			}), nil
		}
		pod.Spec.Overhead = fixed
	}
	if class.Scheduling != nil {
		for _, key := range sortedKeys(class.Scheduling.NodeSelector) {
			own, ok := pod.Spec.NodeSelector[key]
			if want := class.Scheduling.NodeSelector[key]; ok && own != want {
				return refuse(RuntimeClass, Reason{By: by, Field: "spec.nodeSelector", Message: fmt.Sprintf(
					"conflict: runtimeClass.scheduling.nodeSelector[%s] = %s; pod.spec.nodeSelector[%s] = %s", key, want, key, own)}), nil
			}
		}
	}
	return nil, nil
}

// checkOverhead refuses an overhead that no RuntimeClass gave, after all else has
// changed the pod. Of a class that is not known it says nothing.
func (c *Cluster) checkOverhead(pod *corev1.Pod) *Result {
	if pod.Spec.Overhead == nil {
		return nil
	}
	if name := pod.Spec.RuntimeClassName; name != nil {
		if class := c.runtimes[*name]; class == nil || class.Overhead != nil {
			return nil
		}
	}
	return refuse(RuntimeClass, Reason{
		Field: "spec.overhead", Message: "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead",
	})
}
