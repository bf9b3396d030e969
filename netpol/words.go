// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"fmt"

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
	return "pods " + labelWords(selector)
}

// labelWords writes a selector as kubectl does, and cuts it where it is too long
// for a message.
func labelWords(selector *metav1.LabelSelector) string {
	const longest = 80
	words := metav1.FormatLabelSelector(selector)
	if len(words) > longest {
		return words[:longest] + "..." // keys and values are ASCII
	}
	return words
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
	return list(out)
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
