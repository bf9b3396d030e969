// SPDX-License-Identifier: Apache-2.0

package platform_test

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/platform"
)

var (
	addr   = netip.MustParseAddr
	prefix = netip.MustParsePrefix
	web    = netpol.Pods{"app": "web"}
)

// A result is what a call of a builder returned.
type result struct {
	np  *networkingv1.NetworkPolicy
	err error
}

func built(np *networkingv1.NetworkPolicy, err error) result { return result{np, err} }

func TestEgress(t *testing.T) {
	dns := func(p platform.Platform, servers ...netip.Addr) result {
		return built(platform.AllowDNS("staging", p, servers...))
	}
	metadata := func(p platform.Platform) result { return built(platform.AllowMetadata("staging", p, web)) }
	nodeMetadata := func(p platform.Platform) result { return built(platform.AllowNodeMetadata("staging", p, web)) }
	kubeDNS := []string{
		"staging/allow-dns for all",
		"to pods k8s-app=kube-dns of namespaces kubernetes.io/metadata.name=kube-system on UDP 53",
		"to pods k8s-app=kube-dns of namespaces kubernetes.io/metadata.name=kube-system on TCP 53",
	}
	nodeLocal := []string{
		"to pods k8s-app=node-local-dns of namespaces kubernetes.io/metadata.name=kube-system on UDP 53",
		"to pods k8s-app=node-local-dns of namespaces kubernetes.io/metadata.name=kube-system on TCP 53",
	}
	googleNodes := []string{
		"to 169.254.20.10/32 on UDP 53", "to 169.254.20.10/32 on TCP 53",
		"to 169.254.169.254/32 on UDP 53", "to 169.254.169.254/32 on TCP 53",
	}
	dataplaneV2 := join(kubeDNS, nodeLocal, googleNodes)
	dataplaneV2Metadata := []string{"staging/allow-metadata for app=web", "to 169.254.169.254/32 on TCP 80"}

	for name, test := range map[string]struct {
		got  result
		want []string
	}{
		"plain Kubernetes resolves names at the DNS pods": {dns(platform.Kubernetes), kubeDNS},
		"so does EKS": {dns(platform.EKS), kubeDNS},
		"so does AKS": {dns(platform.AKS), kubeDNS},
		"GKE adds the caches on the node by address": {
			dns(platform.GKE), join(kubeDNS, googleNodes),
		},
		"GKE Dataplane V2 sees the cache as a pod": {dns(platform.GKEDataplaneV2), dataplaneV2},
		"Autopilot is Dataplane V2":                {dns(platform.GKEAutopilot), dataplaneV2},
		"OpenShift's DNS pods listen on port 5353": {dns(platform.OpenShift), []string{
			"staging/allow-dns for all",
			"to pods dns.operator.openshift.io/daemonset-dns=default of namespaces kubernetes.io/metadata.name=openshift-dns on UDP 5353",
			"to pods dns.operator.openshift.io/daemonset-dns=default of namespaces kubernetes.io/metadata.name=openshift-dns on TCP 5353",
		}},
		"a resolver by address listens on port 53, sorted and once": {
			dns(platform.EKS, addr("172.20.0.10"), addr("169.254.20.10"), addr("172.20.0.10")),
			join(kubeDNS, []string{
				"to 169.254.20.10/32 on UDP 53", "to 169.254.20.10/32 on TCP 53",
				"to 172.20.0.10/32 on UDP 53", "to 172.20.0.10/32 on TCP 53",
			}),
		},
		"a resolver that the platform implies stands once": {
			dns(platform.GKE, addr("169.254.20.10")), join(kubeDNS, googleNodes),
		},
		"a resolver may have an IPv6 address": {
			dns(platform.Kubernetes, addr("fd00:10:96::a")),
			join(kubeDNS, []string{"to fd00:10:96::a/128 on UDP 53", "to fd00:10:96::a/128 on TCP 53"}),
		},
		"a vcluster resolves names at its own DNS pods": {
			built(platform.AllowDNSAt("staging", 1053, netpol.Pods{"k8s-app": "vcluster-kube-dns"})),
			[]string{
				"staging/allow-dns for all",
				"to pods k8s-app=vcluster-kube-dns on UDP 1053", "to pods k8s-app=vcluster-kube-dns on TCP 1053",
			},
		},

		"GKE asks after it translated the address of the metadata server": {metadata(platform.GKE), []string{
			"staging/allow-metadata for app=web", "to 169.254.169.252/32 on TCP 988",
		}},
		"GKE Dataplane V2 asks before": {metadata(platform.GKEDataplaneV2), dataplaneV2Metadata},
		"and so does Autopilot":        {metadata(platform.GKEAutopilot), dataplaneV2Metadata},
		"EKS has the Pod Identity Agent, in both families": {metadata(platform.EKS), []string{
			"staging/allow-metadata for app=web", "to 169.254.170.23/32 on TCP 80", "to fd00:ec2::23/128 on TCP 80",
		}},

		"an EKS node's own identity": {nodeMetadata(platform.EKS), []string{
			"staging/allow-node-metadata for app=web", "to 169.254.169.254/32 on TCP 80", "to fd00:ec2::254/128 on TCP 80",
		}},
		"an AKS node's own identities": {nodeMetadata(platform.AKS), []string{
			"staging/allow-node-metadata for app=web", "to 169.254.169.254/32 on TCP 80",
		}},

		"the private VIP in both families": {
			built(platform.AllowGoogleAPIs("staging", platform.PrivateVIP, web)),
			[]string{
				"staging/allow-google-apis for app=web",
				"to 199.36.153.8/30 on TCP 443", "to 2600:2d00:2:2000::/56 on TCP 443",
			},
		},
		"the restricted VIP in both families": {
			built(platform.AllowGoogleAPIs("staging", platform.RestrictedVIP, netpol.AllPods)),
			[]string{
				"staging/allow-google-apis for all",
				"to 199.36.153.4/30 on TCP 443", "to 2600:2d00:2:1000::/56 on TCP 443",
			},
		},
		"the API server at its endpoints": {
			built(platform.AllowAPIServer("staging", web, 6443, prefix("10.0.0.2/32"), prefix("10.0.0.1/32"))),
			[]string{
				"staging/allow-api-server for app=web",
				"to 10.0.0.1/32 on TCP 6443", "to 10.0.0.2/32 on TCP 6443",
			},
		},
		"a block that lies in another changes nothing and is left out": {
			built(platform.AllowAPIServer("staging", web, 6443,
				prefix("10.0.0.0/28"), prefix("10.0.0.16/28"), prefix("10.0.0.3/32"), prefix("10.0.0.0/27"), prefix("10.0.0.32/32"))),
			[]string{
				"staging/allow-api-server for app=web",
				"to 10.0.0.0/27 on TCP 6443", "to 10.0.0.32/32 on TCP 6443",
			},
		},
		"Cloud SQL at its private address": {
			built(platform.AllowCloudSQL("staging", web, 5432, addr("10.20.0.3"))),
			[]string{"staging/allow-cloud-sql for app=web", "to 10.20.0.3/32 on TCP 5432"},
		},
		"a Cloud SQL connector: the server-side proxy and the Admin API": {
			built(platform.AllowCloudSQLConnector("staging", platform.RestrictedVIP, web, addr("10.20.0.3"), addr("10.20.0.4"))),
			[]string{
				"staging/allow-cloud-sql-connector for app=web",
				"to 10.20.0.3/32 on TCP 3307", "to 10.20.0.4/32 on TCP 3307",
				"to 199.36.153.4/30 on TCP 443", "to 2600:2d00:2:1000::/56 on TCP 443",
			},
		},
		"a payment provider by the blocks that it publishes": {
			built(platform.AllowExternal("staging", "allow-payments", web, 443, prefix("203.0.113.0/24"), prefix("2001:db8::/48"))),
			[]string{
				"staging/allow-payments for app=web",
				"to 203.0.113.0/24 on TCP 443", "to 2001:db8::/48 on TCP 443",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if test.got.err != nil {
				t.Fatal(test.got.err)
			}
			np := test.got.np
			if diff := cmp.Diff(test.want, words(np)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]networkingv1.PolicyType{networkingv1.PolicyTypeEgress}, np.Spec.PolicyTypes); diff != "" {
				t.Errorf("ingress is left as it was: %s", diff)
			}
		})
	}
}

func join(lists ...[]string) []string {
	var out []string
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}
