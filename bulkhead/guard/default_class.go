// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"fmt"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apiequality "k8s.io/apimachinery/pkg/api/equality"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

const defaultClassSuffix = ".default-class"

// A ClassDefault gives the pods of a namespace that name no priority class one.
type ClassDefault struct {
	Policy  *admissionregistrationv1.MutatingAdmissionPolicy
	Binding *admissionregistrationv1.MutatingAdmissionPolicyBinding
}

// Objects returns the objects in the order in which they are applied.
func (d *ClassDefault) Objects() []bulkhead.Object {
	return []bulkhead.Object{d.Policy, d.Binding}
}

// DefaultClass returns a policy by which pods of a namespace that name no priority
// class get this one, and its binding. It is named after the namespace:
// staging.default-class.
//
// It sets the class together with its value and preemption policy. By then
// Kubernetes has given the pod those of a pod without a class, and it refuses one
// whose class does not match them (Kubernetes v1.37, plugin/pkg/admission/priority).
// So it belongs to the class as it is now: make it anew if the class is replaced by
// one of another value, or pods that name no class are refused.
//
// Clusters have the kind in v1 since Kubernetes 1.36; earlier ones refuse it.
//
// In a cluster whose classes have a global default it does nothing, since by then
// pods carry the name of that one, as if they had named it.
//
// No class, a name that no class can have, and a namespace that is none or
// Kubernetes' own are errors: all of them, in one [*bulkhead.InvalidError].
func DefaultClass(namespace string, class *schedulingv1.PriorityClass) (*ClassDefault, error) {
	errs := invalidNamespace(namespace)
	if class == nil {
		errs = append(errs, field.Required(field.NewPath("class"), "no class"))
	} else {
		for _, msg := range apivalidation.NameIsDNSSubdomain(class.Name, false) {
			errs = append(errs, field.Invalid(field.NewPath("class", "metadata", "name"), class.Name, msg))
		}
	}
	if len(errs) > 0 {
		return nil, &bulkhead.InvalidError{Object: refTo("MutatingAdmissionPolicy", namespace+defaultClassSuffix), Errs: errs}
	}
	return newClassDefault(namespace, class), nil
}

func newClassDefault(namespace string, class *schedulingv1.PriorityClass) *ClassDefault {
	preemption := corev1.PreemptLowerPriority // the server's default
	if class.PreemptionPolicy != nil {
		preemption = *class.PreemptionPolicy
	}
	fail := admissionregistrationv1.Fail
	name := namespace + defaultClassSuffix
	return &ClassDefault{
		Policy: &admissionregistrationv1.MutatingAdmissionPolicy{
			TypeMeta:   typeMeta("MutatingAdmissionPolicy"),
			ObjectMeta: newMeta(name),
			Spec: admissionregistrationv1.MutatingAdmissionPolicySpec{
				MatchConstraints: matching(namespace, on("", []string{"pods"}, create)),
				MatchConditions: []admissionregistrationv1.MatchCondition{{
					Name:       "no-class",
					Expression: `object.spec.?priorityClassName.orValue("") == ""`,
				}},
				Mutations: []admissionregistrationv1.Mutation{{
					PatchType: admissionregistrationv1.PatchTypeApplyConfiguration,
					ApplyConfiguration: &admissionregistrationv1.ApplyConfiguration{
						Expression: fmt.Sprintf("Object{spec: Object.spec{priorityClassName: %s, priority: %d, preemptionPolicy: %s}}",
							quote(class.Name), class.Value, quote(string(preemption))),
					},
				}},
				FailurePolicy:      &fail,
				ReinvocationPolicy: admissionregistrationv1.IfNeededReinvocationPolicy,
			},
		},
		Binding: &admissionregistrationv1.MutatingAdmissionPolicyBinding{
			TypeMeta:   typeMeta("MutatingAdmissionPolicyBinding"),
			ObjectMeta: newMeta(name),
			Spec:       admissionregistrationv1.MutatingAdmissionPolicyBindingSpec{PolicyName: name},
		},
	}
}

// gives reports whether a set holds what [DefaultClass] makes for a namespace and a
// class.
func gives(objs []bulkhead.Object, namespace string, class *schedulingv1.PriorityClass) bool {
	want := newClassDefault(namespace, class)
	var policy, binding bool
	for p := range bulkhead.Each[*admissionregistrationv1.MutatingAdmissionPolicy](objs) {
		policy = policy || p.Name == want.Policy.Name && apiequality.Semantic.DeepEqual(p.Spec, want.Policy.Spec)
	}
	for b := range bulkhead.Each[*admissionregistrationv1.MutatingAdmissionPolicyBinding](objs) {
		binding = binding || b.Name == want.Binding.Name && apiequality.Semantic.DeepEqual(b.Spec, want.Binding.Spec)
	}
	return policy && binding
}
