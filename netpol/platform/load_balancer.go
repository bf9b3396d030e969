// SPDX-License-Identifier: Apache-2.0

package platform

import (
	"net/netip"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// LoadBalancer is the cloud's load balancers: their health checks, and the
// requests that they pass on from addresses of their own. Sources are further
// blocks, such as the subnets in which the load balancer stands.
//
//   - [GKE], [GKEDataplaneV2], [GKEAutopilot]: the blocks from which Google's
//     health checks and front ends connect: 35.191.0.0/16, 130.211.0.0/22 and
//     2600:2d00:1:b029::/64, 2600:2d00:1:1::/64 for proxying ones, which connect to
//     pods directly, and 209.85.152.0/22, 209.85.204.0/22 and 2600:1901:8001::/48
//     for passthrough ones. A regional or internal Application Load Balancer sends
//     requests from the proxy-only subnet, which is a source.
//   - [AKS]: 168.63.129.16, from which Azure's load balancers probe. Sources are
//     the subnet of an Application Gateway.
//   - [EKS], [Kubernetes], [OpenShift]: only the sources, and none is an error. For
//     the AWS Load Balancer Controller with IP targets they are the load balancer's
//     subnets.
//
// A load balancer that preserves the client's address is not the sender: then the
// clients' blocks are sources too. One that sends to a node port may be seen as
// the node, whose own pods it always reaches; whether other pods see the node or
// the client depends on externalTrafficPolicy.
//
// Sources that alone, together or with the platform's own blocks cover every
// address of a family are an error.
//
// Sources: Google Cloud, "Health checks overview", probe IP ranges, "External
// Application Load Balancer overview", firewall rules, and "Using Cloud Service Mesh
// egress gateways on GKE clusters: Tutorial", rule allow-ingress-gcp-health-checker;
// Microsoft Azure, "What is IP address 168.63.129.16?".
func LoadBalancer(p Platform, sources ...netip.Prefix) Sender {
	at := field.NewPath("sources")
	own, refused := loadBalancers(p)
	refused = append(refused, invalidBlocks(at, sources)...)
	refused = append(refused, wholeFamilies(at, slices.Concat(own, sources))...)
	if len(own)+len(sources)+len(refused) == 0 {
		refused = field.ErrorList{field.Required(at, "no block from which the load balancers of "+p.String()+" send; name their subnets")}
	}
	return Sender{name: "load-balancer", peers: peersAt(append(own, sources...)...), refused: refused}
}

// loadBalancers returns the blocks from which the load balancers of a platform
// send wherever they stand.
func loadBalancers(p Platform) ([]netip.Prefix, field.ErrorList) {
	switch p {
	case GKE, GKEDataplaneV2, GKEAutopilot:
		return constants(
			"35.191.0.0/16", "130.211.0.0/22", "209.85.152.0/22", "209.85.204.0/22",
			"2600:2d00:1:b029::/64", "2600:2d00:1:1::/64", "2600:1901:8001::/48",
		), nil
	case AKS:
		return constants("168.63.129.16/32"), nil
	case EKS, Kubernetes, OpenShift:
		return nil, nil
	default:
		return nil, unknown(p)
	}
}
