// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// UnusableClusterPolicy is what a ClusterNetworkPolicy asks for and no dataplane can
// do, although kube-apiserver stores it.
const UnusableClusterPolicy = "netpol/unusable-cluster-policy"

func unusableCluster(p *bulkhead.Pass) {
	for cnp := range bulkhead.Each[*policyv1alpha2.ClusterNetworkPolicy](p.Objects) {
		p.ReportInvalid(cnp, unusableClusterPolicy(cnp))
	}
}
