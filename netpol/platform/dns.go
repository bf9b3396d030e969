// SPDX-License-Identifier: Apache-2.0

package platform

import (
	"net/netip"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/netpol"
)

// dnsName is the name of the policy that AllowDNS and AllowDNSAt make.
const dnsName = "allow-dns"

// dnsPort is where a resolver that is reached by its address listens.
const dnsPort = 53

// AllowDNS returns the policy allow-dns: every pod of the namespace may ask the
// cluster's resolvers, over UDP and TCP. Without it a pod under default deny
// resolves no name at all.
//
// On every platform these are the DNS pods. On GKE they are joined by the
// NodeLocal DNSCache at 169.254.20.10, which Autopilot always has and Standard has
// by default since 1.34.1-gke.3720000, and by Cloud DNS for GKE at
// 169.254.169.254, where port 53 gives no credentials.
//
// Servers are further resolvers by address, on port 53. They are needed where a
// cache on the host network answers, which no selector matches:
//
//   - [GKE], [Kubernetes] and [EKS] with NodeLocal DNSCache and kube-proxy on
//     iptables: the cluster IP of the Service kube-dns, at which the cache listens.
//   - [Kubernetes] and [EKS] with NodeLocal DNSCache and kube-proxy on IPVS:
//     169.254.20.10, or what the cluster's owner chose.
//   - [AKS] with LocalDNS, and EKS Auto Mode, whose resolvers run on the node: the
//     nameserver in a pod's /etc/resolv.conf. Which address that is could not be
//     verified.
//
// The order of servers makes no difference, and one that the platform implies
// may be among them.
//
// The policy has a fixed name and serves the whole namespace. If it stands beside
// one of [AllowDNSAt], set the Name of one of the two.
//
// Sources: Kubernetes, cluster/addons/dns/coredns/coredns.yaml.base (labels, port) and
// cluster/addons/dns/nodelocaldns/README.md (host network, addresses); Google
// Cloud, "Set up NodeLocal DNSCache" and "Use Cloud DNS for GKE"; tektoncd/operator,
// issue 4000, and gke-labs/kube-agents, issue 1140 (GKE's caches under a policy);
// openshift/cluster-dns-operator, assets/dns/daemonset.yaml (port 5353), and
// tigera/operator, pkg/render/common/networkpolicy/networkpolicy.go (label).
func AllowDNS(namespace string, p Platform, servers ...netip.Addr) (*networkingv1.NetworkPolicy, error) {
	pods, addresses, errs := clusterDNS(p)
	more, addressErrs := single(field.NewPath("servers"), servers)
	errs = append(errs, addressErrs...)
	flows := []netpol.Flow{pods}
	if addresses = append(addresses, more...); len(addresses) > 0 && len(errs) == 0 {
		flows = append(flows, resolve(dnsPort, peersAt(addresses...)...))
	}
	return allow(namespace, dnsName, netpol.AllPods, errs, flows...)
}

// AllowDNSAt returns the policy allow-dns for a cluster whose resolvers are not
// where [AllowDNS] looks: every pod of the namespace may ask the servers, over UDP
// and TCP, on the port at which their pods listen. That is the target port of the
// DNS Service, not the Service's own 53: 1053 for the DNS of a vcluster, whose
// pods are labelled k8s-app=vcluster-kube-dns.
//
// The policy has the fixed name of that of AllowDNS: for servers on two ports, or
// for both functions, set the Name of the second policy.
//
// No server is an error, and so is port 0. Source of the vcluster figures:
// loft-sh/vcluster, issue 2452.
func AllowDNSAt(namespace string, port uint16, servers ...netpol.Peer) (*networkingv1.NetworkPolicy, error) {
	return allow(namespace, dnsName, netpol.AllPods, nil, resolve(port, servers...))
}

// clusterDNS returns the flow to the DNS pods of a platform and the resolvers
// that are fixed addresses.
func clusterDNS(p Platform) (pods netpol.Flow, addresses []netip.Prefix, errs field.ErrorList) {
	const port = 53 // of the container, as the policy sees it
	kubeSystem := netpol.Namespace("kube-system")
	kubeDNS := netpol.Pods{"k8s-app": "kube-dns"}.In(kubeSystem)
	nodeLocal := netip.MustParsePrefix("169.254.20.10/32")
	cloudDNS := netip.MustParsePrefix("169.254.169.254/32")
	switch p {
	case Kubernetes, EKS, AKS:
		return resolve(port, kubeDNS), nil, nil
	case GKE:
		return resolve(port, kubeDNS), []netip.Prefix{nodeLocal, cloudDNS}, nil
	case GKEDataplaneV2, GKEAutopilot:
		// Dataplane V2 redirects to the cache's pod and then sees that pod.
		cache := netpol.Pods{"k8s-app": "node-local-dns"}.In(kubeSystem)
		return resolve(port, kubeDNS, cache), []netip.Prefix{nodeLocal, cloudDNS}, nil
	case OpenShift:
		const openShiftPort = 5353
		pods := netpol.Pods{"dns.operator.openshift.io/daemonset-dns": "default"}
		return resolve(openShiftPort, pods.In(netpol.Namespace("openshift-dns"))), nil, nil
	default:
		return resolve(port, standIn), nil, unknown(p)
	}
}

// resolve is DNS traffic: UDP, and TCP for answers that are too long for it.
func resolve(port uint16, servers ...netpol.Peer) netpol.Flow {
	return netpol.To(servers...).UDP(port).TCP(port)
}
