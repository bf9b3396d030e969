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
	if everyPod(selector) {
		return "every pod"
	}
	return "pods " + labelWords(selector)
}

// labelWords writes a selector as kubectl does, cut to the length of a message. One
// of very many conditions it counts, so that a message for each peer of a policy
// costs no more than the peers.
func labelWords(selector *metav1.LabelSelector) string {
	const most = 50
	conditions := len(selector.MatchLabels)
	for _, r := range selector.MatchExpressions {
		conditions += max(1, len(r.Values))
	}
	if conditions > most {
		return fmt.Sprintf("(by %d conditions on labels)", conditions)
	}
	return cut(metav1.FormatLabelSelector(selector))
}

// cut shortens what a manifest calls a thing for a message. What kube-apiserver
// accepts as a name or a label is nearly always shorter.
func cut(text string) string {
	const longest = 80
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest], "") + "..."
}

// ofNamespace is empty where the manifest leaves the namespace to kubectl.
func ofNamespace(namespace string) string {
	if namespace == "" {
		return ""
	}
	return " of " + cut(namespace)
}

// portWords lists ports: "TCP 80, 443, UDP 53", or "every port".
func portWords(ports []networkingv1.NetworkPolicyPort) string {
	if len(ports) == 0 {
		return "every port"
	}
	var out []string
	for _, port := range ports[:min(listed, len(ports))] {
		out = append(out, onePortWords(port))
	}
	return strings.Join(out, ", ") + more(len(ports))
}

func onePortWords(port networkingv1.NetworkPolicyPort) string {
	protocol := protocolOf(port)
	switch {
	case port.Port == nil:
		return fmt.Sprintf("every %s port", protocol)
	case port.Port.Type == intstr.String:
		return fmt.Sprintf("%s %q", protocol, cut(port.Port.StrVal))
	case port.EndPort != nil:
		return fmt.Sprintf("%s %d-%d", protocol, port.Port.IntVal, *port.EndPort)
	default:
		return fmt.Sprintf("%s %d", protocol, port.Port.IntVal)
	}
}
