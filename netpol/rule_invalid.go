// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// Invalid is what kube-apiserver 1.37 refuses in a NetworkPolicy.
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
}

func missingNamespace(p *bulkhead.Pass) {
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		if np.Namespace == "" {
			p.Reportf(np, field.NewPath("metadata", "namespace"), "name the namespace", "the policy is in no namespace")
		}
	}
}
