// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"fmt"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// A policy is a ValidatingAdmissionPolicy or MutatingAdmissionPolicy as rules about
// both look at it.
type policy struct {
	object     bulkhead.Object
	mutates    bool
	failure    admissionregistrationv1.FailurePolicyType
	paramKind  *admissionregistrationv1.ParamKind
	match      *admissionregistrationv1.MatchResources
	conditions []text
	variables  []admissionregistrationv1.Variable
	// judges are the validations, or the mutations.
	judges []text
	// others are messages and audit annotations, which decide nothing.
	others    []text
	reinvoked bool
}

// A text is one of CEL, with its place.
type text struct {
	cel string
	at  *field.Path
}

// A binding is a ValidatingAdmissionPolicyBinding or MutatingAdmissionPolicyBinding.
type binding struct {
	object   bulkhead.Object
	mutates  bool
	policy   string
	paramRef *admissionregistrationv1.ParamRef
	match    *admissionregistrationv1.MatchResources
	actions  []admissionregistrationv1.ValidationAction
}

// policiesOf returns the policies among objects, in order.
func policiesOf(objs []bulkhead.Object) []policy {
	var out []policy
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		switch o := obj.(type) {
		case *admissionregistrationv1.ValidatingAdmissionPolicy:
			out = append(out, newValidating(o))
		case *admissionregistrationv1.MutatingAdmissionPolicy:
			out = append(out, newMutating(o))
		}
	}
	return out
}

func newValidating(o *admissionregistrationv1.ValidatingAdmissionPolicy) policy {
	at, spec := field.NewPath("spec"), o.Spec
	p := policy{
		object: o, failure: failurePolicy(spec.FailurePolicy), paramKind: spec.ParamKind,
		match: storedMatch(spec.MatchConstraints), conditions: conditionTexts(spec.MatchConditions), variables: spec.Variables,
	}
	for i, v := range spec.Validations {
		at := at.Child("validations").Index(i)
		p.judges = append(p.judges, text{v.Expression, at.Child("expression")})
		if v.MessageExpression != "" {
			p.others = append(p.others, text{v.MessageExpression, at.Child("messageExpression")})
		}
	}
	for i, a := range spec.AuditAnnotations {
		p.others = append(p.others, text{a.ValueExpression, at.Child("auditAnnotations").Index(i).Child("valueExpression")})
	}
	return p
}

func newMutating(o *admissionregistrationv1.MutatingAdmissionPolicy) policy {
	at, spec := field.NewPath("spec"), o.Spec
	p := policy{
		object: o, mutates: true, failure: failurePolicy(spec.FailurePolicy), paramKind: spec.ParamKind,
		match: storedMatch(spec.MatchConstraints), conditions: conditionTexts(spec.MatchConditions), variables: spec.Variables,
		reinvoked: spec.ReinvocationPolicy == admissionregistrationv1.IfNeededReinvocationPolicy,
	}
	for i, m := range spec.Mutations {
		at := at.Child("mutations").Index(i)
		if m.ApplyConfiguration != nil {
			p.judges = append(p.judges, text{m.ApplyConfiguration.Expression, at.Child("applyConfiguration", "expression")})
		}
		if m.JSONPatch != nil {
			p.judges = append(p.judges, text{m.JSONPatch.Expression, at.Child("jsonPatch", "expression")})
		}
	}
	return p
}

func conditionTexts(conditions []admissionregistrationv1.MatchCondition) []text {
	var out []text
	for i, c := range conditions {
		out = append(out, text{c.Expression, field.NewPath("spec", "matchConditions").Index(i).Child("expression")})
	}
	return out
}

// bindingsOf returns the bindings among objects, in order.
func bindingsOf(objs []bulkhead.Object) []binding {
	var out []binding
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		switch o := obj.(type) {
		case *admissionregistrationv1.ValidatingAdmissionPolicyBinding:
			out = append(out, binding{
				object: o, policy: o.Spec.PolicyName, paramRef: o.Spec.ParamRef,
				match: storedMatch(o.Spec.MatchResources), actions: o.Spec.ValidationActions,
			})
		case *admissionregistrationv1.MutatingAdmissionPolicyBinding:
			out = append(out, binding{
				object: o, mutates: true, policy: o.Spec.PolicyName, paramRef: o.Spec.ParamRef,
				match: storedMatch(o.Spec.MatchResources),
			})
		}
	}
	return out
}

// A bound policy has the bindings of the set that name it.
type bound struct {
	policy

	bindings []binding
}

// boundOf joins the policies of a set with their bindings.
func boundOf(objs []bulkhead.Object) []bound {
	byPolicy := make(map[string][]binding)
	key := func(mutates bool, name string) string { return fmt.Sprint(mutates, " ", name) }
	for _, b := range bindingsOf(objs) {
		byPolicy[key(b.mutates, b.policy)] = append(byPolicy[key(b.mutates, b.policy)], b)
	}
	var out []bound
	for _, p := range policiesOf(objs) {
		out = append(out, bound{p, byPolicy[key(p.mutates, p.object.GetName())]})
	}
	return out
}

// matchAt is where an object of either sort says what it matches.
func (p policy) matchAt() *field.Path { return field.NewPath("spec", "matchConstraints") }

func (b binding) matchAt() *field.Path { return field.NewPath("spec", "matchResources") }
