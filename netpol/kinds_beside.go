// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// isForeignPolicy reports whether a kind restricts pod traffic by rules that this
// package does not read: AdminNetworkPolicy, the policies of Cilium, Calico,
// Antrea, OVN-Kubernetes and their like, and the NetworkPolicy of API groups that
// Kubernetes no longer serves. Left out are the staged policies of Calico, which
// are shown and not enforced.
func isForeignPolicy(ref bulkhead.Ref) bool {
	return strings.HasSuffix(ref.Kind, "NetworkPolicy") && !strings.HasPrefix(ref.Kind, "Staged") || ref.Kind == "EgressFirewall"
}

// startsPods reports whether objects of a kind that is read untyped may bring pods
// into their namespace. Any custom resource may, so this lists those that are
// known not to and are common in manifests of applications.
func startsPods(ref bulkhead.Ref) bool {
	switch ref.Group {
	case "apps", "batch", "extensions": // versions that are not read: a Deployment of apps/v1beta1
		return !slices.Contains([]string{"ControllerRevision", "Ingress", "NetworkPolicy", "PodSecurityPolicy"}, ref.Kind)
	case "monitoring.coreos.com":
		return !slices.Contains([]string{"AlertmanagerConfig", "PodMonitor", "Probe", "PrometheusRule", "ScrapeConfig", "ServiceMonitor"}, ref.Kind)
	case "gateway.networking.k8s.io":
		return ref.Kind == "Gateway"
	case "keda.sh":
		return ref.Kind == "ScaledJob"
	case "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "autoscaling", "autoscaling.k8s.io",
		"bitnami.com", "crd.projectcalico.org", "external-secrets.io", "networking.istio.io", "networking.k8s.io", "policy", "projectcalico.org", "rbac.authorization.k8s.io",
		"route.openshift.io", "security.istio.io", "traefik.io":
		return false
	default:
		return true
	}
}
