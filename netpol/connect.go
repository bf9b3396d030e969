// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"errors"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// An Endpoint is one end of a connection: pods of one namespace, or [AllPods].
type Endpoint struct {
	Namespace string
	Pods      Subject
}

// peer returns the endpoint as the other end sees it.
func (e Endpoint) peer() Peer {
	if e.Pods == nil {
		return Pods(nil).In(Namespace(e.Namespace)) // refused as any without labels
	}
	return e.Pods.within(Namespace(e.Namespace))
}

// A Connection is a pair of policies that together let one connection through.
type Connection struct {
	Egress  *networkingv1.NetworkPolicy // in the client's namespace: it may leave
	Ingress *networkingv1.NetworkPolicy // in the server's namespace: it may enter
}

// Objects returns both policies; of the zero Connection, which comes with an
// error, none.
func (c Connection) Objects() []bulkhead.Object {
	var out []bulkhead.Object
	for _, np := range []*networkingv1.NetworkPolicy{c.Egress, c.Ingress} {
		if np != nil { // a nil pointer in an interface would not be nil
			out = append(out, np)
		}
	}
	return out
}

// Connect returns both sides of a connection that the client's pods open to the
// server's pods, from one statement: a connection needs the leave of both, and
// the side that was forgotten is the usual reason why one hangs. The policies are
// called name-egress and name-ingress. Each lies in the namespace of its own end:
// an owner in the client's namespace can own the egress policy only, since
// Kubernetes takes owner references across namespaces for dangling and deletes
// their objects (Kubernetes documentation, "Owners and Dependents").
//
// What is empty or invalid on either side is an error, as in [Allow]: the joined
// [*bulkhead.InvalidError] of both policies.
func Connect(name string, client, server Endpoint, ports ...Ports) (Connection, error) {
	egress, egressErr := Allow(client.Namespace, name+"-egress", client.Pods,
		To(server.peer()).On(ports...))
	ingress, ingressErr := Allow(server.Namespace, name+"-ingress", server.Pods,
		From(client.peer()).On(ports...))
	if err := errors.Join(egressErr, ingressErr); err != nil {
		return Connection{}, err
	}
	return Connection{Egress: egress, Ingress: ingress}, nil
}
