// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"net/netip"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1validation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	netutils "k8s.io/utils/net"

	"github.com/watertight-go/watertight/internal/created"
)

// invalidPolicy returns what kube-apiserver 1.37 would refuse in a new policy,
// under the same fields (pkg/apis/networking/validation, ValidateNetworkPolicy).
func invalidPolicy(np *networkingv1.NetworkPolicy) field.ErrorList {
	spec := specPath()
	strict := metav1validation.LabelSelectorValidationOptions{}
	errs := metav1validation.ValidateLabelSelector(&np.Spec.PodSelector, strict, spec.Child("podSelector"))
	for i, rule := range np.Spec.Ingress {
		at := spec.Child("ingress").Index(i)
		errs = append(errs, invalidPorts(rule.Ports, at.Child("ports"))...)
		errs = append(errs, invalidPeers(rule.From, at.Child("from"))...)
	}
	for i, rule := range np.Spec.Egress {
		at := spec.Child("egress").Index(i)
		errs = append(errs, invalidPorts(rule.Ports, at.Child("ports"))...)
		errs = append(errs, invalidPeers(rule.To, at.Child("to"))...)
	}
	errs = append(errs, invalidTypes(np.Spec.PolicyTypes, spec.Child("policyTypes"))...)
	meta := np.ObjectMeta
	meta.Generation = 1 // as the server sets it (pkg/registry/networking/networkpolicy/strategy.go)
	return created.Refused(meta, created.Namespaced, apivalidation.NameIsDNSSubdomain, errs)
}

func invalidTypes(types []networkingv1.PolicyType, at *field.Path) field.ErrorList {
	known := []networkingv1.PolicyType{networkingv1.PolicyTypeEgress, networkingv1.PolicyTypeIngress}
	if len(types) > len(known) {
		return field.ErrorList{field.Invalid(at, types, "at most two policy types")}
	}
	var errs field.ErrorList
	for i, t := range types {
		if t != networkingv1.PolicyTypeIngress && t != networkingv1.PolicyTypeEgress {
			errs = append(errs, field.NotSupported(at.Index(i), t, known))
		}
	}
	return errs
}

func invalidPorts(ports []networkingv1.NetworkPolicyPort, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for i, port := range ports {
		errs = append(errs, invalidPort(port, at.Index(i))...)
	}
	return errs
}

func invalidPort(port networkingv1.NetworkPolicyPort, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	if p := port.Protocol; p != nil && *p != corev1.ProtocolTCP && *p != corev1.ProtocolUDP && *p != corev1.ProtocolSCTP {
		errs = append(errs, field.NotSupported(at.Child("protocol"), *p,
			[]corev1.Protocol{corev1.ProtocolSCTP, corev1.ProtocolTCP, corev1.ProtocolUDP}))
	}
	end := at.Child("endPort")
	switch {
	case port.Port == nil:
		if port.EndPort != nil {
			errs = append(errs, field.Invalid(end, *port.EndPort, "a range needs a first port"))
		}
	case port.Port.Type == intstr.String:
		if port.EndPort != nil {
			errs = append(errs, field.Invalid(end, *port.EndPort, "a range cannot begin at a named port"))
		}
		for _, msg := range validation.IsValidPortName(port.Port.StrVal) {
			errs = append(errs, field.Invalid(at.Child("port"), port.Port.StrVal, msg))
		}
	default:
		errs = append(errs, invalidNumber(port.Port.IntVal, at.Child("port"))...)
		if port.EndPort != nil {
			if *port.EndPort < port.Port.IntVal {
				errs = append(errs, field.Invalid(end, *port.EndPort, "the range ends before it begins, at "+strconv.Itoa(int(port.Port.IntVal))))
			}
			errs = append(errs, invalidNumber(*port.EndPort, end)...)
		}
	}
	return errs
}

func invalidNumber(port int32, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for _, msg := range validation.IsValidPortNum(int(port)) {
		errs = append(errs, field.Invalid(at, port, msg))
	}
	return errs
}

func invalidPeers(peers []networkingv1.NetworkPolicyPeer, at *field.Path) field.ErrorList {
	strict := metav1validation.LabelSelectorValidationOptions{}
	var errs field.ErrorList
	for i, peer := range peers {
		at := at.Index(i)
		if peer.PodSelector != nil {
			errs = append(errs, metav1validation.ValidateLabelSelector(peer.PodSelector, strict, at.Child("podSelector"))...)
		}
		if peer.NamespaceSelector != nil {
			errs = append(errs, metav1validation.ValidateLabelSelector(peer.NamespaceSelector, strict, at.Child("namespaceSelector"))...)
		}
		if peer.IPBlock != nil {
			errs = append(errs, invalidBlock(peer.IPBlock, at.Child("ipBlock"))...)
		}
		switch {
		case peer.PodSelector == nil && peer.NamespaceSelector == nil && peer.IPBlock == nil:
			errs = append(errs, field.Required(at, "a peer needs a podSelector, a namespaceSelector or an ipBlock"))
		case peer.IPBlock != nil && (peer.PodSelector != nil || peer.NamespaceSelector != nil):
			errs = append(errs, field.Forbidden(at, "an ipBlock and a selector cannot be one peer"))
		}
	}
	return errs
}

// invalidCIDR reads a block as kube-apiserver has since 1.36: without leading
// zeros, IPv4-mapped addresses or bits beyond the prefix length (feature gate
// StrictIPCIDRValidation, on by default; pkg/features/kube_features.go, v1.37).
func invalidCIDR(text string, at *field.Path) field.ErrorList {
	if prefix, err := netip.ParsePrefix(text); err == nil && !prefix.Addr().Is4In6() && prefix != prefix.Masked() {
		return field.ErrorList{field.Invalid(at, text, "has bits set beyond its length: the block is "+prefix.Masked().String())}
	}
	const strict = true
	return validation.IsValidCIDRForLegacyField(at, text, strict, nil)
}

func invalidBlock(block *networkingv1.IPBlock, at *field.Path) field.ErrorList {
	if block.CIDR == "" {
		return field.ErrorList{field.Required(at.Child("cidr"), "no address block")}
	}
	errs := invalidCIDR(block.CIDR, at.Child("cidr"))
	_, outer, err := netutils.ParseCIDRSloppy(block.CIDR)
	if err != nil {
		return errs // reported above
	}
	outerBits, _ := outer.Mask.Size()
	for i, text := range block.Except {
		at := at.Child("except").Index(i)
		errs = append(errs, invalidCIDR(text, at)...)
		_, inner, err := netutils.ParseCIDRSloppy(text)
		if err != nil {
			continue // reported above
		}
		if bits, _ := inner.Mask.Size(); !outer.Contains(inner.IP) || bits <= outerBits {
			errs = append(errs, field.Invalid(at, text, "must lie inside "+block.CIDR+" and be smaller"))
		}
	}
	return errs
}
