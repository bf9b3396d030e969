// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"fmt"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/celtext"
)

// A policy is a ValidatingAdmissionPolicy or MutatingAdmissionPolicy as rules about
// both read it.
type policy struct {
	object     bulkhead.Object
	mutates    bool
	failure    admissionregistrationv1.FailurePolicyType
	paramKind  *admissionregistrationv1.ParamKind
	match      *admissionregistrationv1.MatchResources
	conditions []expression
	variables  []expression
	// judges are the validations, or the mutations.
	judges []expression
	// others are messages and audit annotations, which decide nothing.
	others      []expression
	reinvoked   bool
	annotations int
}

// An expression is a CEL text with its place.
type expression struct {
	celtext.Expression

	at *field.Path
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
		match: storedMatch(spec.MatchConstraints), annotations: len(spec.AuditAnnotations),
	}
	known := p.read(spec.MatchConditions, spec.Variables)
	for i, v := range spec.Validations {
		at := at.Child("validations").Index(i)
		p.judges = append(p.judges, expression{celtext.Read(v.Expression, known), at.Child("expression")})
		if v.MessageExpression != "" {
			p.others = append(p.others, expression{celtext.Read(v.MessageExpression, known), at.Child("messageExpression")})
		}
	}
	for i, a := range spec.AuditAnnotations {
		at := at.Child("auditAnnotations").Index(i).Child("valueExpression")
		p.others = append(p.others, expression{celtext.Read(a.ValueExpression, known), at})
	}
	return p
}

func newMutating(o *admissionregistrationv1.MutatingAdmissionPolicy) policy {
	at, spec := field.NewPath("spec"), o.Spec
	p := policy{
		object: o, mutates: true, failure: failurePolicy(spec.FailurePolicy), paramKind: spec.ParamKind,
		match: storedMatch(spec.MatchConstraints), reinvoked: spec.ReinvocationPolicy == admissionregistrationv1.IfNeededReinvocationPolicy,
	}
	known := p.read(spec.MatchConditions, spec.Variables)
	for i, m := range spec.Mutations {
		at := at.Child("mutations").Index(i)
		if m.ApplyConfiguration != nil {
			p.judges = append(p.judges, expression{celtext.Read(m.ApplyConfiguration.Expression, known), at.Child("applyConfiguration", "expression")})
		}
		if m.JSONPatch != nil {
			p.judges = append(p.judges, expression{celtext.Read(m.JSONPatch.Expression, known), at.Child("jsonPatch", "expression")})
		}
	}
	return p
}

// read reads what both kinds have, and returns what the variables stand for. A
// variable sees those before it; match conditions see none.
func (p *policy) read(conditions []admissionregistrationv1.MatchCondition, variables []admissionregistrationv1.Variable) map[string]celtext.Value {
	at := field.NewPath("spec")
	for i, c := range conditions {
		p.conditions = append(p.conditions, expression{celtext.Read(c.Expression, nil), at.Child("matchConditions").Index(i).Child("expression")})
	}
	known := make(map[string]celtext.Value)
	for i, v := range variables {
		read := celtext.Read(v.Expression, known)
		known[v.Name] = read.Value
		p.variables = append(p.variables, expression{read, at.Child("variables").Index(i).Child("expression")})
	}
	return known
}

// deciding returns the expressions that what becomes of a request rests on.
func (p policy) deciding() []expression {
	return append(p.variables[:len(p.variables):len(p.variables)], p.judges...)
}

// all returns every expression of the policy.
func (p policy) all() []expression {
	out := append(p.conditions[:len(p.conditions):len(p.conditions)], p.deciding()...)
	return append(out, p.others...)
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
