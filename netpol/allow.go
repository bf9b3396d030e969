// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// Names of the policies that builders without a name argument make.
const (
	DefaultDenyName = "default-deny"
	AllowWithinName = "allow-within"
)

// DefaultDeny returns the policy that silences a namespace: it selects every pod,
// in both directions, and allows nothing. All other policies add to it. Names
// resolve again only when DNS is allowed: see package platform.
//
// A namespace that is empty or invalid is not refused here, but by [Validate] and
// by [bulkhead.New].
func DefaultDeny(namespace string) *networkingv1.NetworkPolicy {
	return newPolicy(namespace, DefaultDenyName, networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress)
}

// AllowWithin returns the policy that lets a namespace see itself, and only
// itself: every pod may connect to every other pod of the namespace, on every
// port.
//
// A namespace that is empty or invalid is not refused here, but by [Validate] and
// by [bulkhead.New].
func AllowWithin(namespace string) *networkingv1.NetworkPolicy {
	np := newPolicy(namespace, AllowWithinName, networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress)
	np.Spec.Ingress = []networkingv1.NetworkPolicyIngressRule{{
		From: []networkingv1.NetworkPolicyPeer{{PodSelector: &metav1.LabelSelector{}}},
	}}
	np.Spec.Egress = []networkingv1.NetworkPolicyEgressRule{{
		To: []networkingv1.NetworkPolicyPeer{{PodSelector: &metav1.LabelSelector{}}},
	}}
	return np
}

// Allow returns a policy under which the subject exchanges exactly the traffic in
// flows, in the directions that the flows name; the other direction is left as
// other policies have it.
//
// An empty list means everyone in a NetworkPolicy. Allow never makes one of what
// was left empty: no flow, no peer, no port and no label are errors, and so is
// all that kube-apiserver would refuse. All of them are in Errs of one
// [*bulkhead.InvalidError]; errors.As with a *field.Error reaches the first.
func Allow(namespace, name string, subject Subject, flows ...Flow) (*networkingv1.NetworkPolicy, error) {
	np := newPolicy(namespace, name)
	spec := field.NewPath("spec")
	var errs field.ErrorList
	if subject == nil {
		errs = append(errs, field.Required(spec.Child("podSelector"), "no subject; AllPods means every pod of the namespace"))
	} else {
		selector, subjectErrs := subject.subject(spec.Child("podSelector"))
		np.Spec.PodSelector = selector
		errs = append(errs, subjectErrs...)
	}
	if len(flows) == 0 {
		errs = append(errs, field.Required(spec, "no flow; DefaultDeny allows nothing"))
	}
	for _, flow := range flows {
		errs = append(errs, flow.addTo(&np.Spec)...)
	}
	if len(np.Spec.Ingress) > 0 {
		np.Spec.PolicyTypes = append(np.Spec.PolicyTypes, networkingv1.PolicyTypeIngress)
	}
	if len(np.Spec.Egress) > 0 {
		np.Spec.PolicyTypes = append(np.Spec.PolicyTypes, networkingv1.PolicyTypeEgress)
	}
	errs = append(errs, elsewhere(errs, invalidPolicy(np))...)
	if len(errs) > 0 {
		return nil, &bulkhead.InvalidError{Object: bulkhead.RefTo(np), Errs: errs}
	}
	return np, nil
}

// elsewhere returns those of more that are not about a field of errs: the API
// server would refuse what stands there as well, in other words.
func elsewhere(errs, more field.ErrorList) field.ErrorList {
	said := make(map[string]bool, len(errs))
	for _, err := range errs {
		said[err.Field] = true
	}
	return slices.DeleteFunc(more, func(err *field.Error) bool { return said[err.Field] })
}

func newPolicy(namespace, name string, types ...networkingv1.PolicyType) *networkingv1.NetworkPolicy {
	return &networkingv1.NetworkPolicy{
		TypeMeta: metav1.TypeMeta{APIVersion: networkingv1.SchemeGroupVersion.String(), Kind: "NetworkPolicy"},
		ObjectMeta: metav1.ObjectMeta{
			Namespace: namespace,
			Name:      name,
			Labels:    map[string]string{bulkhead.ManagedByLabel: bulkhead.ManagedByValue},
		},
		Spec: networkingv1.NetworkPolicySpec{PolicyTypes: types},
	}
}
