// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/watertight-go/watertight/bulkhead"
)

// maySelectNodes reports whether a policy of a kind that is not read, of the whole
// cluster, may be about nodes and the pods on their network. That of Cilium is where it
// has a nodeSelector (Cilium documentation, "Host Policies"); that of Calico where there
// are host endpoints, which its selector does not show (Calico documentation, "Protect
// hosts and VMs"). Namespaced ones are about pods with a network of their own.
func maySelectNodes(obj bulkhead.Object) bool {
	u, ok := obj.(*unstructured.Unstructured)
	if !ok || u.GetKind() != "CiliumClusterwideNetworkPolicy" {
		return true
	}
	specs, _, _ := unstructured.NestedSlice(u.Object, "specs")
	if spec, found, _ := unstructured.NestedMap(u.Object, "spec"); found {
		specs = append(specs, spec)
	}
	for _, spec := range specs {
		rule, ok := spec.(map[string]any)
		if !ok {
			return true
		}
		if _, nodes := rule["nodeSelector"]; nodes {
			return true
		}
	}
	return false
}
