// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/api/validate/content"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1validation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// invalidValidatingBinding returns what kube-apiserver 1.37 would refuse in the
// specification of a new binding, under the same fields
// (pkg/apis/admissionregistration/validation, validateValidatingAdmissionPolicyBindingSpec).
func invalidValidatingBinding(binding *admissionregistrationv1.ValidatingAdmissionPolicyBinding) field.ErrorList {
	at, spec := field.NewPath("spec"), binding.Spec
	errs := invalidPolicyName(spec.PolicyName, at.Child("policyName"))
	errs = append(errs, invalidParamRef(spec.ParamRef, at.Child("paramRef"))...)
	errs = append(errs, invalidMatch(spec.MatchResources, at.Child("matchResources"))...)
	return append(errs, invalidActions(spec.ValidationActions, at.Child("validationActions"))...)
}

// invalidMutatingBinding does the same for the binding of a policy that mutates
// (validateMutatingAdmissionPolicyBindingSpec).
func invalidMutatingBinding(binding *admissionregistrationv1.MutatingAdmissionPolicyBinding) field.ErrorList {
	at, spec := field.NewPath("spec"), binding.Spec
	errs := invalidPolicyName(spec.PolicyName, at.Child("policyName"))
	errs = append(errs, invalidParamRef(spec.ParamRef, at.Child("paramRef"))...)
	errs = append(errs, invalidMatch(spec.MatchResources, at.Child("matchResources"))...)
	return append(errs, onlyWrites(spec.MatchResources, at.Child("matchResources"))...)
}

func invalidPolicyName(name string, at *field.Path) field.ErrorList {
	if name == "" {
		return field.ErrorList{field.Required(at, "the policy that is bound")}
	}
	return because(at, name, apivalidation.NameIsDNSSubdomain(name, false))
}

func invalidParamRef(ref *admissionregistrationv1.ParamRef, at *field.Path) field.ErrorList {
	if ref == nil {
		return nil
	}
	var errs field.ErrorList
	if ref.Name != "" {
		errs = append(errs, because(at.Child("name"), ref.Name, content.IsPathSegmentName(ref.Name))...)
	}
	if ref.Selector != nil {
		errs = append(errs, metav1validation.ValidateLabelSelector(ref.Selector, metav1validation.LabelSelectorValidationOptions{}, at.Child("selector"))...)
	}
	switch {
	case ref.Name == "" && ref.Selector == nil:
		errs = append(errs, field.Required(at, "a name or a selector"))
	case ref.Name != "" && ref.Selector != nil:
		const why = "name and selector exclude each other"
		errs = append(errs, field.Forbidden(at.Child("name"), why), field.Forbidden(at.Child("selector"), why))
	}
	action := at.Child("parameterNotFoundAction")
	switch {
	case ref.ParameterNotFoundAction == nil || *ref.ParameterNotFoundAction == "":
		errs = append(errs, field.Required(action, "Deny or Allow"))
	case *ref.ParameterNotFoundAction != admissionregistrationv1.DenyAction && *ref.ParameterNotFoundAction != admissionregistrationv1.AllowAction:
		errs = append(errs, field.Invalid(action, *ref.ParameterNotFoundAction, "neither Deny nor Allow"))
	}
	return errs
}

func invalidActions(actions []admissionregistrationv1.ValidationAction, at *field.Path) field.ErrorList {
	if len(actions) == 0 {
		return field.ErrorList{field.Required(at, "what to do with a request that the policy refuses")}
	}
	var errs field.ErrorList
	for i, action := range actions {
		switch action {
		case admissionregistrationv1.Deny, admissionregistrationv1.Warn, admissionregistrationv1.Audit:
		default:
			errs = append(errs, field.Invalid(at.Index(i), action, "none of Deny, Warn and Audit"))
		}
		if slices.Contains(actions[:i], action) {
			errs = append(errs, field.Duplicate(at.Index(i), action))
		}
	}
	if slices.Contains(actions, admissionregistrationv1.Deny) && slices.Contains(actions, admissionregistrationv1.Warn) {
		errs = append(errs, field.Invalid(at, actions, "Deny and Warn say the same twice"))
	}
	return errs
}
