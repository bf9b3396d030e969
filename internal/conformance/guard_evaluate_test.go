// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	plugincel "k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/cel/environment"
)

// A judge is a compiled policy, without what selects requests.
type judge struct {
	validator validating.Validator
}

// compiled compiles a policy as kube-apiserver does when it is stored.
func compiled(policy *admissionregistrationv1.ValidatingAdmissionPolicy) (*judge, error) {
	env := environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion())
	compiler, err := plugincel.NewCompositedCompiler(env)
	if err != nil {
		return nil, err
	}
	options := plugincel.OptionalVariableDeclarations{HasAuthorizer: true}
	mode := environment.NewExpressions
	var errs []error
	for _, v := range policy.Spec.Variables {
		result := compiler.CompileAndStoreVariable(&validating.Variable{Name: v.Name, Expression: v.Expression}, options, mode)
		if result.Error != nil {
			errs = append(errs, fmt.Errorf("variable %s: %w", v.Name, result.Error))
		}
	}
	var validations, messages, conditions []plugincel.ExpressionAccessor
	for _, v := range policy.Spec.Validations {
		validations = append(validations, &validating.ValidationCondition{Expression: v.Expression, Message: v.Message, Reason: v.Reason})
		if v.MessageExpression == "" {
			messages = append(messages, nil)
		} else {
			messages = append(messages, &validating.MessageExpressionCondition{MessageExpression: v.MessageExpression})
		}
	}
	for _, c := range policy.Spec.MatchConditions {
		condition := matchconditions.MatchCondition(c)
		conditions = append(conditions, &condition)
	}
	judging := compiler.CompileCondition(validations, options, mode)
	telling := compiler.CompileCondition(messages, plugincel.OptionalVariableDeclarations{}, mode)
	matching := compiler.ConditionCompiler.CompileCondition(conditions, options, mode)
	for _, e := range []plugincel.ConditionEvaluator{judging, telling, matching} {
		errs = append(errs, e.CompilationErrors()...)
	}
	auditing := compiler.CompileCondition(nil, options, mode)
	var matcher matchconditions.Matcher
	if len(conditions) > 0 {
		matcher = matchconditions.NewMatcher(matching, policy.Spec.FailurePolicy, "policy", "validating", policy.Name)
	}
	return &judge{validating.NewValidator(judging, matcher, auditing, telling, policy.Spec.FailurePolicy, nil)}, errors.Join(errs...)
}

// Asked is what a policy is asked about.
type asked struct {
	object, old runtime.Object
	kind        schema.GroupVersionKind
	resource    string
	operation   admission.Operation
	user        user.Info
	namespace   *corev1.Namespace // if policies may look at it
}

// refusals returns the messages with which a policy refuses a request. The error says
// that an expression could not be evaluated.
func (j *judge) refusals(r asked) ([]string, error) {
	resource, subresource, _ := strings.Cut(r.resource, "/")
	gvr := r.kind.GroupVersion().WithResource(resource)
	attributes := admission.NewAttributesRecord(r.object, r.old, r.kind, "staging", "x", gvr, subresource, r.operation, nil, false, r.user)
	versioned := &admission.VersionedAttributes{Attributes: attributes, VersionedKind: r.kind}
	if r.object != nil {
		versioned.VersionedObject = admission.NewLazyObject(r.object)
	}
	if r.old != nil {
		versioned.VersionedOldObject = admission.NewLazyObject(r.old)
	}
	result := j.validator.Validate(context.Background(), gvr, versioned, nil, r.namespace, celconfig.RuntimeCELCostBudget, nil)
	var out []string
	for _, d := range result.Decisions {
		switch {
		case d.Evaluation == validating.EvalError:
			return nil, errors.New(d.Message)
		case d.Action == validating.ActionDeny:
			if d.Reason != metav1.StatusReasonForbidden {
				return nil, fmt.Errorf("reason %q", d.Reason)
			}
			out = append(out, d.Message)
		}
	}
	return out, nil
}
