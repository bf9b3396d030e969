// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/mutatingadmissionpolicy"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/mutatingadmissionpolicybinding"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/resolver"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicy"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicybinding"

	"github.com/watertight-go/watertight/bulkhead/guard"
)

func guardKinds() map[string]judged {
	rules := only(guard.Rules(), guard.Invalid)
	resource := admissionv1.SchemeGroupVersion.WithResource
	// A resolver is asked only about requests of somebody who may not read everything.
	var parameters resolver.ResourceResolverFunc = func(schema.GroupVersionKind) (schema.GroupVersionResource, error) {
		return schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}, nil
	}
	return map[string]judged{
		"ValidatingAdmissionPolicy": {
			registry: ofKubernetes(validatingadmissionpolicy.NewStrategy(nil, nil), resource("validatingadmissionpolicies")),
			rules:    rules, seeds: validatingPolicies(), aside: ofExpressions, dear: 4,
		},
		"ValidatingAdmissionPolicyBinding": {
			registry: ofKubernetes(validatingadmissionpolicybinding.NewStrategy(nil, nil, parameters), resource("validatingadmissionpolicybindings")),
			rules:    rules, seeds: validatingBindings(),
		},
		"MutatingAdmissionPolicy": {
			registry: ofKubernetes(mutatingadmissionpolicy.NewStrategy(nil, nil), resource("mutatingadmissionpolicies")),
			rules:    rules, seeds: mutatingPolicies(), aside: ofExpressions, dear: 10,
		},
		"MutatingAdmissionPolicyBinding": {
			registry: ofKubernetes(mutatingadmissionpolicybinding.NewStrategy(nil, nil, parameters), resource("mutatingadmissionpolicybindings")),
			rules:    rules, seeds: mutatingBindings(),
		},
	}
}

// ofExpressions reports whether a cause is that an expression does not compile. The
// page of guard/invalid says that the rule compiles none.
func ofExpressions(cause metav1.StatusCause) bool {
	return slices.ContainsFunc([]string{"compilation failed", "must evaluate to", "undefined field", "unsupported error type"}, func(part string) bool {
		return strings.Contains(cause.Message, part)
	})
}
