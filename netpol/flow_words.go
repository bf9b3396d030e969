// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"fmt"

	networkingv1 "k8s.io/api/networking/v1"
)

// flowWords says what a rule lets through: "pods app=web of shop accept
// connections on TCP 80 from" the other end.
func flowWords(np *networkingv1.NetworkPolicy, rule trafficRule, other string) string {
	if rule.direction == networkingv1.PolicyTypeIngress {
		accept := "accept"
		if everyPod(&np.Spec.PodSelector) {
			accept = "accepts" // every pod does
		}
		return fmt.Sprintf("%s %s connections on %s from %s", subjectWords(np), accept, portWords(rule.ports), other)
	}
	return fmt.Sprintf("%s may open connections on %s to %s", subjectWords(np), portWords(rule.ports), other)
}
