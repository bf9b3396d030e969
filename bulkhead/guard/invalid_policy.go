// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"regexp"
	"slices"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilvalidation "k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/internal/created"
)

// invalidValidating returns what kube-apiserver 1.37 would refuse in the specification
// of a new policy, under the same fields, but for the compilation of its expressions
// (pkg/apis/admissionregistration/validation, validateValidatingAdmissionPolicySpec).
func invalidValidating(policy *admissionregistrationv1.ValidatingAdmissionPolicy) field.ErrorList {
	at, spec := field.NewPath("spec"), policy.Spec
	errs := invalidFailurePolicy(spec.FailurePolicy, at)
	errs = append(errs, invalidParamKind(spec.ParamKind, at.Child("paramKind"))...)
	errs = append(errs, invalidConstraints(spec.MatchConstraints, at.Child("matchConstraints"))...)
	errs = append(errs, invalidConditions(spec.MatchConditions, at.Child("matchConditions"))...)
	errs = append(errs, invalidVariables(spec.Variables, at.Child("variables"))...)
	if len(spec.Validations) == 0 && len(spec.AuditAnnotations) == 0 {
		const why = "a policy without validations needs audit annotations"
		return append(errs, field.Required(at.Child("validations"), why), field.Required(at.Child("auditAnnotations"), why))
	}
	for i, v := range spec.Validations {
		errs = append(errs, invalidValidation(v, at.Child("validations").Index(i))...)
	}
	return append(errs, invalidAnnotations(created.Name(policy.ObjectMeta), spec.AuditAnnotations, at.Child("auditAnnotations"))...)
}

// invalidMutating does the same for a policy that mutates
// (validateMutatingAdmissionPolicySpec).
func invalidMutating(policy *admissionregistrationv1.MutatingAdmissionPolicy) field.ErrorList {
	at, spec := field.NewPath("spec"), policy.Spec
	errs := invalidFailurePolicy(spec.FailurePolicy, at)
	errs = append(errs, invalidParamKind(spec.ParamKind, at.Child("paramKind"))...)
	errs = append(errs, invalidConstraints(spec.MatchConstraints, at.Child("matchConstraints"))...)
	errs = append(errs, onlyWrites(spec.MatchConstraints, at.Child("matchConstraints"))...)
	errs = append(errs, invalidConditions(spec.MatchConditions, at.Child("matchConditions"))...)
	errs = append(errs, invalidVariables(spec.Variables, at.Child("variables"))...)
	if len(spec.Mutations) == 0 {
		errs = append(errs, field.Required(at.Child("mutations"), "a policy that mutates needs a mutation"))
	}
	for i, m := range spec.Mutations {
		errs = append(errs, invalidMutation(m, at.Child("mutations").Index(i))...)
	}
	switch spec.ReinvocationPolicy {
	case admissionregistrationv1.NeverReinvocationPolicy, admissionregistrationv1.IfNeededReinvocationPolicy:
	case "":
		errs = append(errs, field.Required(at.Child("reinvocationPolicy"), "Never or IfNeeded"))
	default:
		errs = append(errs, field.Invalid(at.Child("reinvocationPolicy"), spec.ReinvocationPolicy, "neither Never nor IfNeeded"))
	}
	return errs
}

func invalidFailurePolicy(policy *admissionregistrationv1.FailurePolicyType, at *field.Path) field.ErrorList {
	switch got := failurePolicy(policy); got {
	case admissionregistrationv1.Fail, admissionregistrationv1.Ignore:
		return nil
	default:
		return field.ErrorList{field.Invalid(at.Child("failurePolicy"), got, "neither Fail nor Ignore")}
	}
}

func invalidParamKind(kind *admissionregistrationv1.ParamKind, at *field.Path) field.ErrorList {
	if kind == nil {
		return nil
	}
	errs := invalidAPIVersion(kind.APIVersion, at.Child("apiVersion"))
	if kind.Kind == "" {
		return append(errs, field.Required(at.Child("kind"), "the kind of the parameters"))
	}
	return append(errs, because(at.Child("kind"), kind.Kind, utilvalidation.IsDNS1035Label(strings.ToLower(kind.Kind)))...)
}

func invalidAPIVersion(text string, at *field.Path) field.ErrorList {
	group, version, hasGroup := strings.Cut(text, "/")
	switch {
	case text == "":
		return field.ErrorList{field.Required(at, "the API version of the parameters")}
	case strings.Contains(version, "/"):
		return field.ErrorList{field.Invalid(at, text, "not of the form group/version")}
	case !hasGroup:
		group, version = "", text
	}
	var errs field.ErrorList
	if group != "" {
		errs = because(at, group, utilvalidation.IsDNS1123Subdomain(group))
	}
	if version == "" {
		return append(errs, field.Invalid(at, text, "no version"))
	}
	return append(errs, because(at, version, utilvalidation.IsDNS1035Label(version))...)
}

func invalidVariables(variables []admissionregistrationv1.Variable, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for i, v := range variables {
		at := at.Index(i)
		switch {
		case strings.TrimSpace(v.Name) == "":
			errs = append(errs, field.Required(at.Child("name"), "the name of the variable"))
		case !isIdentifier(v.Name):
			errs = append(errs, field.Invalid(at.Child("name"), v.Name, "no identifier of CEL"))
		}
		errs = append(errs, missingExpression(v.Expression, at.Child("expression"))...)
	}
	return errs
}

func invalidValidation(v admissionregistrationv1.Validation, at *field.Path) field.ErrorList {
	errs := missingExpression(v.Expression, at.Child("expression"))
	message := strings.TrimSpace(v.Message)
	if v.MessageExpression != "" && strings.TrimSpace(v.MessageExpression) == "" {
		errs = append(errs, field.Invalid(at.Child("messageExpression"), v.MessageExpression, "blank"))
	}
	switch {
	case v.Message != "" && message == "":
		errs = append(errs, field.Invalid(at.Child("message"), v.Message, "blank"))
	case strings.ContainsAny(message, "\n\r"):
		errs = append(errs, field.Invalid(at.Child("message"), v.Message, "more than a line"))
	}
	reasons := []metav1.StatusReason{metav1.StatusReasonForbidden, metav1.StatusReasonInvalid, metav1.StatusReasonRequestEntityTooLarge}
	if v.Reason != nil && !slices.Contains(reasons, *v.Reason) {
		errs = append(errs, field.NotSupported(at.Child("reason"), *v.Reason, reasons))
	}
	return errs
}

func invalidAnnotations(policy string, annotations []admissionregistrationv1.AuditAnnotation, at *field.Path) field.ErrorList {
	const mostAnnotations, longest = 20, 5 * 1024
	var errs field.ErrorList
	if len(annotations) > mostAnnotations {
		errs = append(errs, field.TooMany(at, len(annotations), mostAnnotations))
	}
	seen := make(map[string]bool)
	for i, a := range annotations {
		at := at.Index(i)
		if policy == "" {
			errs = append(errs, field.Invalid(at.Child("key"), a.Key, "the policy has no name to put before it"))
		} else {
			errs = append(errs, because(at.Child("key"), a.Key, utilvalidation.IsQualifiedName(policy+"/"+a.Key))...)
		}
		errs = append(errs, missingExpression(a.ValueExpression, at.Child("valueExpression"))...)
		if len(strings.TrimSpace(a.ValueExpression)) > longest {
			errs = append(errs, field.TooLong(at.Child("valueExpression"), "", longest))
		}
		if seen[a.Key] {
			errs = append(errs, field.Duplicate(at.Child("key"), a.Key))
		}
		seen[a.Key] = true
	}
	return errs
}

func invalidMutation(m admissionregistrationv1.Mutation, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	apply, patch := at.Child("applyConfiguration"), at.Child("jsonPatch")
	switch m.PatchType {
	case admissionregistrationv1.PatchTypeJSONPatch:
		if m.JSONPatch == nil {
			errs = append(errs, field.Required(patch, "what the patch type announces"))
		} else {
			errs = append(errs, missingExpression(m.JSONPatch.Expression, patch.Child("expression"))...)
		}
		if m.ApplyConfiguration != nil {
			errs = append(errs, field.Forbidden(apply, "the patch type is JSONPatch"))
		}
	case admissionregistrationv1.PatchTypeApplyConfiguration:
		if m.ApplyConfiguration == nil {
			errs = append(errs, field.Required(apply, "what the patch type announces"))
		} else {
			errs = append(errs, missingExpression(m.ApplyConfiguration.Expression, apply.Child("expression"))...)
		}
		if m.JSONPatch != nil {
			errs = append(errs, field.Forbidden(patch, "the patch type is ApplyConfiguration"))
		}
	case "":
		errs = append(errs, field.Required(at.Child("patchType"), "JSONPatch or ApplyConfiguration"))
	default:
		errs = append(errs, field.Invalid(at.Child("patchType"), m.PatchType, "neither JSONPatch nor ApplyConfiguration"))
	}
	return errs
}

func missingExpression(text string, at *field.Path) field.ErrorList {
	if strings.TrimSpace(text) == "" {
		return field.ErrorList{field.Required(at, "an expression")}
	}
	return nil
}

// because makes an error of each reason that a text is refused for.
func because(at *field.Path, text string, reasons []string) field.ErrorList {
	var errs field.ErrorList
	for _, reason := range reasons {
		errs = append(errs, field.Invalid(at, text, reason))
	}
	return errs
}

// isIdentifier reports whether CEL takes a text for the name of a variable.
func isIdentifier(text string) bool {
	switch text {
	case "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import",
		"let", "loop", "package", "namespace", "return", "var", "void", "while":
		return false
	default:
		return regexp.MustCompile(`^[_a-zA-Z][_a-zA-Z0-9]*$`).MatchString(text)
	}
}
