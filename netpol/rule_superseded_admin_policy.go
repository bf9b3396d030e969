// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"

	"github.com/watertight-go/watertight/bulkhead"
)

// SupersededAdminPolicy is an AdminNetworkPolicy or BaselineAdminNetworkPolicy,
// which ClusterNetworkPolicy has replaced.
const SupersededAdminPolicy = "netpol/superseded-admin-policy"

func supersededAdminPolicy(p *bulkhead.Pass) {
	const message = "a cluster set up with network-policy-api v0.2.0 does not serve the kind and refuses the object, so that its rules hold nowhere there"
	for anp := range bulkhead.Each[*policyv1alpha1.AdminNetworkPolicy](p.Objects) {
		p.Reportf(anp, nil, "write it as a ClusterNetworkPolicy of tier Admin", message)
	}
	for banp := range bulkhead.Each[*policyv1alpha1.BaselineAdminNetworkPolicy](p.Objects) {
		p.Reportf(banp, nil, "write it as a ClusterNetworkPolicy of tier Baseline", message)
	}
}
