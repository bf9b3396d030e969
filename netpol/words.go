// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"fmt"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// subjectWords names the pods that a policy governs: "every pod of shop" or
// "pods app=web of shop".
func subjectWords(np *networkingv1.NetworkPolicy) string {
	return podWords(&np.Spec.PodSelector) + ofNamespace(np.Namespace)
}

func podWords(selector *metav1.LabelSelector) string {
	if len(selector.MatchLabels) == 0 && len(selector.MatchExpressions) == 0 {
		return "every pod"
	}
	return "pods " + metav1.FormatLabelSelector(selector)
}

// ofNamespace is empty where the manifest leaves the namespace to kubectl.
func ofNamespace(namespace string) string {
	if namespace == "" {
		return ""
	}
	return " of " + namespace
}

// portWords lists ports: "TCP 80, 443, UDP 53", or "every port".
func portWords(ports []networkingv1.NetworkPolicyPort) string {
	if len(ports) == 0 {
		return "every port"
	}
	var out []string
	for _, port := range ports {
		out = append(out, onePortWords(port))
	}
	return strings.Join(out, ", ")
}

func onePortWords(port networkingv1.NetworkPolicyPort) string {
	protocol := protocolOf(port)
	switch {
	case port.Port == nil:
		return fmt.Sprintf("every %s port", protocol)
	case port.Port.Type == intstr.String:
		return fmt.Sprintf("%s %q", protocol, port.Port.StrVal)
	case port.EndPort != nil:
		return fmt.Sprintf("%s %d-%d", protocol, port.Port.IntVal, *port.EndPort)
	default:
		return fmt.Sprintf("%s %d", protocol, port.Port.IntVal)
	}
}
