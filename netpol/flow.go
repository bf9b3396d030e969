// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A Flow is traffic that [Allow] lets through: in one direction, with some peers,
// on some ports. It is a value: every method returns a new Flow and leaves its
// receiver as it was, so that one flow may be the beginning of several. The zero
// value has no direction and is refused.
type Flow struct {
	direction networkingv1.PolicyType
	peers     []Peer
	ports     Ports
}

// From is traffic that the peers send to the subject.
func From(peers ...Peer) Flow {
	return Flow{direction: networkingv1.PolicyTypeIngress, peers: clonePeers(peers)}
}

// To is traffic that the subject sends to the peers.
func To(peers ...Peer) Flow {
	return Flow{direction: networkingv1.PolicyTypeEgress, peers: clonePeers(peers)}
}

// clonePeers keeps nil entries, which are refused when the flow is used.
func clonePeers(peers []Peer) []Peer {
	out := slices.Clone(peers)
	for i, p := range out {
		if p != nil {
			out[i] = p.clone()
		}
	}
	return out
}

// On adds ports to the flow.
func (f Flow) On(ports ...Ports) Flow {
	f.ports = f.ports.and(ports...)
	return f
}

// TCP adds single TCP ports to the flow.
func (f Flow) TCP(ports ...uint16) Flow { return f.On(TCP(ports...)) }

// UDP adds single UDP ports to the flow.
func (f Flow) UDP(ports ...uint16) Flow { return f.On(UDP(ports...)) }

// SCTP adds single SCTP ports to the flow.
func (f Flow) SCTP(ports ...uint16) Flow { return f.On(SCTP(ports...)) }

// AnyPort opens the flow to every port of every protocol.
func (f Flow) AnyPort() Flow { return f.On(AnyPort()) }

// addTo appends the flow to the rules of spec and returns what is wrong with it,
// under the field in which the API server would see it.
func (f Flow) addTo(spec *networkingv1.NetworkPolicySpec) field.ErrorList {
	at := field.NewPath("spec")
	switch f.direction {
	case networkingv1.PolicyTypeIngress:
		at = at.Child("ingress").Index(len(spec.Ingress))
		peers, errs := apiPeers(f.peers, at.Child("from"))
		ports, portErrs := f.ports.api(at.Child("ports"))
		spec.Ingress = append(spec.Ingress, networkingv1.NetworkPolicyIngressRule{From: peers, Ports: ports})
		return append(errs, portErrs...)
	case networkingv1.PolicyTypeEgress:
		at = at.Child("egress").Index(len(spec.Egress))
		peers, errs := apiPeers(f.peers, at.Child("to"))
		ports, portErrs := f.ports.api(at.Child("ports"))
		spec.Egress = append(spec.Egress, networkingv1.NetworkPolicyEgressRule{To: peers, Ports: ports})
		return append(errs, portErrs...)
	default:
		return field.ErrorList{field.Required(at, "a flow without direction; begin it with From or To")}
	}
}

// apiPeers returns the list that a policy rule holds. It is empty, which the API
// reads as everyone, for Anyone only. A peer that is refused keeps its place, so
// that what else is wrong with the list is found at the right index.
func apiPeers(peers []Peer, at *field.Path) ([]networkingv1.NetworkPolicyPeer, field.ErrorList) {
	if len(peers) == 0 {
		return nil, field.ErrorList{field.Required(at, "no peer; Anyone means every address")}
	}
	if len(peers) == 1 && peers[0] == Anyone {
		return nil, nil
	}
	out := make([]networkingv1.NetworkPolicyPeer, len(peers))
	var errs field.ErrorList
	for i, p := range peers {
		here := at.Index(i)
		switch p {
		case nil:
			errs = append(errs, field.Required(here, "the peer is nil"))
		case Anyone:
			errs = append(errs, field.Forbidden(here, "Anyone stands alone; other peers beside it make no difference"))
		default:
			peer, peerErrs := p.peer(here)
			out[i] = peer
			errs = append(errs, peerErrs...)
		}
	}
	return out, errs
}
