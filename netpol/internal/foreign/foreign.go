// SPDX-License-Identifier: Apache-2.0

// Package foreign tells which kinds of network policy are not read here.
package foreign

import (
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// Policy reports whether a kind, read untyped, restricts pod traffic by rules that
// are not read: the policies of Cilium, Calico, Antrea, OVN-Kubernetes and their
// like, other versions of AdminNetworkPolicy, and the NetworkPolicy of API groups
// that Kubernetes no longer serves. Left out are the staged policies of Calico, which
// are shown and not enforced.
func Policy(ref bulkhead.Ref) bool {
	return strings.HasSuffix(ref.Kind, "NetworkPolicy") && !strings.HasPrefix(ref.Kind, "Staged") || ref.Kind == "EgressFirewall"
}
