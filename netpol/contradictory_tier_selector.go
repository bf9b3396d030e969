// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// contradictoryTierSelector is the part of the rule [ContradictorySelector] about
// ClusterNetworkPolicies.
func contradictoryTierSelector(p *bulkhead.Pass) {
	for cnp := range bulkhead.Each[*policyv1alpha2.ClusterNetworkPolicy](p.Objects) {
		for selector := range tierSelectors(cnp) {
			if key, found := selector.contradiction(); found {
				p.Reportf(cnp, selector.at, "correct the selector",
					"%s matches nothing: no label %s, present or absent, meets all that the selector asks of it", selector.part, key)
			}
		}
	}
}
