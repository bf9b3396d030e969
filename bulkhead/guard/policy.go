// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// An Admission is a policy and the binding without which it does nothing.
type Admission struct {
	Policy  *admissionregistrationv1.ValidatingAdmissionPolicy
	Binding *admissionregistrationv1.ValidatingAdmissionPolicyBinding
}

// Objects returns the objects in the order in which they are applied: nil gives none.
func (a *Admission) Objects() []bulkhead.Object {
	if a == nil {
		return nil
	}
	return []bulkhead.Object{a.Policy, a.Binding}
}

// newAdmission returns a policy for one namespace that refuses what its validations
// refuse, and what it fails to judge.
func newAdmission(namespace, name string, spec admissionregistrationv1.ValidatingAdmissionPolicySpec) *Admission {
	fail := admissionregistrationv1.Fail
	spec.FailurePolicy = &fail
	spec.MatchConstraints = matching(namespace, spec.MatchConstraints.ResourceRules...)
	name = namespace + "." + name
	return &Admission{
		Policy: &admissionregistrationv1.ValidatingAdmissionPolicy{
			TypeMeta:   typeMeta("ValidatingAdmissionPolicy"),
			ObjectMeta: newMeta(name),
			Spec:       spec,
		},
		Binding: &admissionregistrationv1.ValidatingAdmissionPolicyBinding{
			TypeMeta:   typeMeta("ValidatingAdmissionPolicyBinding"),
			ObjectMeta: newMeta(name),
			Spec: admissionregistrationv1.ValidatingAdmissionPolicyBindingSpec{
				PolicyName:        name,
				ValidationActions: []admissionregistrationv1.ValidationAction{admissionregistrationv1.Deny},
			},
		},
	}
}

func typeMeta(kind string) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: admissionregistrationv1.SchemeGroupVersion.String(), Kind: kind}
}

func refTo(kind, name string) bulkhead.Ref {
	return bulkhead.Ref{Group: admissionregistrationv1.GroupName, Kind: kind, Name: name}
}

func newMeta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Name:   name,
		Labels: map[string]string{bulkhead.ManagedByLabel: bulkhead.ManagedByValue},
	}
}

// matching selects requests in a namespace by the one label of it that nobody can
// change (Kubernetes v1.37, pkg/apis/core/v1/defaults.go, SetDefaults_Namespace).
func matching(namespace string, rules ...admissionregistrationv1.NamedRuleWithOperations) *admissionregistrationv1.MatchResources {
	equivalent := admissionregistrationv1.Equivalent
	return &admissionregistrationv1.MatchResources{
		MatchPolicy:       &equivalent,
		NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: namespace}},
		ObjectSelector:    &metav1.LabelSelector{},
		ResourceRules:     rules,
	}
}

// on names resources of one group, in version v1, and what is done to them.
func on(group string, resources []string, operations ...admissionregistrationv1.OperationType) admissionregistrationv1.NamedRuleWithOperations {
	scope := admissionregistrationv1.AllScopes
	return admissionregistrationv1.NamedRuleWithOperations{RuleWithOperations: admissionregistrationv1.RuleWithOperations{
		Operations: operations,
		Rule: admissionregistrationv1.Rule{
			APIGroups: []string{group}, APIVersions: []string{"v1"}, Resources: resources, Scope: &scope,
		},
	}}
}

// validation refuses what an expression is not true of.
func validation(expression, message, messageExpression string) admissionregistrationv1.Validation {
	reason := metav1.StatusReasonForbidden
	return admissionregistrationv1.Validation{
		Expression: expression, Message: message, MessageExpression: messageExpression, Reason: &reason,
	}
}

// policyOf returns the policy of the restrictions about one kind of objects, or nil
// if there are none. What it judges is x, as far as of.
func policyOf(namespace, name, x string, of stage, restrictions []Restriction, spec admissionregistrationv1.ValidatingAdmissionPolicySpec) *Admission {
	var lists []items
	for _, r := range restrictions {
		for _, s := range r.statements {
			spec.Validations = append(spec.Validations, validation(s.cel(x, of), s.message(), s.messageCEL(of)))
			if !slices.ContainsFunc(lists, func(l items) bool { return l.variable == s.items.variable }) && s.items.variable != "" {
				lists = append(lists, s.items)
			}
		}
	}
	if len(spec.Validations) == 0 {
		return nil
	}
	for _, list := range lists {
		spec.Variables = append(spec.Variables, admissionregistrationv1.Variable{
			Name: list.variable, Expression: concatenated(x, list.lists),
		})
	}
	return newAdmission(namespace, name, spec)
}
