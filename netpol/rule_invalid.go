// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// Invalid is what kube-apiserver 1.37 refuses in a NetworkPolicy or, by the
// definition of network-policy-api v0.2.0, in a ClusterNetworkPolicy.
const Invalid = "netpol/invalid"

func invalid(p *bulkhead.Pass) {
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		judged := np
		if np.Namespace == "" { // kubectl fills it in from -n or the context
			judged = np.DeepCopy()
			judged.Namespace = "default"
		}
		p.ReportInvalid(np, invalidPolicy(judged))
	}
	for cnp := range bulkhead.Each[*policyv1alpha2.ClusterNetworkPolicy](p.Objects) {
		p.ReportInvalid(cnp, invalidClusterPolicy(cnp))
	}
}

func missingNamespace(p *bulkhead.Pass) {
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		if np.Namespace == "" {
			p.Reportf(np, field.NewPath("metadata", "namespace"), "name the namespace", "the policy is in no namespace")
		}
	}
}
