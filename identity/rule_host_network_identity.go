// SPDX-License-Identifier: Apache-2.0

package identity

import "github.com/watertight-go/watertight/bulkhead"

// HostNetworkIdentity is a workload on the network of its nodes whose account names a
// Google service account: it gets the nodes' instead.
const HostNetworkIdentity = "identity/host-network-identity"

func hostNetworkIdentity(p *bulkhead.Pass) {
	for _, home := range neighboursOf(p.Objects).homes {
		for _, w := range home.workloads {
			account := home.accounts[accountNameOf(w.Spec)]
			if w.Owned || !w.Spec.HostNetwork || account == nil || account.Annotations[GoogleAccountAnnotation] == "" {
				continue
			}
			p.Reportf(w.Object, w.Path.Child("hostNetwork"), "take the pods off the host network",
				"on the host network the pods reach the metadata server of the node: they act as the service account of the node, and not as %s",
				account.Annotations[GoogleAccountAnnotation])
		}
	}
}
