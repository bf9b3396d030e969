// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"strings"

	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"
)

// verb gives "accept", "deny" or "pass".
func verb(action policyv1alpha2.ClusterNetworkPolicyRuleAction) string {
	return strings.ToLower(string(action))
}

// thirdPerson gives "accepts", "denies" or "passes".
func thirdPerson(action policyv1alpha2.ClusterNetworkPolicyRuleAction) string {
	switch action {
	case policyv1alpha2.ClusterNetworkPolicyRuleActionDeny:
		return "denies"
	case policyv1alpha2.ClusterNetworkPolicyRuleActionPass:
		return "passes"
	default:
		return verb(action) + "s"
	}
}
