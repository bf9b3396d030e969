// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// AcceptAboveDeny is a Deny rule of a ClusterNetworkPolicy that denies nothing,
// since an Accept rule above it decides all that it is about.
const AcceptAboveDeny = "netpol/accept-above-deny"

func acceptAboveDeny(p *bulkhead.Pass) {
	for shadow := range shadows(p.Objects) {
		if !shadow.accepted {
			continue
		}
		after := ", before any NetworkPolicy is asked"
		if shadow.policy.spec.Tier == policyv1alpha2.BaselineTier {
			after = ", and no tier that could deny it is left"
		}
		p.Reportf(shadow.policy.obj, shadow.rule.path, "move the Deny above the Accept or narrow the Accept",
			"the rule denies nothing: %s %s all of it first%s", shadow.by(), thirdPerson(shadow.earlier.action), after)
	}
}
