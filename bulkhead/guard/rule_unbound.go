// SPDX-License-Identifier: Apache-2.0

package guard

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// Unbound is a policy that no binding applies.
const Unbound = "guard/unbound"

func unbound(p *bulkhead.Pass) {
	for _, policy := range unboundOf(p.Objects) {
		kind := "ValidatingAdmissionPolicyBinding"
		if policy.mutates {
			kind = "MutatingAdmissionPolicyBinding"
		}
		p.Reportf(policy.object, nil, "add a binding", "the policy does nothing: no %s names it", kind)
	}
}

// unboundOf returns the policies without a binding where the set shows that there is
// none: it has bindings of that kind for others, or the namespaces that it is for.
func unboundOf(objs []bulkhead.Object) []policy {
	whole := make(map[bool]bool) // by whether the policies mutate
	for range bulkhead.Each[*corev1.Namespace](objs) {
		whole[true], whole[false] = true, true
	}
	for _, b := range bindingsOf(objs) {
		whole[b.mutates] = true
	}
	var out []policy
	for _, policy := range boundOf(objs) {
		if len(policy.bindings) == 0 && whole[policy.mutates] {
			out = append(out, policy.policy)
		}
	}
	return out
}
