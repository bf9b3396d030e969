// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"slices"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// An ExternalChange is a workload that can exchange something else with addresses
// outside the cluster than before, in one direction.
type ExternalChange struct {
	Workload      Endpoint
	Direction     networkingv1.PolicyType // Egress to the addresses, Ingress from them
	Before, After []External              // empty where there is no such workload
}

func externalChanges(old, young *table, ref bulkhead.Ref) []ExternalChange {
	var out []ExternalChange
	for _, d := range []direction{egress, ingress} {
		was, is := old.external(ref, d), young.external(ref, d)
		if slices.EqualFunc(was, is, External.equal) {
			continue
		}
		of := young
		if _, found := young.units[ref]; !found {
			of = old
		}
		out = append(out, ExternalChange{of.name(ref), d.policyType(), was, is})
	}
	return out
}

func (t *table) external(ref bulkhead.Ref, d direction) []External {
	u, found := t.units[ref]
	if !found {
		return nil
	}
	return t.walk.external(t.walk.units[u].kinds, d)
}

func (e External) equal(o External) bool {
	return e.Verdict == o.Verdict && e.Ports.Equal(o.Ports) && slices.Equal(e.Prefixes, o.Prefixes)
}
