// SPDX-License-Identifier: Apache-2.0

package platform

import (
	"net/netip"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/netpol"
)

// AllowAPIServer returns the policy allow-api-server: the subject may connect to
// the Kubernetes API server at its endpoints, over TCP. Only pods that talk to the
// Kubernetes API need it: operators, and little else.
//
// Endpoints and port are those behind the Service default/kubernetes, as
// `kubectl get endpointslices -n default kubernetes` prints them: 443 on GKE, EKS
// and AKS, 6443 on OpenShift and wherever kube-apiserver keeps its default. Two
// dataplanes differ:
//
//   - The Amazon VPC CNI asks the policy before the Service is translated. There
//     the Service's cluster IP is an endpoint too, whatever the rule
//     netpol/service-address-block says of it.
//   - Cilium, outside GKE, matches no block against the address of a node unless
//     its policy-cidr-match-mode says so: where the API server runs on the
//     cluster's own nodes, this policy allows nothing there.
//
// Endpoints change when a control plane is replaced or scaled. Name the block that
// holds them, such as the control plane's range of a private GKE cluster, or renew
// the policy.
//
// No endpoint is an error, and so are endpoints that alone or together cover every
// address of a family.
//
// The policy has a fixed name: for a second subject in the namespace, set the Name
// of the second policy.
//
// Sources: Kubernetes, kube-apiserver --secure-port;
// open-telemetry/opentelemetry-operator, issue 5621 (VPC CNI); Cilium
// documentation, "Layer 3 Policies".
func AllowAPIServer(namespace string, subject netpol.Subject, port uint16, endpoints ...netip.Prefix) (*networkingv1.NetworkPolicy, error) {
	peers, errs := required(field.NewPath("endpoints"), endpoints, "no address of the API server")
	return allow(namespace, "allow-api-server", subject, errs, netpol.To(peers...).TCP(port))
}
