// SPDX-License-Identifier: Apache-2.0

package platform_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/platform"
)

// TestRefused wants every mistake of a call at once, in the order of the checks:
// what the builder refuses itself, then what netpol.Allow does.
func TestRefused(t *testing.T) {
	const (
		namespace = "metadata.namespace: Invalid value"
		noSubject = "spec.podSelector: Required value"
	)
	for name, test := range map[string]struct {
		got  result
		want []string
	}{
		"DNS of no platform, for no namespace, at no address": {
			built(platform.AllowDNS("", 0, netip.Addr{}, addr("10.96.0.10"), addr("fe80::1%eth0"), addr("::ffff:10.96.0.10"), addr("0.0.0.0"))),
			[]string{
				"platform: Required value", "servers[0]: Required value", "servers[2]: Invalid value",
				"servers[3]: Invalid value", "servers[4]: Invalid value", "metadata.namespace: Required value",
			},
		},
		"DNS of a platform that does not exist": {
			built(platform.AllowDNS("staging", 8)),
			[]string{"platform: Invalid value"},
		},
		"a negative platform": {
			built(platform.AllowDNS("staging", -1)),
			[]string{"platform: Invalid value"},
		},
		"custom DNS with no server on no port": {
			built(platform.AllowDNSAt("Staging", 0)),
			[]string{
				"spec.egress[0].to: Required value", namespace,
				"spec.egress[0].ports[0].port: Invalid value", "spec.egress[0].ports[1].port: Invalid value",
			},
		},
		"custom DNS with a nil server": {
			built(platform.AllowDNSAt("staging", 53, nil)),
			[]string{"spec.egress[0].to[0]: Required value"},
		},
		"the metadata server of no platform, for nobody": {
			built(platform.AllowMetadata("Staging", 0, nil)),
			[]string{"platform: Required value", noSubject, namespace},
		},
		"the metadata server of plain Kubernetes, for pods without labels": {
			built(platform.AllowMetadata("staging", platform.Kubernetes, netpol.Pods{})),
			[]string{"platform: Invalid value", noSubject},
		},
		"the metadata server of OpenShift": {
			built(platform.AllowMetadata("staging", platform.OpenShift, web)),
			[]string{"platform: Invalid value"},
		},
		"the metadata server of AKS, which gives no pod its own identity": {
			built(platform.AllowMetadata("staging", platform.AKS, web)),
			[]string{"platform: Invalid value"},
		},
		"the node's metadata on GKE": {
			built(platform.AllowNodeMetadata("staging", platform.GKE, nil)),
			[]string{"platform: Invalid value", noSubject},
		},
		"the node's metadata on Autopilot": {
			built(platform.AllowNodeMetadata("staging", platform.GKEAutopilot, web)),
			[]string{"platform: Invalid value"},
		},
		"the node's metadata on plain Kubernetes": {
			built(platform.AllowNodeMetadata("staging", platform.Kubernetes, web)),
			[]string{"platform: Invalid value"},
		},
		"the node's metadata on no platform": {
			built(platform.AllowNodeMetadata("staging", 0, web)),
			[]string{"platform: Required value"},
		},
		"Google APIs at no VIP, for nobody": {
			built(platform.AllowGoogleAPIs("Staging", 0, nil)),
			[]string{"vip: Required value", noSubject, namespace},
		},
		"Google APIs at a VIP that does not exist": {
			built(platform.AllowGoogleAPIs("staging", 3, web)),
			[]string{"vip: Invalid value"},
		},
		"the API server at no endpoint, on no port, for nobody": {
			built(platform.AllowAPIServer("Staging", nil, 0)),
			[]string{"endpoints: Required value", noSubject, namespace, "spec.egress[0].ports[0].port: Invalid value"},
		},
		"the API server anywhere": {
			built(platform.AllowAPIServer("staging", web, 443, prefix("0.0.0.0/0"), prefix("::/0"), netip.Prefix{},
				prefix("10.0.0.1/8"), prefix("10.0.0.0/28"), netip.PrefixFrom(addr("::ffff:10.0.0.1"), 128))),
			[]string{
				"endpoints[0]: Invalid value", "endpoints[1]: Invalid value", "endpoints[2]: Required value",
				"endpoints[3]: Invalid value", "endpoints[5]: Invalid value",
			},
		},
		"no Cloud SQL instance, on no port, for nobody": {
			built(platform.AllowCloudSQL("Staging", nil, 0)),
			[]string{"instances: Required value", noSubject, namespace, "spec.egress[0].ports[0].port: Invalid value"},
		},
		"a Cloud SQL instance whose address did not parse": {
			built(platform.AllowCloudSQL("staging", web, 5432, addr("10.20.0.3"), netip.Addr{})),
			[]string{"instances[1]: Required value"},
		},
		"a connector with no instance and no VIP": {
			built(platform.AllowCloudSQLConnector("Staging", 0, netpol.Pods{})),
			[]string{"instances: Required value", "vip: Required value", noSubject, namespace},
		},
		"an external service without name, port and blocks": {
			built(platform.AllowExternal("Staging", "", nil, 0)),
			[]string{
				"to: Required value", noSubject, "metadata.name: Required value", namespace,
				"spec.egress[0].ports[0].port: Invalid value",
			},
		},
		"an external service at every address": {
			built(platform.AllowExternal("staging", "allow-all", web, 443, prefix("0.0.0.0/0"))),
			[]string{"to[0]: Invalid value"},
		},
		"an external service at two halves of all IPv4 addresses": {
			built(platform.AllowExternal("staging", "allow-all", web, 443, prefix("128.0.0.0/1"), prefix("0.0.0.0/1"))),
			[]string{"to: Invalid value", "to[0]: Invalid value", "to[1]: Invalid value"},
		},
		"an external service at loopback, link-local and credential addresses": {
			built(platform.AllowExternal("staging", "allow-inside", web, 80,
				prefix("169.254.169.254/32"), prefix("169.0.0.0/8"), prefix("fe80::/64"), prefix("127.0.0.1/32"), prefix("::1/128"),
				prefix("fd00:ec2::254/128"), prefix("fd00:ec2::/64"), prefix("fd20:ce::/32"), prefix("fd00:ec2::23/128"), prefix("198.51.100.0/24"))),
			[]string{
				"to[0]: Invalid value", "to[1]: Invalid value", "to[2]: Invalid value", "to[3]: Invalid value", "to[4]: Invalid value",
				"to[5]: Invalid value", "to[6]: Invalid value", "to[7]: Invalid value", "to[8]: Invalid value",
			},
		},
		"Cloud SQL at the metadata server": {
			built(platform.AllowCloudSQL("staging", web, 80, addr("169.254.169.254"), addr("10.20.0.3"), addr("::1"))),
			[]string{"instances[0]: Invalid value", "instances[2]: Invalid value"},
		},
		"a connector to the metadata server": {
			built(platform.AllowCloudSQLConnector("staging", platform.PrivateVIP, web, addr("169.254.169.254"))),
			[]string{"instances[0]: Invalid value"},
		},
		"the API server at all IPv6 addresses, in parts that overlap": {
			built(platform.AllowAPIServer("staging", web, 443,
				prefix("4000::/2"), prefix("::/1"), prefix("8000::/2"), prefix("c000::/2"), prefix("1000::/4"), prefix("10.0.0.0/28"))),
			[]string{"endpoints: Invalid value"},
		},
		"from load balancers that send from everywhere, in two halves": {
			built(platform.AllowFrom("staging", platform.LoadBalancer(platform.EKS, prefix("0.0.0.0/1"), prefix("128.0.0.0/1")), web, netpol.TCP(80))),
			[]string{"sources: Invalid value"},
		},
		"from load balancers whose sources fill up the platform's own": {
			built(platform.AllowFrom("staging", platform.LoadBalancer(platform.AKS, allBut("168.63.129.16/32")...), web, netpol.TCP(80))),
			[]string{"sources: Invalid value"},
		},
		"from nobody, to nobody, on no port": {
			built(platform.AllowFrom("Staging", platform.Sender{}, nil, netpol.Ports{})),
			[]string{"sender: Required value", noSubject, "spec.ingress[0].ports: Required value", namespace},
		},
		"from a controller in no namespace": {
			built(platform.AllowFrom("staging", platform.IngressNGINX(""), web, netpol.Ports{})),
			[]string{
				"spec.ingress[0].from[0].namespaceSelector.matchLabels[kubernetes.io/metadata.name]: Required value",
				"spec.ingress[0].ports: Required value",
			},
		},
		"from load balancers of EKS without subnets": {
			built(platform.AllowFrom("staging", platform.LoadBalancer(platform.EKS), nil, netpol.TCP(80))),
			[]string{"sources: Required value", noSubject},
		},
		"from load balancers of no platform and every address": {
			built(platform.AllowFrom("staging", platform.LoadBalancer(0, prefix("0.0.0.0/0"), netip.Prefix{}), web, netpol.Ports{})),
			[]string{
				"platform: Required value", "sources[0]: Invalid value", "sources[1]: Required value",
				"spec.ingress[0].ports: Required value",
			},
		},
		"from load balancers of GKE and a wrong subnet": {
			built(platform.AllowFrom("staging", platform.LoadBalancer(platform.GKE, prefix("10.129.0.1/23")), web, netpol.TCP(80))),
			[]string{"sources[0]: Invalid value"},
		},
		"from a managed Prometheus that EKS does not run": {
			built(platform.AllowFrom("staging", platform.ManagedPrometheus(platform.EKS), nil, netpol.Ports{})),
			[]string{"platform: Invalid value", noSubject, "spec.ingress[0].ports: Required value"},
		},
		"from a managed Prometheus of no platform": {
			built(platform.AllowFrom("staging", platform.ManagedPrometheus(0), web, netpol.TCP(80))),
			[]string{"platform: Required value"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if test.got.np != nil {
				t.Errorf("a policy beside the error: %v", words(test.got.np))
			}
			if diff := cmp.Diff(test.want, mistakes(t, test.got.err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestErrorsNameThePolicyAndTheWayOut(t *testing.T) {
	_, err := platform.AllowMetadata("staging", platform.AKS, web)
	for _, part := range []string{"NetworkPolicy/staging/allow-metadata", "AKS", "AllowNodeMetadata"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in %q", part, err)
		}
	}
}

func TestPlatformsHaveNames(t *testing.T) {
	seen := make(map[string]platform.Platform)
	for p := platform.Platform(-1); p <= platform.OpenShift+1; p++ {
		name := p.String()
		if other, twice := seen[name]; twice {
			t.Errorf("%d and %d are both %q", p, other, name)
		}
		seen[name] = p
		if known := p >= platform.Kubernetes && p <= platform.OpenShift; known == strings.HasPrefix(name, "Platform(") {
			t.Errorf("%d is called %q", p, name)
		}
	}
}

// allBut returns blocks that hold every IPv4 address but those of one block.
func allBut(block string) []netip.Prefix {
	var out []netip.Prefix
	for p := prefix(block); p.Bits() > 0; p = netip.PrefixFrom(p.Addr(), p.Bits()-1).Masked() {
		sibling := p.Addr().As4()
		bit := p.Bits() - 1
		sibling[bit/8] ^= 0x80 >> (bit % 8)
		out = append(out, netip.PrefixFrom(netip.AddrFrom4(sibling), p.Bits()))
	}
	return out
}

// Nearly everything is not everything: what is missing may be what matters, and
// private addresses may lie behind a VPN.
func TestWideBlocksAreAccepted(t *testing.T) {
	for name, got := range map[string]result{
		"load balancers everywhere but in one place": built(platform.AllowFrom("staging",
			platform.LoadBalancer(platform.EKS, allBut("192.0.2.1/32")...), web, netpol.TCP(80))),
		"all IPv4 addresses but the last":  built(platform.AllowAPIServer("staging", web, 443, allBut("255.255.255.255/32")...)),
		"all IPv4 addresses but the first": built(platform.AllowAPIServer("staging", web, 443, allBut("0.0.0.0/32")...)),
		"half of each family":              built(platform.AllowAPIServer("staging", web, 443, prefix("0.0.0.0/1"), prefix("8000::/1"))),
		"a service behind a VPN": built(platform.AllowExternal("staging", "allow-erp", web, 443,
			prefix("10.80.0.0/16"), prefix("172.16.0.0/12"), prefix("192.168.1.0/24"), prefix("100.64.0.0/10"), prefix("fd12::/16"))),
	} {
		t.Run(name, func(t *testing.T) {
			if got.err != nil || got.np == nil {
				t.Error(got.err)
			}
		})
	}
}
