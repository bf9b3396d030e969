// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"iter"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/netpol/internal/space"
)

// A trafficRule is an ingress or egress rule of a policy, in one shape, so that
// a check reads the same for both directions.
type trafficRule struct {
	direction networkingv1.PolicyType
	path      *field.Path // of the rule, such as spec.ingress[0]
	peers     []networkingv1.NetworkPolicyPeer
	ports     []networkingv1.NetworkPolicyPort
}

// peersPath is where the peers stand: from or to.
func (r trafficRule) peersPath() *field.Path {
	if r.direction == networkingv1.PolicyTypeIngress {
		return r.path.Child("from")
	}
	return r.path.Child("to")
}

func (r trafficRule) portsPath() *field.Path { return r.path.Child("ports") }

// trafficRules yields the rules of both directions, also those of a direction
// that policyTypes leaves out and that therefore have no effect.
func trafficRules(np *networkingv1.NetworkPolicy) iter.Seq[trafficRule] {
	return func(yield func(trafficRule) bool) {
		for i, r := range np.Spec.Ingress {
			at := specPath().Child("ingress").Index(i)
			if !yield(trafficRule{networkingv1.PolicyTypeIngress, at, r.From, r.Ports}) {
				return
			}
		}
		for i, r := range np.Spec.Egress {
			at := specPath().Child("egress").Index(i)
			if !yield(trafficRule{networkingv1.PolicyTypeEgress, at, r.To, r.Ports}) {
				return
			}
		}
	}
}

// effectiveRules yields the rules of those directions that the policy governs.
func effectiveRules(np *networkingv1.NetworkPolicy) iter.Seq[trafficRule] {
	return func(yield func(trafficRule) bool) {
		for r := range trafficRules(np) {
			if governs(np, r.direction) && !yield(r) {
				return
			}
		}
	}
}

// governs reports whether the policy isolates its subject in a direction. Left
// empty, policyTypes means Ingress, and Egress too if there are egress rules
// (pkg/apis/networking/v1/defaults.go, v1.37).
func governs(np *networkingv1.NetworkPolicy, direction networkingv1.PolicyType) bool {
	if len(np.Spec.PolicyTypes) > 0 {
		return slices.Contains(np.Spec.PolicyTypes, direction)
	}
	return direction == networkingv1.PolicyTypeIngress || len(np.Spec.Egress) > 0
}

// refusedTypes reports whether kube-apiserver refuses the policyTypes, so that the
// policy governs nothing, whatever they say.
func refusedTypes(np *networkingv1.NetworkPolicy) bool {
	return len(invalidTypes(np.Spec.PolicyTypes, specPath())) > 0
}

// protocolOf returns the protocol of a port entry, TCP if it names none.
func protocolOf(port networkingv1.NetworkPolicyPort) corev1.Protocol {
	if port.Protocol == nil {
		return corev1.ProtocolTCP
	}
	return *port.Protocol
}

// allows reports whether the ports of a rule let a number of a protocol through.
// A named port lets through what the receiving pod calls so, which is not known
// here: it counts as not allowing.
func allows(ports []networkingv1.NetworkPolicyPort, protocol corev1.Protocol, number int32) bool {
	return len(ports) == 0 || slices.ContainsFunc(ports, func(port networkingv1.NetworkPolicyPort) bool {
		return space.PortOf(port).Has(protocol, number)
	})
}
