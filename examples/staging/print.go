// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

// printWalls says what stands between the two: first what denies, whatever other
// policies allow, then all that the policies of each namespace let through.
func printWalls(w io.Writer, objs []bulkhead.Object) {
	fmt.Fprintln(w, "\nbetween staging and prod")
	for cnp := range bulkhead.Each[*policyv1alpha2.ClusterNetworkPolicy](objs) {
		for _, rule := range cnp.Spec.Egress {
			for _, peer := range rule.To {
				fmt.Fprintf(w, "  %-26s every pod of %s -> every pod of %s: %s, whatever other policies say (%s tier, priority %d)\n",
					cnp.Name, namespaces(cnp.Spec.Subject.Namespaces), namespaces(peer.Namespaces), rule.Action, cnp.Spec.Tier, cnp.Spec.Priority)
			}
		}
	}
	namespace := ""
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](objs) {
		if np.Namespace != namespace {
			namespace = np.Namespace
			fmt.Fprintf(w, "\n%s lets through\n", namespace)
		}
		subject := selected(&np.Spec.PodSelector)
		if len(np.Spec.Ingress)+len(np.Spec.Egress) == 0 {
			fmt.Fprintf(w, "  %-26s %s: nothing in, nothing out, but for the rest of this list\n", np.Name, subject)
		}
		for _, rule := range np.Spec.Ingress {
			fmt.Fprintf(w, "  %-26s in   %s -> %s: %s\n", np.Name, peers(rule.From), subject, ports(rule.Ports))
		}
		for _, rule := range np.Spec.Egress {
			fmt.Fprintf(w, "  %-26s out  %s -> %s: %s\n", np.Name, subject, peers(rule.To), ports(rule.Ports))
		}
	}
}

func selected(pods *metav1.LabelSelector) string {
	if len(pods.MatchLabels) == 0 {
		return "every pod"
	}
	return metav1.FormatLabelSelector(pods)
}

func peers(list []networkingv1.NetworkPolicyPeer) string {
	if len(list) == 0 {
		return "anyone"
	}
	var out []string
	for _, peer := range list {
		switch {
		case peer.IPBlock != nil:
			out = append(out, peer.IPBlock.CIDR)
		case peer.NamespaceSelector == nil:
			out = append(out, selected(peer.PodSelector))
		case peer.PodSelector == nil:
			out = append(out, "every pod of "+namespaces(peer.NamespaceSelector))
		default:
			out = append(out, selected(peer.PodSelector)+" of "+namespaces(peer.NamespaceSelector))
		}
	}
	return strings.Join(out, " or ")
}

func namespaces(selector *metav1.LabelSelector) string {
	if name, ok := selector.MatchLabels[corev1.LabelMetadataName]; ok {
		return name
	}
	return "namespaces " + metav1.FormatLabelSelector(selector)
}

func ports(list []networkingv1.NetworkPolicyPort) string {
	if len(list) == 0 {
		return "every port"
	}
	var out []string
	for _, port := range list {
		out = append(out, fmt.Sprintf("%s %s", *port.Protocol, port.Port))
	}
	return strings.Join(out, ", ")
}

// A placed finding is a finding with its place in the files that were written.
type placed struct {
	bulkhead.Finding
	position manifest.Position
}

func place(findings bulkhead.Findings, set *manifest.Set) []placed {
	var out []placed
	for _, f := range findings {
		position, _ := set.Position(f.Object, f.Field)
		out = append(out, placed{f, position})
	}
	return out
}

func printFindings(w io.Writer, findings []placed, colour bool) {
	red, green, plain := "", "", ""
	if colour {
		red, green, plain = "\x1b[31m", "\x1b[32m", "\x1b[0m"
	}
	if len(findings) == 0 {
		fmt.Fprintf(w, "\nfindings: %snone%s\n", green, plain)
		return
	}
	fmt.Fprintf(w, "\nfindings: %s%d%s\n", red, len(findings), plain)
	for _, f := range findings {
		fmt.Fprintf(w, "  %s: %s\n", f.position, f.Finding)
	}
}

// onTerminal reports whether a person is watching and wants colour
// (https://no-color.org).
func onTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == ""
}
