// SPDX-License-Identifier: Apache-2.0

package guard

import (
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// failurePolicy returns what the API server stores for a failure policy
// (pkg/apis/admissionregistration/v1/defaults.go, v1.37).
func failurePolicy(policy *admissionregistrationv1.FailurePolicyType) admissionregistrationv1.FailurePolicyType {
	if policy == nil {
		return admissionregistrationv1.Fail
	}
	return *policy
}

// storedMatch returns match resources as the API server stores them, or nil. The
// result shares what is not defaulted with the argument.
func storedMatch(match *admissionregistrationv1.MatchResources) *admissionregistrationv1.MatchResources {
	if match == nil {
		return nil
	}
	out := *match
	if out.MatchPolicy == nil {
		out.MatchPolicy = new(admissionregistrationv1.Equivalent)
	}
	if out.NamespaceSelector == nil {
		out.NamespaceSelector = &metav1.LabelSelector{}
	}
	if out.ObjectSelector == nil {
		out.ObjectSelector = &metav1.LabelSelector{}
	}
	return &out
}
