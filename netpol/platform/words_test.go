// SPDX-License-Identifier: Apache-2.0

package platform_test

import (
	"errors"
	"fmt"
	"testing"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// words gives a policy in lines: its name and subject, then what it lets through,
// a line for each pair of peer and port.
func words(np *networkingv1.NetworkPolicy) []string {
	out := []string{fmt.Sprintf("%s/%s for %s", np.Namespace, np.Name, selector(&np.Spec.PodSelector))}
	for _, rule := range np.Spec.Ingress {
		out = append(out, traffic("from", rule.From, rule.Ports)...)
	}
	for _, rule := range np.Spec.Egress {
		out = append(out, traffic("to", rule.To, rule.Ports)...)
	}
	return out
}

func traffic(direction string, peers []networkingv1.NetworkPolicyPeer, ports []networkingv1.NetworkPolicyPort) []string {
	var out []string
	for _, peer := range peers {
		end := ""
		switch {
		case peer.IPBlock != nil:
			end = peer.IPBlock.CIDR
		case peer.PodSelector == nil:
			end = "namespaces " + selector(peer.NamespaceSelector)
		case peer.NamespaceSelector == nil:
			end = "pods " + selector(peer.PodSelector)
		default:
			end = "pods " + selector(peer.PodSelector) + " of namespaces " + selector(peer.NamespaceSelector)
		}
		for _, port := range ports {
			out = append(out, fmt.Sprintf("%s %s on %s %s", direction, end, *port.Protocol, port.Port))
		}
	}
	return out
}

func selector(s *metav1.LabelSelector) string {
	if len(s.MatchLabels)+len(s.MatchExpressions) == 0 {
		return "all"
	}
	return metav1.FormatLabelSelector(s)
}

// mistakes gives the kinds and fields of an error of a builder. It demands the
// one error type that builders return.
func mistakes(t *testing.T, err error) []string {
	t.Helper()
	var invalid *bulkhead.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("want a *bulkhead.InvalidError, got %T: %v", err, err)
	}
	var out []string
	for _, e := range invalid.Errs {
		out = append(out, fmt.Sprintf("%s: %s", e.Field, e.Type))
	}
	return out
}
