// SPDX-License-Identifier: Apache-2.0

package platform

import (
	"net/netip"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// notOutside refuses blocks with addresses that never belong to a service outside
// the cluster: a pod that may open them reaches its own node, or credentials.
// Private addresses are none of these, since they may lie behind a VPN.
func notOutside(at *field.Path, prefixes []netip.Prefix) field.ErrorList {
	var errs field.ErrorList
	for i, p := range prefixes {
		if !p.IsValid() || p.Bits() == 0 {
			continue // refused by invalidBlocks
		}
		for _, inside := range insideAddresses() {
			if p.Overlaps(inside.block) {
				errs = append(errs, field.Invalid(at.Index(i), p.String(), "has addresses of "+inside.block.String()+", "+inside.what))
				break
			}
		}
	}
	return errs
}

// A neighbourhood is a block of addresses that are found in every network alike.
type neighbourhood struct {
	block netip.Prefix
	what  string
}

// insideAddresses returns loopback (RFC 1122, RFC 4291), link-local addresses (RFC
// 3927, RFC 4291), and the servers of credentials that clouds have at unique local
// IPv6 addresses (Amazon EC2 User Guide, "Access instance metadata for an EC2
// instance"; Amazon EKS User Guide, "Set up the Amazon EKS Pod Identity Agent";
// Google Cloud, "View and query VM metadata").
func insideAddresses() []neighbourhood {
	const (
		loopback    = "which never leave the pod"
		linkLocal   = "which are link-local: 169.254.169.254 hands out credentials; see AllowMetadata, AllowNodeMetadata and AllowDNS"
		credentials = "which hands out credentials; see AllowMetadata and AllowNodeMetadata"
	)
	block := netip.MustParsePrefix
	return []neighbourhood{
		{block("127.0.0.0/8"), loopback},
		{block("::1/128"), loopback},
		{block("169.254.0.0/16"), linkLocal},
		{block("fe80::/10"), linkLocal},
		{block("fd00:ec2::23/128"), credentials},
		{block("fd00:ec2::254/128"), credentials},
		{block("fd20:ce::254/128"), credentials},
	}
}
