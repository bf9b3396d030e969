// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
)

// An entry with one impossible name still lets the other namespaces through.
func TestAnImpossibleNamespaceBesideOthers(t *testing.T) {
	for want, names := range map[string][]string{"so the name lets": {"Prod", "prod"}, "so the entry lets": {"Prod", "PROD"}} {
		np := netpol.DefaultDeny("shop")
		np.Spec.Ingress = []networkingv1.NetworkPolicyIngressRule{{From: []networkingv1.NetworkPolicyPeer{{
			NamespaceSelector: &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{
				{Key: corev1.LabelMetadataName, Operator: metav1.LabelSelectorOpIn, Values: names},
			}},
		}}}}
		got := bulkhead.Check([]bulkhead.Object{np}, ruleOf(netpol.PeerMatchesNothing))
		if len(got) != 1 || !strings.Contains(got[0].Message, want) {
			t.Errorf("%v: got %v, want a message with %q", names, got, want)
		}
	}
}
