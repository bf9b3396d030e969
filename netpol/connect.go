// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"errors"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// An Endpoint is one end of a connection: pods of one namespace.
type Endpoint struct {
	Namespace string
	Pods      Pods
}

// A Connection is a pair of policies that together let one connection through.
type Connection struct {
	Egress  *networkingv1.NetworkPolicy // in the client's namespace: it may leave
	Ingress *networkingv1.NetworkPolicy // in the server's namespace: it may enter
}

// Objects returns both policies.
func (c Connection) Objects() []bulkhead.Object {
	return []bulkhead.Object{c.Egress, c.Ingress}
}

// Connect returns both sides of a connection that the client's pods open to the
// server's pods, from one statement: a connection needs the leave of both, and
// the side that was forgotten is the usual reason why one hangs. The policies are
// called name-egress and name-ingress.
//
// What is empty or invalid on either side is an error, as in [Allow]: the joined
// [*bulkhead.InvalidError] of both policies.
func Connect(name string, client, server Endpoint, ports ...Ports) (Connection, error) {
	egress, egressErr := Allow(client.Namespace, name+"-egress", client.Pods,
		To(server.Pods.In(Namespace(server.Namespace))).On(ports...))
	ingress, ingressErr := Allow(server.Namespace, name+"-ingress", server.Pods,
		From(client.Pods.In(Namespace(client.Namespace))).On(ports...))
	if err := errors.Join(egressErr, ingressErr); err != nil {
		return Connection{}, err
	}
	return Connection{Egress: egress, Ingress: ingress}, nil
}
