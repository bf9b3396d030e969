// SPDX-License-Identifier: Apache-2.0

package reach

import (
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"

	"github.com/watertight-go/watertight/netpol/internal/superseded"
)

// adminSpec reads an AdminNetworkPolicy. A named port carries no protocol: it is that of
// the container's port, as in the kind that replaced it.
func adminSpec(anp *policyv1alpha1.AdminNetworkPolicy, plane dataplane) tierSpec {
	out := clusterSpec(superseded.Admin(anp), plane)
	out.enforced = plane.admin
	return out
}

// baselineSpec reads a BaselineAdminNetworkPolicy.
func baselineSpec(banp *policyv1alpha1.BaselineAdminNetworkPolicy, plane dataplane) tierSpec {
	out := clusterSpec(superseded.Baseline(banp), plane)
	out.enforced = plane.admin
	return out
}
