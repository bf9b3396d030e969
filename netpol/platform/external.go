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
// No block is an error, and so are blocks that alone or together cover every
// address of a family: a pod that may connect anywhere may also connect to
// production, and that has its own word, [netpol.Anyone]. Blocks with loopback or
// link-local addresses are errors too, and so are those with a server that hands
// out credentials, such as 169.254.169.254: they lie on the node, and have
// functions of their own, [AllowMetadata], [AllowNodeMetadata] and [AllowDNS].
// Private addresses are allowed, since a service may lie behind a VPN or in a
// peered network; they are the addresses of pods and nodes as well, so name no more
// than the service's own. Several ports, and other protocols, are a matter for
// [netpol.Allow] with [netpol.CIDR].
func AllowExternal(namespace, name string, subject netpol.Subject, port uint16, to ...netip.Prefix) (*networkingv1.NetworkPolicy, error) {
	at := field.NewPath("to")
	peers, errs := required(at, to, "no address block of the service")
	errs = append(errs, notOutside(at, to)...)
	return allow(namespace, name, subject, errs, netpol.To(peers...).TCP(port))
}
