// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"fmt"
	"net/netip"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metav1validation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
)

// judge finds the policies that the API server refuses, and those of kinds that are
// not read.
func (b *builder) judge(policies []item) {
	objs := make([]bulkhead.Object, 0, len(policies))
	for _, it := range policies {
		objs = append(objs, it.objects()...)
		delete(b.refused, it.ref)
	}
	for _, f := range bulkhead.Check(objs, refusals()...) {
		ref := f.Object
		if f.Rule == netpol.UnreadPolicy {
			b.unread[ref] = f
			continue
		}
		if ref.Namespace == "" && ref.Kind == "NetworkPolicy" && ref.Group == "networking.k8s.io" {
			ref.Namespace = metav1.NamespaceDefault
		}
		b.refused[ref] = append(b.refused[ref], f)
	}
}

// refusals are the rules whose findings mean that the API server refuses a policy, or
// that it is not read.
func refusals() []bulkhead.Rule {
	var out []bulkhead.Rule
	for _, rule := range netpol.Rules() {
		if rule.ID == netpol.Invalid || rule.ID == netpol.UnusableClusterPolicy || rule.ID == netpol.UnreadPolicy {
			out = append(out, rule)
		}
	}
	return append(out, bulkhead.Rule{ID: InvalidAdminPolicy, Severity: bulkhead.Error, Run: invalidAdminPolicies})
}

// invalidAdminPolicies judges the kinds of network-policy-api v1alpha1, as far as
// it matters to what they select and allow.
func invalidAdminPolicies(p *bulkhead.Pass) {
	for anp := range bulkhead.Each[*policyv1alpha1.AdminNetworkPolicy](p.Objects) {
		errs := invalidTierSpec(adminSpec(anp, dataplane{}))
		if anp.Spec.Priority < 0 || anp.Spec.Priority > 1000 {
			errs = append(errs, field.Invalid(field.NewPath("spec", "priority"), anp.Spec.Priority, "must be from 0 to 1000"))
		}
		for i, r := range anp.Spec.Ingress {
			errs = append(errs, invalidAction(ingress, i, string(r.Action), true)...)
		}
		for i, r := range anp.Spec.Egress {
			errs = append(errs, invalidAction(egress, i, string(r.Action), true)...)
		}
		p.ReportInvalid(anp, errs)
	}
	for banp := range bulkhead.Each[*policyv1alpha1.BaselineAdminNetworkPolicy](p.Objects) {
		errs := invalidTierSpec(baselineSpec(banp, dataplane{}))
		if banp.Name != "default" {
			errs = append(errs, field.Invalid(field.NewPath("metadata", "name"), banp.Name, "there is one such policy, and its name is default"))
		}
		for i, r := range banp.Spec.Ingress {
			errs = append(errs, invalidAction(ingress, i, string(r.Action), false)...)
		}
		for i, r := range banp.Spec.Egress {
			errs = append(errs, invalidAction(egress, i, string(r.Action), false)...)
		}
		p.ReportInvalid(banp, errs)
	}
}

func invalidAction(d direction, i int, action string, pass bool) field.ErrorList {
	if action == "Allow" || action == "Deny" || action == "Pass" && pass {
		return nil
	}
	return field.ErrorList{field.NotSupported(field.NewPath("spec", d.field()).Index(i).Child("action"), action, []string{"Allow", "Deny"})}
}

func invalidTierSpec(s tierSpec) field.ErrorList {
	spec := field.NewPath("spec")
	errs := invalidEnds(spec.Child("subject"), s.namespaces, s.pods)
	if (s.namespaces == nil) == (s.pods == nil) {
		errs = append(errs, field.Required(spec.Child("subject"), "exactly one field must be set"))
	}
	for d, rules := range s.rules {
		for i, r := range rules {
			at := spec.Child(direction(d).field()).Index(i)
			peers := at.Child(direction(d).peersField())
			if len(r.peers) == 0 {
				errs = append(errs, field.Required(peers, "no peer"))
			}
			for j, peer := range r.peers {
				errs = append(errs, invalidTierPeer(peers.Index(j), peer)...)
			}
			if !r.every && len(r.spans)+len(r.names) == 0 {
				errs = append(errs, field.Required(at.Child("ports"), "no port that can be read"))
			}
		}
	}
	return errs
}

func invalidTierPeer(at *field.Path, peer policyv1alpha2.ClusterNetworkPolicyEgressPeer) field.ErrorList {
	errs := invalidEnds(at, peer.Namespaces, peer.Pods)
	n := 0
	for _, set := range []bool{peer.Namespaces != nil, peer.Pods != nil, peer.Nodes != nil, len(peer.Networks) > 0, len(peer.DomainNames) > 0} {
		if set {
			n++
		}
	}
	if n != 1 {
		errs = append(errs, field.Invalid(at, field.OmitValueType{}, fmt.Sprintf("exactly one field must be set, and %d are", n)))
	}
	errs = append(errs, invalidSelector(at.Child("nodes"), peer.Nodes)...)
	for i, network := range peer.Networks {
		if _, err := netip.ParsePrefix(string(network)); err != nil {
			errs = append(errs, field.Invalid(at.Child("networks").Index(i), network, "must be an IPv4 or IPv6 block"))
		}
	}
	return errs
}

func invalidEnds(at *field.Path, namespaces *metav1.LabelSelector, pods *policyv1alpha2.NamespacedPod) field.ErrorList {
	errs := invalidSelector(at.Child("namespaces"), namespaces)
	if pods != nil {
		at = at.Child("pods")
		errs = append(errs, invalidSelector(at.Child("namespaceSelector"), &pods.NamespaceSelector)...)
		errs = append(errs, invalidSelector(at.Child("podSelector"), &pods.PodSelector)...)
	}
	return errs
}

func invalidSelector(at *field.Path, s *metav1.LabelSelector) field.ErrorList {
	return metav1validation.ValidateLabelSelector(s, metav1validation.LabelSelectorValidationOptions{}, at)
}
