// SPDX-License-Identifier: Apache-2.0

package platform

import (
	"net/netip"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/netpol"
)

// AllowExternal returns a policy called name: the subject may connect, over TCP on
// the port, to a service outside the cluster, in the address blocks that its
// operator publishes. A policy knows no domain names; where the addresses change
// with every answer of the DNS, it cannot express the service.
//
// No block is an error, and so is one that covers every address: a pod that may
// connect anywhere may also connect to production, and that has its own word,
// [netpol.Anyone]. Several ports, and other protocols, are a matter for
// [netpol.Allow] with [netpol.CIDR].
func AllowExternal(namespace, name string, subject netpol.Subject, port uint16, to ...netip.Prefix) (*networkingv1.NetworkPolicy, error) {
	peers, errs := required(field.NewPath("to"), to, "no address block of the service")
	return allow(namespace, name, subject, errs, netpol.To(peers...).TCP(port))
}
