// SPDX-License-Identifier: Apache-2.0

package platform

import (
	"strconv"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A Platform is a kind of cluster: what runs in it beside the workloads, and at
// which point its dataplane asks the policies. The zero value is no platform and
// is refused.
type Platform int

const (
	// Kubernetes is a cluster of which nothing is known but that its DNS is
	// CoreDNS or kube-dns with the labels of the Kubernetes addons.
	Kubernetes Platform = 1 + iota
	// GKE is a GKE Standard cluster whose policies are enforced by Calico, which
	// the documentation calls network policy enforcement without GKE Dataplane V2.
	GKE
	// GKEDataplaneV2 is a GKE Standard cluster with GKE Dataplane V2, on Cilium.
	GKEDataplaneV2
	// GKEAutopilot is a GKE Autopilot cluster, which always has Dataplane V2.
	GKEAutopilot
	// EKS is an Amazon EKS cluster. What is said of its dataplane holds for the
	// Amazon VPC CNI.
	EKS
	// AKS is an Azure Kubernetes Service cluster.
	AKS
	// OpenShift is an OpenShift 4 cluster, on any cloud or none.
	OpenShift
)

// String returns the name of the constant, and "Platform(9)" for what is none.
func (p Platform) String() string {
	switch p {
	case Kubernetes:
		return "Kubernetes"
	case GKE:
		return "GKE"
	case GKEDataplaneV2:
		return "GKEDataplaneV2"
	case GKEAutopilot:
		return "GKEAutopilot"
	case EKS:
		return "EKS"
	case AKS:
		return "AKS"
	case OpenShift:
		return "OpenShift"
	default:
		return "Platform(" + strconv.Itoa(int(p)) + ")"
	}
}

// unknown refuses what is none of the constants.
func unknown(p Platform) field.ErrorList {
	at := field.NewPath("platform")
	if p == 0 {
		return field.ErrorList{field.Required(at, "no platform; platform.Kubernetes assumes the least")}
	}
	return field.ErrorList{field.Invalid(at, p.String(), "not a platform")}
}

// lacks refuses a platform that has nothing of the kind, and says what to do.
func lacks(p Platform, why string) field.ErrorList {
	return field.ErrorList{field.Invalid(field.NewPath("platform"), p.String(), why)}
}
