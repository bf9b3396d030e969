// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// portName returns the name of a port entry, and false for a number and for what
// kube-apiserver refuses, such as the number "8080" in quotes.
func portName(port networkingv1.NetworkPolicyPort) (string, bool) {
	if port.Port == nil || port.Port.Type != intstr.String || len(invalidPort(port, field.NewPath("port"))) > 0 {
		return "", false
	}
	return port.Port.StrVal, true
}
