// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	admissionv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// Seeds of the kinds of package guard.

const admissionVersion = "admissionregistration.k8s.io/v1"

// matched is what a policy or a binding matches, with something of everything.
func matched(operations ...admissionv1.OperationType) *admissionv1.MatchResources {
	selector := &metav1.LabelSelector{
		MatchLabels:      map[string]string{"kubernetes.io/metadata.name": "staging"},
		MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "tier", Operator: metav1.LabelSelectorOpNotIn, Values: []string{"front"}}},
	}
	rule := func(resources ...string) admissionv1.NamedRuleWithOperations {
		return admissionv1.NamedRuleWithOperations{RuleWithOperations: admissionv1.RuleWithOperations{
			Operations: operations,
			Rule: admissionv1.Rule{
				APIGroups: []string{""}, APIVersions: []string{"v1"}, Resources: resources, Scope: new(admissionv1.NamespacedScope),
			},
		}}
	}
	excluded := rule("pods/status")
	excluded.ResourceNames = []string{"web", "api"}
	return &admissionv1.MatchResources{
		NamespaceSelector: selector, ObjectSelector: selector, MatchPolicy: new(admissionv1.Exact),
		ResourceRules: []admissionv1.NamedRuleWithOperations{rule("pods", "pods/ephemeralcontainers"), rule("*")}, ExcludeResourceRules: []admissionv1.NamedRuleWithOperations{excluded},
	}
}

func pods(operations ...admissionv1.OperationType) *admissionv1.MatchResources {
	return &admissionv1.MatchResources{ResourceRules: matched(operations...).ResourceRules[:1]}
}

func parameters() *admissionv1.ParamRef {
	return &admissionv1.ParamRef{Name: "params", Namespace: "platform", ParameterNotFoundAction: new(admissionv1.DenyAction)}
}

func validatingPolicies() []bulkhead.Object {
	kind := typeMeta(admissionVersion, "ValidatingAdmissionPolicy")
	return []bulkhead.Object{
		&admissionv1.ValidatingAdmissionPolicy{TypeMeta: kind, ObjectMeta: bare("plain", false), Spec: admissionv1.ValidatingAdmissionPolicySpec{
			MatchConstraints: pods(admissionv1.Create), Validations: []admissionv1.Validation{{Expression: "true"}},
		}},
		&admissionv1.ValidatingAdmissionPolicy{TypeMeta: kind, ObjectMeta: metadata("full", false), Spec: admissionv1.ValidatingAdmissionPolicySpec{
			ParamKind: &admissionv1.ParamKind{APIVersion: "v1", Kind: "ConfigMap"}, MatchConstraints: matched(admissionv1.Create, admissionv1.Delete),
			FailurePolicy:    new(admissionv1.Ignore),
			MatchConditions:  []admissionv1.MatchCondition{{Name: "not-exempt", Expression: "true"}},
			Variables:        []admissionv1.Variable{{Name: "web", Expression: "'web'"}},
			Validations:      []admissionv1.Validation{{Expression: "variables.web == 'web'", Message: "no", MessageExpression: "'no'", Reason: new(metav1.StatusReasonForbidden)}},
			AuditAnnotations: []admissionv1.AuditAnnotation{{Key: "who", ValueExpression: "'ann'"}},
		}},
	}
}

func mutatingPolicies() []bulkhead.Object {
	kind := typeMeta(admissionVersion, "MutatingAdmissionPolicy")
	patch := admissionv1.Mutation{PatchType: admissionv1.PatchTypeJSONPatch, JSONPatch: &admissionv1.JSONPatch{
		Expression: "[JSONPatch{op: 'add', path: '/metadata/labels', value: {'a': 'b'}}]",
	}}
	return []bulkhead.Object{
		&admissionv1.MutatingAdmissionPolicy{TypeMeta: kind, ObjectMeta: bare("plain", false), Spec: admissionv1.MutatingAdmissionPolicySpec{
			MatchConstraints: pods(admissionv1.Create), ReinvocationPolicy: admissionv1.NeverReinvocationPolicy, Mutations: []admissionv1.Mutation{patch},
		}},
		&admissionv1.MutatingAdmissionPolicy{TypeMeta: kind, ObjectMeta: metadata("full", false), Spec: admissionv1.MutatingAdmissionPolicySpec{
			ParamKind: &admissionv1.ParamKind{APIVersion: "v1", Kind: "ConfigMap"}, MatchConstraints: matched(admissionv1.Create, admissionv1.Update),
			FailurePolicy: new(admissionv1.Fail), ReinvocationPolicy: admissionv1.IfNeededReinvocationPolicy,
			MatchConditions: []admissionv1.MatchCondition{{Name: "not-exempt", Expression: "true"}},
			Variables:       []admissionv1.Variable{{Name: "web", Expression: "'web'"}},
			Mutations: []admissionv1.Mutation{patch, {
				PatchType:          admissionv1.PatchTypeApplyConfiguration,
				ApplyConfiguration: &admissionv1.ApplyConfiguration{Expression: "Object{}"},
			}},
		}},
	}
}

func validatingBindings() []bulkhead.Object {
	kind := typeMeta(admissionVersion, "ValidatingAdmissionPolicyBinding")
	return []bulkhead.Object{
		&admissionv1.ValidatingAdmissionPolicyBinding{TypeMeta: kind, ObjectMeta: bare("plain", false), Spec: admissionv1.ValidatingAdmissionPolicyBindingSpec{
			PolicyName: "guard", ValidationActions: []admissionv1.ValidationAction{admissionv1.Deny},
		}},
		&admissionv1.ValidatingAdmissionPolicyBinding{TypeMeta: kind, ObjectMeta: metadata("full", false), Spec: admissionv1.ValidatingAdmissionPolicyBindingSpec{
			PolicyName: "guard.example.com", ParamRef: parameters(), MatchResources: matched(admissionv1.OperationAll),
			ValidationActions: []admissionv1.ValidationAction{admissionv1.Warn, admissionv1.Audit},
		}},
	}
}

func mutatingBindings() []bulkhead.Object {
	kind := typeMeta(admissionVersion, "MutatingAdmissionPolicyBinding")
	selected := &admissionv1.ParamRef{Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"a": "b"}}, ParameterNotFoundAction: new(admissionv1.AllowAction)}
	return []bulkhead.Object{
		&admissionv1.MutatingAdmissionPolicyBinding{TypeMeta: kind, ObjectMeta: bare("plain", false), Spec: admissionv1.MutatingAdmissionPolicyBindingSpec{
			PolicyName: "default-class",
		}},
		&admissionv1.MutatingAdmissionPolicyBinding{TypeMeta: kind, ObjectMeta: metadata("full", false), Spec: admissionv1.MutatingAdmissionPolicyBindingSpec{
			PolicyName: "default-class", ParamRef: selected, MatchResources: matched(admissionv1.Create),
		}},
	}
}
