// SPDX-License-Identifier: Apache-2.0

package platform

import (
	"net/netip"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/netpol"
)

// A GoogleVIP is a set of addresses at which Google's APIs are served inside
// Google Cloud. Which one a cluster uses is decided by its DNS: the names under
// googleapis.com must resolve to it. The zero value is none and is refused.
//
// Source of the addresses: Google Cloud, "Configure Private Google Access",
// table of domains and IP address ranges.
type GoogleVIP int

const (
	// PrivateVIP is private.googleapis.com: 199.36.153.8/30 and
	// 2600:2d00:2:2000::/56. It serves nearly all of Google's APIs.
	PrivateVIP GoogleVIP = 1 + iota
	// RestrictedVIP is restricted.googleapis.com: 199.36.153.4/30 and
	// 2600:2d00:2:1000::/56. It serves the APIs that VPC Service Controls
	// protect, and refuses the rest, so that data cannot leave by way of them.
	RestrictedVIP
)

// AllowGoogleAPIs returns the policy allow-google-apis: the subject may call
// Google's APIs at vip, over TCP on port 443, in both address families.
//
// A policy cannot tell projects apart: with it a pod reaches the API of every
// project, and what stands between staging and production there is identity, and
// VPC Service Controls behind [RestrictedVIP]. Where names resolve to Google's
// public addresses, no fixed block exists. Clients with direct connectivity, such
// as gRPC ones of Cloud Storage, also try 34.126.0.0/18 and 2001:4860:8040::/42,
// which stay closed.
//
// The policy has a fixed name: for a second subject or VIP in the namespace, set
// the Name of the second policy.
//
// Source: as for [GoogleVIP].
func AllowGoogleAPIs(namespace string, vip GoogleVIP, subject netpol.Subject) (*networkingv1.NetworkPolicy, error) {
	apis, errs := googleAPIs(vip)
	return allow(namespace, "allow-google-apis", subject, errs, apis)
}

func googleAPIs(vip GoogleVIP) (netpol.Flow, field.ErrorList) {
	const https = 443
	at := field.NewPath("vip")
	switch vip {
	case PrivateVIP:
		return serverAt(https, "199.36.153.8/30", "2600:2d00:2:2000::/56"), nil
	case RestrictedVIP:
		return serverAt(https, "199.36.153.4/30", "2600:2d00:2:1000::/56"), nil
	case 0:
		return standInFlow(), field.ErrorList{field.Required(at, "PrivateVIP or RestrictedVIP, to which the cluster's DNS resolves googleapis.com")}
	default:
		return standInFlow(), field.ErrorList{field.Invalid(at, int(vip), "neither PrivateVIP nor RestrictedVIP")}
	}
}

// serverAt is TCP traffic to addresses that are constants of this package.
func serverAt(port uint16, prefixes ...string) netpol.Flow {
	return netpol.To(peersAt(constants(prefixes...)...)...).TCP(port)
}

// constants parses addresses that are constants of this package.
func constants(prefixes ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(prefixes))
	for i, p := range prefixes {
		out[i] = netip.MustParsePrefix(p)
	}
	return out
}
