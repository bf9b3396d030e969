// SPDX-License-Identifier: Apache-2.0

package netpol

import "github.com/watertight-go/watertight/bulkhead"

// ShadowedClusterRule is a rule of a ClusterNetworkPolicy that never applies,
// since a rule above it decides all that it is about.
const ShadowedClusterRule = "netpol/shadowed-cluster-rule"

func shadowedClusterRule(p *bulkhead.Pass) {
	for shadow := range shadows(p.Objects) {
		// The case that AcceptAboveDeny reports, and a repetition by another
		// policy, whose author may want to rely on nobody else.
		repeated := shadow.policy.decision(shadow.rule) == shadow.earlierPolicy.decision(shadow.earlier) && shadow.policy.obj.GetName() != shadow.earlierPolicy.obj.GetName()
		if shadow.accepted || repeated {
			continue
		}
		p.Reportf(shadow.policy.obj, shadow.rule.path, "remove the rule, or move it up",
			"the rule never applies: %s %s all of it first", shadow.by(), thirdPerson(shadow.earlier.action))
	}
}
