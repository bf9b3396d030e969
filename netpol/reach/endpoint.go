// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// An Endpoint is an end of a connection: a pod or workload, a Service, or an
// address. Endpoints are comparable. The zero Endpoint is nobody.
type Endpoint struct {
	kind endpointKind
	name string     // of a pod, workload or Service
	addr netip.Addr // of an address
}

type endpointKind uint8

const (
	nobody endpointKind = iota
	podEndpoint
	serviceEndpoint
	addressEndpoint
)

// Pod is a pod, or the pods of a workload such as a Deployment, by "namespace/name".
// Where two workloads of a namespace share a name, "namespace/kind/name" tells them
// apart, as in "shop/StatefulSet/db".
func Pod(name string) Endpoint { return Endpoint{kind: podEndpoint, name: name} }

// Service is a Service by "namespace/name", as the destination of a connection: a
// port of the Service stands for the port of the pods behind it.
func Service(name string) Endpoint { return Endpoint{kind: serviceEndpoint, name: name} }

// Address is an IP address. That of a pod of the input is the pod, that of a node
// the node, and any other something outside the cluster.
func Address(addr netip.Addr) Endpoint {
	return Endpoint{kind: addressEndpoint, addr: addr.Unmap().WithZone("")}
}

// ParseEndpoint reads "namespace/name" or "namespace/kind/name" as [Pod], with the kind
// Service as [Service], and an IP address as [Address]. It reads back what
// [Endpoint.String] gives, except of the zero Endpoint.
func ParseEndpoint(text string) (Endpoint, error) {
	if addr, err := netip.ParseAddr(text); err == nil {
		return Address(addr), nil
	}
	parts := strings.Split(text, "/")
	if len(parts) < 2 || len(parts) > 3 {
		return Endpoint{}, fmt.Errorf("endpoint %q: want namespace/name, namespace/kind/name or an IP address", text)
	}
	if slices.Contains(parts, "") {
		return Endpoint{}, fmt.Errorf("endpoint %q: a part of the name is empty", text)
	}
	if len(parts) == 3 && strings.EqualFold(parts[1], "Service") {
		return Service(parts[0] + "/" + parts[2]), nil
	}
	return Pod(text), nil
}

// String gives the name or the address. That of a Service is "namespace/Service/name".
func (e Endpoint) String() string {
	switch e.kind {
	case nobody:
		return "(nobody)"
	case addressEndpoint:
		return e.addr.String()
	case serviceEndpoint:
		namespace, name, _ := strings.Cut(e.name, "/")
		return namespace + "/Service/" + name
	default:
		return e.name
	}
}

// Namespace is that of a pod, workload or Service, and empty for an address.
func (e Endpoint) Namespace() string {
	namespace, _, found := strings.Cut(e.name, "/")
	if !found {
		return ""
	}
	return namespace
}
