// SPDX-License-Identifier: Apache-2.0

// Package platform makes the NetworkPolicies that workloads need from the
// platform under [netpol.DefaultDeny]: names to resolve, an identity to obtain, a
// database to reach, a load balancer to be reached by.
//
// A policy judges a packet after the Service has been translated, and so sees the
// pod's port and not the Service's; and what a platform runs on its nodes is no
// pod to a policy, only an address. Both differ from platform to platform, which
// is why each function takes a [Platform] where it matters:
//
//   - [Kubernetes]: a cluster with CoreDNS or kube-dns and nothing else assumed.
//   - [GKE], [GKEDataplaneV2], [GKEAutopilot]: also the caching resolvers on the
//     node, the GKE metadata server, Google's load balancers and collectors. The
//     first translates the metadata server's address before it asks the policy,
//     the other two ask first.
//   - [EKS]: also the Pod Identity Agent.
//   - [AKS]: also the load balancer's probes and Azure's managed Prometheus.
//   - [OpenShift]: DNS pods with another label and port, the router, monitoring.
//
// Egress has a function for each need: [AllowDNS] for every pod of a namespace,
// and for the pods that ask, [AllowMetadata], [AllowGoogleAPIs], [AllowAPIServer],
// [AllowCloudSQL], [AllowExternal] and their kin. Ingress has one, [AllowFrom],
// and a [Sender] for each ingress controller, load balancer and collector.
//
// The package holds only what a vendor documents or a public manifest fixes, and
// names the source beside it. It never guesses what a cluster's owner chose:
// addresses, and the namespaces that charts are installed to, are arguments. An
// address that is missing, the zero [Platform] and blocks that cover every address
// are errors, all at once, as one [*bulkhead.InvalidError].
//
// Every policy but that of [AllowExternal] has a fixed name, such as allow-dns. Two
// of one kind in a namespace, for two subjects, need two names: set the Name of
// the second. Addresses are sorted, so that their order makes no difference, and a
// block that lies in another is left out.
package platform
