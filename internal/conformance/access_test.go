// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"testing"

	authorizationv1 "k8s.io/api/authorization/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota"
)

// A ServiceAccount of one namespace can do nothing in another, whatever level of Pod
// Security they have. Of those that a preset makes see TestEnvironmentsHold.
func TestAccountsReachNothingInAnotherNamespace(t *testing.T) {
	s := newStage(t)
	for _, name := range []string{"access-staging", "access-prod"} {
		s.set(bulkhead.Must(quota.Namespace(name, quota.Restricted)))
	}
	n := 0
	for _, verb := range []string{"get", "list", "watch", "create", "delete", "*"} {
		for _, resource := range []string{"secrets", "configmaps", "pods", "serviceaccounts", "*"} {
			review := &authorizationv1.SubjectAccessReview{Spec: authorizationv1.SubjectAccessReviewSpec{
				User:               "system:serviceaccount:access-staging:default",
				Groups:             []string{"system:serviceaccounts", "system:serviceaccounts:access-staging", "system:authenticated"},
				ResourceAttributes: &authorizationv1.ResourceAttributes{Namespace: "access-prod", Verb: verb, Resource: resource},
			}}
			got, err := s.client.AuthorizationV1().SubjectAccessReviews().Create(t.Context(), review, metav1.CreateOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if got.Status.Allowed {
				t.Errorf("%s %s is allowed: %s", verb, resource, got.Status.Reason)
			}
			n++
		}
	}
	count(n)
}
