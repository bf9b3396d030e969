// SPDX-License-Identifier: Apache-2.0

package platform

import (
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/netpol"
)

// A Sender is a part of the platform that opens connections to workloads: an
// ingress controller, a load balancer or a collector of metrics. It comes from
// [IngressNGINX], [Traefik], [IstioGateway], [OpenShiftRouter], [LoadBalancer],
// [Prometheus] and [ManagedPrometheus]. The zero value is nobody and is refused;
// pods that none of these name are a matter for [netpol.Allow].
type Sender struct {
	name    string // of the policy, after "allow-from-"
	peers   []netpol.Peer
	refused field.ErrorList // arguments of the function that made it
}

// AllowFrom returns a policy under which the sender may connect to the subject on
// the ports, at which the subject's pods listen. The policy's name is
// allow-from- and the sender's: allow-from-ingress-nginx, allow-from-traefik,
// allow-from-istio-gateway, allow-from-openshift-router, allow-from-load-balancer,
// allow-from-prometheus or allow-from-managed-prometheus. For a second subject of
// the same sender, or a second installation of one, in the namespace, set the Name
// of the second policy.
//
// No subject and no port are errors, together with what was wrong with the
// arguments of the sender.
func AllowFrom(namespace string, sender Sender, subject netpol.Subject, ports netpol.Ports) (*networkingv1.NetworkPolicy, error) {
	if sender.name == "" {
		sender = Sender{name: "nobody", refused: field.ErrorList{field.Required(field.NewPath("sender"), "nobody; see the functions that return a Sender")}}
	}
	if len(sender.refused) > 0 {
		sender.peers = []netpol.Peer{standIn}
	}
	return allow(namespace, "allow-from-"+sender.name, subject, sender.refused, netpol.From(sender.peers...).On(ports))
}
