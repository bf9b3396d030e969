// SPDX-License-Identifier: Apache-2.0

package platform

import (
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/netpol"
)

// AllowMetadata returns the policy allow-metadata: the subject may ask the server
// on its node that hands a pod its own cloud identity, over TCP. Workload identity
// breaks without it, and it fails as a timeout in the client library. Give it to
// the pods that have an identity, and to no others.
//
//   - [GKE]: the GKE metadata server at 169.254.169.252, port 988, to which the
//     node translates 169.254.169.254 before it asks the policy. Clusters before
//     1.21.0-gke.1000 had it at 127.0.0.1.
//   - [GKEDataplaneV2], [GKEAutopilot]: the same server at 169.254.169.254, port
//     80, as the policy is asked first.
//   - [EKS]: the EKS Pod Identity Agent at 169.254.170.23 and fd00:ec2::23, port
//     80. IAM roles for service accounts need no policy for it, but a way to AWS STS.
//
// Other platforms have no such server, and are an error. On [AKS] a pod with
// Microsoft Entra Workload ID exchanges its token at login.microsoftonline.com,
// which is a matter for [AllowExternal].
//
// The policy has a fixed name: for a second subject in the namespace, set the Name
// of the second policy.
//
// The handshake servers for ALTS, which Google's DirectPath uses, stay closed
// (port 987, or 8080 on Dataplane V2).
//
// Sources: Google Cloud, "About Workload Identity Federation for GKE", note on
// strict cluster network policies, and "Using Cloud Service Mesh egress gateways
// on GKE clusters: Tutorial", policy allow-egress-to-metadata-server (versions and
// port 987); Amazon EKS User Guide, "Set up the Amazon EKS Pod Identity Agent".
func AllowMetadata(namespace string, p Platform, subject netpol.Subject) (*networkingv1.NetworkPolicy, error) {
	server, errs := podMetadata(p)
	return allow(namespace, "allow-metadata", subject, errs, server)
}

// AllowNodeMetadata returns the policy allow-node-metadata: the subject may ask
// the cloud's instance metadata service, over TCP on port 80.
//
// That service knows nodes, not pods: whoever reaches it may act as the node's
// role, and pods of every namespace on that node may then act as the same one. It
// is for agents that need it, and never belongs in both staging and production.
//
//   - [EKS]: 169.254.169.254 and fd00:ec2::254. Nodes whose hop limit is 1 do not
//     answer pods even so.
//   - [AKS]: 169.254.169.254, which gives out every managed identity of the node.
//
// On GKE the GKE metadata server stands in front of it, so use [AllowMetadata];
// and of [Kubernetes] and [OpenShift] it is not known on which cloud they run.
// These are errors.
//
// The policy has a fixed name: for a second subject in the namespace, set the Name
// of the second policy.
//
// Sources: Amazon EC2 User Guide, "Access instance metadata for an EC2 instance";
// Microsoft Azure, "Azure Instance Metadata Service for virtual machines".
func AllowNodeMetadata(namespace string, p Platform, subject netpol.Subject) (*networkingv1.NetworkPolicy, error) {
	server, errs := nodeMetadata(p)
	return allow(namespace, "allow-node-metadata", subject, errs, server)
}

func podMetadata(p Platform) (netpol.Flow, field.ErrorList) {
	const gkePort, port = 988, 80
	switch p {
	case GKE:
		return serverAt(gkePort, "169.254.169.252/32"), nil
	case GKEDataplaneV2, GKEAutopilot:
		return serverAt(port, "169.254.169.254/32"), nil
	case EKS:
		return serverAt(port, "169.254.170.23/32", "fd00:ec2::23/128"), nil
	case AKS:
		return standInFlow(), lacks(p, "no server on the node hands out a pod's own identity; "+
			"Workload ID needs login.microsoftonline.com, see AllowExternal, and AllowNodeMetadata gives the node's identities")
	case Kubernetes, OpenShift:
		return standInFlow(), lacks(p, "no server on the node hands out a pod's own identity")
	default:
		return standInFlow(), unknown(p)
	}
}

func nodeMetadata(p Platform) (netpol.Flow, field.ErrorList) {
	const port = 80
	switch p {
	case EKS:
		return serverAt(port, "169.254.169.254/32", "fd00:ec2::254/128"), nil
	case AKS:
		return serverAt(port, "169.254.169.254/32"), nil
	case GKE, GKEDataplaneV2, GKEAutopilot:
		return standInFlow(), lacks(p, "the GKE metadata server stands in front of it; use AllowMetadata")
	case Kubernetes, OpenShift:
		return standInFlow(), lacks(p, "the cloud it runs on is not known; use netpol.Allow with netpol.CIDR and the address of its metadata service")
	default:
		return standInFlow(), unknown(p)
	}
}

// standInFlow takes the place of a flow that was refused; see [standIn].
func standInFlow() netpol.Flow { return netpol.To(standIn).AnyPort() }
