// SPDX-License-Identifier: Apache-2.0

package platform_test

import (
	"bytes"
	"net/netip"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/platform"
)

// A call is a builder with arguments that it accepts, but for the addresses.
type call func(namespace string, blocks []netip.Prefix) (*networkingv1.NetworkPolicy, error)

// calls draws a call of each builder, on each platform that has what it is for.
func calls() *rapid.Generator[call] {
	one := func(c func(t *rapid.T) call) *rapid.Generator[call] { return rapid.Custom(c) }
	return rapid.OneOf(
		one(func(t *rapid.T) call {
			p := platforms(platform.Kubernetes, platform.GKE, platform.GKEDataplaneV2, platform.GKEAutopilot,
				platform.EKS, platform.AKS, platform.OpenShift).Draw(t, "platform")
			return func(ns string, blocks []netip.Prefix) (*networkingv1.NetworkPolicy, error) {
				return platform.AllowDNS(ns, p, hosts(blocks)...)
			}
		}),
		one(func(t *rapid.T) call {
			servers, port := pods().Draw(t, "servers"), ports().Draw(t, "port")
			return func(ns string, _ []netip.Prefix) (*networkingv1.NetworkPolicy, error) {
				return platform.AllowDNSAt(ns, port, servers)
			}
		}),
		one(func(t *rapid.T) call {
			p := platforms(platform.GKE, platform.GKEDataplaneV2, platform.GKEAutopilot, platform.EKS).Draw(t, "platform")
			subject := subjects().Draw(t, "subject")
			return func(ns string, _ []netip.Prefix) (*networkingv1.NetworkPolicy, error) {
				return platform.AllowMetadata(ns, p, subject)
			}
		}),
		one(func(t *rapid.T) call {
			p, subject := platforms(platform.EKS, platform.AKS).Draw(t, "platform"), subjects().Draw(t, "subject")
			return func(ns string, _ []netip.Prefix) (*networkingv1.NetworkPolicy, error) {
				return platform.AllowNodeMetadata(ns, p, subject)
			}
		}),
		one(func(t *rapid.T) call {
			vip, subject := vips().Draw(t, "vip"), subjects().Draw(t, "subject")
			return func(ns string, _ []netip.Prefix) (*networkingv1.NetworkPolicy, error) {
				return platform.AllowGoogleAPIs(ns, vip, subject)
			}
		}),
		one(func(t *rapid.T) call {
			subject, port := subjects().Draw(t, "subject"), ports().Draw(t, "port")
			return func(ns string, blocks []netip.Prefix) (*networkingv1.NetworkPolicy, error) {
				return platform.AllowAPIServer(ns, subject, port, blocks...)
			}
		}),
		one(func(t *rapid.T) call {
			subject, port := subjects().Draw(t, "subject"), ports().Draw(t, "port")
			return func(ns string, blocks []netip.Prefix) (*networkingv1.NetworkPolicy, error) {
				return platform.AllowCloudSQL(ns, subject, port, hosts(blocks)...)
			}
		}),
		one(func(t *rapid.T) call {
			vip, subject := vips().Draw(t, "vip"), subjects().Draw(t, "subject")
			return func(ns string, blocks []netip.Prefix) (*networkingv1.NetworkPolicy, error) {
				return platform.AllowCloudSQLConnector(ns, vip, subject, hosts(blocks)...)
			}
		}),
		one(func(t *rapid.T) call {
			name, subject, port := names().Draw(t, "name"), subjects().Draw(t, "subject"), ports().Draw(t, "port")
			return func(ns string, blocks []netip.Prefix) (*networkingv1.NetworkPolicy, error) {
				return platform.AllowExternal(ns, name, subject, port, blocks...)
			}
		}),
		one(func(t *rapid.T) call {
			sender, subject, on := senders().Draw(t, "sender"), subjects().Draw(t, "subject"), portLists().Draw(t, "ports")
			return func(ns string, blocks []netip.Prefix) (*networkingv1.NetworkPolicy, error) {
				return platform.AllowFrom(ns, sender(blocks), subject, on)
			}
		}),
	)
}

func senders() *rapid.Generator[func([]netip.Prefix) platform.Sender] {
	installed := func(f func(string) platform.Sender) *rapid.Generator[func([]netip.Prefix) platform.Sender] {
		return rapid.Map(names(), func(namespace string) func([]netip.Prefix) platform.Sender {
			return func([]netip.Prefix) platform.Sender { return f(namespace) }
		})
	}
	return rapid.OneOf(
		installed(platform.IngressNGINX),
		installed(platform.Traefik),
		installed(platform.IstioGateway),
		installed(platform.Prometheus),
		rapid.Just(func([]netip.Prefix) platform.Sender { return platform.OpenShiftRouter() }),
		rapid.Map(platforms(platform.GKE, platform.GKEDataplaneV2, platform.GKEAutopilot, platform.AKS, platform.OpenShift),
			func(p platform.Platform) func([]netip.Prefix) platform.Sender {
				return func([]netip.Prefix) platform.Sender { return platform.ManagedPrometheus(p) }
			}),
		rapid.Map(platforms(platform.Kubernetes, platform.GKE, platform.GKEDataplaneV2, platform.GKEAutopilot,
			platform.EKS, platform.AKS, platform.OpenShift),
			func(p platform.Platform) func([]netip.Prefix) platform.Sender {
				return func(blocks []netip.Prefix) platform.Sender { return platform.LoadBalancer(p, blocks...) }
			}),
	)
}

func TestPoliciesPassEveryRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		np, err := calls().Draw(t, "call")(names().Draw(t, "namespace"), blocks().Draw(t, "blocks"))
		if err != nil {
			t.Fatal(err)
		}
		if found := netpol.Validate(np); len(found) > 0 {
			t.Errorf("on its own: %v", found)
		}
		if found := bulkhead.Check([]bulkhead.Object{np}, netpol.Rules()...); len(found) > 0 {
			t.Errorf("in a set: %v", found)
		}
	})
}

func TestPoliciesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		np, err := calls().Draw(t, "call")(names().Draw(t, "namespace"), blocks().Draw(t, "blocks"))
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if err := manifest.Write(&text, np); err != nil {
			t.Fatal(err)
		}
		read, err := manifest.Read("policy.yaml", &text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]bulkhead.Object{np}, read.Objects); diff != "" {
			t.Error(diff)
		}
	})
}

func TestOrderOfAddressesMakesNoDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		build, namespace := calls().Draw(t, "call"), names().Draw(t, "namespace")
		given := blocks().Draw(t, "blocks")
		shuffled := append(rapid.Permutation(given).Draw(t, "shuffled"), given[0])
		before := slices.Clone(shuffled)
		np, err := build(namespace, given)
		other, otherErr := build(namespace, shuffled)
		if err != nil || otherErr != nil {
			t.Fatal(err, otherErr)
		}
		if diff := cmp.Diff(np, other); diff != "" {
			t.Error(diff)
		}
		if !slices.Equal(before, shuffled) {
			t.Error("the builder sorted the caller's slice")
		}
	})
}

func TestEveryPolicyNamesItsPeersAndPorts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		np, err := calls().Draw(t, "call")(names().Draw(t, "namespace"), blocks().Draw(t, "blocks"))
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range np.Spec.Egress {
			if len(rule.To) == 0 || len(rule.Ports) == 0 {
				t.Errorf("egress to everyone or on every port: %v", rule)
			}
		}
		for _, rule := range np.Spec.Ingress {
			if len(rule.From) == 0 || len(rule.Ports) == 0 {
				t.Errorf("ingress from everyone or on every port: %v", rule)
			}
		}
		if len(np.Spec.Egress)+len(np.Spec.Ingress) == 0 {
			t.Error("the policy lets nothing through")
		}
	})
}

func names() *rapid.Generator[string] { return rapid.StringMatching(`[a-z]([-a-z0-9]{0,20}[a-z0-9])?`) }

// ports leaves out those of resolvers: one over TCP alone is a finding.
func ports() *rapid.Generator[uint16] {
	return rapid.Uint16Min(1).Filter(func(port uint16) bool { return port != 53 && port != 5353 })
}

func portLists() *rapid.Generator[netpol.Ports] {
	return rapid.OneOf(
		rapid.Map(rapid.SliceOfNDistinct(ports(), 1, 3, rapid.ID[uint16]), func(n []uint16) netpol.Ports { return netpol.TCP(n...) }),
		rapid.Map(ports(), func(n uint16) netpol.Ports { return netpol.UDP(n) }),
		rapid.Just(netpol.Named(corev1.ProtocolTCP, "metrics")),
	)
}

func pods() *rapid.Generator[netpol.Pods] {
	return rapid.Map(rapid.MapOfN(names(), names(), 1, 3), func(m map[string]string) netpol.Pods { return m })
}

func subjects() *rapid.Generator[netpol.Subject] {
	return rapid.OneOf(
		rapid.Map(pods(), func(p netpol.Pods) netpol.Subject { return p }),
		rapid.Just(netpol.Subject(netpol.AllPods)),
	)
}

func platforms(of ...platform.Platform) *rapid.Generator[platform.Platform] {
	return rapid.SampledFrom(of)
}

func vips() *rapid.Generator[platform.GoogleVIP] {
	return rapid.SampledFrom([]platform.GoogleVIP{platform.PrivateVIP, platform.RestrictedVIP})
}

// blocks draws address blocks of both families: not the whole address space, and
// none that no service outside the cluster has.
func blocks() *rapid.Generator[[]netip.Prefix] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) netip.Prefix {
		size := rapid.SampledFrom([]int{4, 16}).Draw(t, "bytes of an address")
		bytes := rapid.SliceOfN(rapid.Byte(), size, size).Draw(t, "address")
		bytes[0] |= 1 // neither the address of nobody nor an IPv4 address in IPv6 form
		addr, _ := netip.AddrFromSlice(bytes)
		return netip.PrefixFrom(addr, rapid.IntRange(8, addr.BitLen()).Draw(t, "bits")).Masked()
	}).Filter(func(p netip.Prefix) bool {
		return !slices.ContainsFunc([]string{"127.0.0.0/8", "169.254.0.0/16", "fd00:ec2::/32", "fd20:ce::/32"},
			func(inside string) bool { return p.Overlaps(prefix(inside)) })
	}), 1, 4)
}

// hosts returns the first address of each block.
func hosts(blocks []netip.Prefix) []netip.Addr {
	out := make([]netip.Addr, len(blocks))
	for i, b := range blocks {
		out[i] = b.Addr()
	}
	return out
}
