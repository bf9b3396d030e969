// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metav1validation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"
)

// unusableClusterPolicy returns what the CustomResourceDefinition lets through
// although no dataplane can do what it says:
//
//   - a label selector that does not compile: an unknown operator, values that do
//     not fit it, a key or value that no label can have;
//   - a selector of namespaces that asks for names, in the label
//     kubernetes.io/metadata.name, of which no namespace can have any;
//   - domainNames in a rule that does not accept ("DomainNames is only supported
//     for Accept rules", network-policy-api v0.2.0, apis/v1alpha2);
//   - a destinationNamedPort that no container port can be called.
func unusableClusterPolicy(cnp *policyv1alpha2.ClusterNetworkPolicy) field.ErrorList {
	var errs field.ErrorList
	for selector := range tierSelectors(cnp) {
		if selector.namespaces {
			errs = append(errs, unusableNamespaces(selector.LabelSelector, selector.at)...)
		} else {
			errs = append(errs, unusableSelector(selector.LabelSelector, selector.at)...)
		}
	}
	for rule := range tierRules(cnp) {
		for i, peer := range rule.peers {
			if len(peer.DomainNames) > 0 && rule.action != policyv1alpha2.ClusterNetworkPolicyRuleActionAccept {
				errs = append(errs, field.Forbidden(rule.peersPath().Index(i).Child("domainNames"), "only an Accept rule may name domains"))
			}
		}
		for i, protocol := range rule.protocols {
			if protocol.DestinationNamedPort == "" {
				continue
			}
			at := rule.path.Child("protocols").Index(i).Child("destinationNamedPort")
			for _, msg := range validation.IsValidPortName(protocol.DestinationNamedPort) {
				errs = append(errs, field.Invalid(at, protocol.DestinationNamedPort, msg))
			}
		}
	}
	return errs
}

// unusableNamespaces judges a selector whose labels are those of namespaces.
func unusableNamespaces(selector *metav1.LabelSelector, at *field.Path) field.ErrorList {
	errs := unusableSelector(selector, at)
	if selector == nil {
		return errs
	}
	if name, ok := selector.MatchLabels[corev1.LabelMetadataName]; ok {
		if why, impossible := impossibleName(name); impossible {
			errs = append(errs, field.Invalid(at.Child("matchLabels").Key(corev1.LabelMetadataName), name, why))
		}
	}
	for i, r := range selector.MatchExpressions {
		if r.Key == corev1.LabelMetadataName && r.Operator == metav1.LabelSelectorOpIn {
			errs = append(errs, impossibleNames(r.Values, at.Child("matchExpressions").Index(i).Child("values"))...)
		}
	}
	return errs
}

// impossibleNames returns nothing where one of the names is possible, since it
// matches all the same.
func impossibleNames(names []string, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for i, name := range names {
		why, impossible := impossibleName(name)
		if !impossible {
			return nil
		}
		errs = append(errs, field.Invalid(at.Index(i), name, why))
	}
	return errs
}

func unusableSelector(selector *metav1.LabelSelector, at *field.Path) field.ErrorList {
	return metav1validation.ValidateLabelSelector(selector, metav1validation.LabelSelectorValidationOptions{}, at)
}
