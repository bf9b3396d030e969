// SPDX-License-Identifier: Apache-2.0

package space_test

import (
	"reflect"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"pgregory.net/rapid"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/netpol/internal/space"
)

// numbers are those at which ranges of the generator begin and end, and two that
// stand for all between them.
func numbers() []int32 { return []int32{1, 2, 3, 4, 5, 65535} }

// A meaning says what number each name is of, on some pod.
type meaning map[string]int32

// meanings are all that the numbers allow, of two names of TCP and one of UDP.
func meanings() []meaning {
	var out []meaning
	for _, http := range numbers() {
		for _, admin := range numbers() {
			for _, dns := range numbers() {
				out = append(out, meaning{"http": http, "admin": admin, "dns": dns})
			}
		}
	}
	return out
}

func (m meaning) of(name string, _ corev1.Protocol) []int32 { return []int32{m[name]} }

func entries() *rapid.Generator[networkingv1.NetworkPolicyPort] {
	return rapid.Custom(func(t *rapid.T) networkingv1.NetworkPolicyPort {
		protocol := rapid.SampledFrom([]corev1.Protocol{corev1.ProtocolTCP, corev1.ProtocolTCP, corev1.ProtocolUDP}).Draw(t, "protocol")
		out := networkingv1.NetworkPolicyPort{Protocol: &protocol}
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0: // every port
		case 1, 2:
			port := intstr.FromString(rapid.SampledFrom([]string{"http", "admin"}).Draw(t, "name"))
			if protocol == corev1.ProtocolUDP {
				port = intstr.FromString("dns")
			}
			out.Port = &port
		case 3, 4:
			list := []int32{1, 2, 3, 65535}
			i := rapid.IntRange(0, len(list)-1).Draw(t, "first")
			port := intstr.FromInt32(list[i])
			out.Port, out.EndPort = &port, &list[rapid.IntRange(i, len(list)-1).Draw(t, "last")]
		default:
			port := intstr.FromInt32(rapid.SampledFrom([]int32{1, 2, 3, 65535}).Draw(t, "number"))
			out.Port = &port
		}
		if protocol == corev1.ProtocolTCP && rapid.Bool().Draw(t, "protocol left out") {
			out.Protocol = nil
		}
		return out
	})
}

// lists draw lists of ports. An empty one is every port.
func lists() *rapid.Generator[[]networkingv1.NetworkPolicyPort] {
	return rapid.SliceOfN(entries(), 0, 4)
}

// lets reads a list as the API does, on a pod that gives its names a meaning.
func (m meaning) lets(list []networkingv1.NetworkPolicyPort, protocol corev1.Protocol, number int32) bool {
	return len(list) == 0 || slices.ContainsFunc(list, func(entry networkingv1.NetworkPolicyPort) bool {
		own := corev1.ProtocolTCP
		if entry.Protocol != nil {
			own = *entry.Protocol
		}
		switch {
		case own != protocol:
			return false
		case entry.Port == nil:
			return true
		case entry.Port.Type == intstr.String:
			return m[entry.Port.StrVal] == number
		case entry.EndPort != nil:
			return entry.Port.IntVal <= number && number <= *entry.EndPort
		default:
			return entry.Port.IntVal == number
		}
	})
}

// A door is a port of a pod.
type door struct {
	protocol corev1.Protocol
	number   int32
}

// doors are all ports that the lists tell apart, and a protocol without any.
func doors() []door {
	out := []door{{protocol: "ICMP"}}
	for _, protocol := range []corev1.Protocol{corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP} {
		for _, number := range numbers() {
			out = append(out, door{protocol, number})
		}
	}
	return out
}

func TestPortsAreThoseOfTheirLists(t *testing.T) {
	ports, all := doors(), meanings()
	rapid.Check(t, func(t *rapid.T) {
		listP, listQ := lists().Draw(t, "p"), lists().Draw(t, "q")
		p, q := space.PortsOf(listP), space.PortsOf(listQ)
		both, either := p.Intersect(q), p.Union(q)
		covers, overlaps, mayOverlap := true, true, false
		has := slices.Repeat([]bool{true}, len(ports)) // whatever the names mean
		for _, m := range all {
			met := false
			bothHere, eitherHere := both.Resolve(m.of), either.Resolve(m.of)
			for i, d := range ports {
				inP, inQ := m.lets(listP, d.protocol, d.number), m.lets(listQ, d.protocol, d.number)
				covers, met, has[i] = covers && (inP || !inQ), met || inP && inQ, has[i] && inP
				if got := eitherHere.Has(d.protocol, d.number); got != (inP || inQ) {
					t.Errorf("%v in the union %t, in one of them %t", d, got, inP || inQ)
				}
				if bothHere.Has(d.protocol, d.number) && (!inP || !inQ) {
					t.Errorf("%v is in the intersection %v, and not in both if names mean %v", d, both, m)
				}
			}
			overlaps, mayOverlap = overlaps && met, mayOverlap || met
		}
		for i, d := range ports {
			if got := p.Has(d.protocol, d.number); got != has[i] {
				t.Errorf("%v in %v: %t, want %t", d, p, got, has[i])
			}
		}
		if got := p.Covers(q); got != covers {
			t.Errorf("covers %t, every port is in it %t", got, covers)
		}
		if got := p.Overlaps(q); got != overlaps {
			t.Errorf("overlaps %t, whatever the names mean %t", got, overlaps)
		}
		if got := p.MayOverlap(q); got != mayOverlap {
			t.Errorf("may overlap %t, for some meaning of the names %t", got, mayOverlap)
		}
	})
}

func TestLawsOfPorts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) space.Ports {
			if rapid.IntRange(0, 9).Draw(t, "none") == 0 {
				return space.Ports{}
			}
			return space.PortsOf(lists().Draw(t, label))
		}
		a, b, c := draw("a"), draw("b"), draw("c")
		laws(t, a, b, c, space.EveryPort())
		unionLaws(t, a, b, c)
		if (a.String() == b.String()) != reflect.DeepEqual(a, b) {
			t.Errorf("%#v and %#v are both %s", a, b, a)
		}
		if a.MayOverlap(b) != b.MayOverlap(a) || a.Overlaps(b) && !a.MayOverlap(b) {
			t.Errorf("%s may overlap %s: %t, the other way %t", a, b, a.MayOverlap(b), b.MayOverlap(a))
		}
	})
}

// Of numbers the intersection is exact.
func TestIntersectionOfNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		unnamed := rapid.SliceOfN(entries().Filter(func(entry networkingv1.NetworkPolicyPort) bool {
			return entry.Port == nil || entry.Port.Type == intstr.Int
		}), 0, 4)
		listP, listQ := unnamed.Draw(t, "p"), unnamed.Draw(t, "q")
		both := space.PortsOf(listP).Intersect(space.PortsOf(listQ))
		for _, d := range doors() {
			want := meaning{}.lets(listP, d.protocol, d.number) && meaning{}.lets(listQ, d.protocol, d.number)
			if got := both.Has(d.protocol, d.number); got != want {
				t.Errorf("%v in the intersection %t, in both %t", d, got, want)
			}
		}
	})
}

func TestPortsOfEntries(t *testing.T) {
	udp := corev1.ProtocolUDP
	entry := func(edit func(*networkingv1.NetworkPolicyPort)) space.Ports {
		var out networkingv1.NetworkPolicyPort
		edit(&out)
		return space.PortOf(out)
	}
	number := func(n int32) *intstr.IntOrString { port := intstr.FromInt32(n); return &port }
	port := &policyv1alpha2.Port{Number: 53}
	some := &policyv1alpha2.Port{Range: &policyv1alpha2.PortRange{Start: 1, End: 9}}
	type protocol = policyv1alpha2.ClusterNetworkPolicyProtocol
	tests := map[string]struct {
		got  space.Ports
		want string
	}{
		"no entry at all":          {space.PortsOf(nil), "every port"},
		"an empty entry":           {entry(func(*networkingv1.NetworkPolicyPort) {}), "TCP 1-65535"},
		"a protocol alone":         {entry(func(p *networkingv1.NetworkPolicyPort) { p.Protocol = &udp }), "UDP 1-65535"},
		"a number":                 {entry(func(p *networkingv1.NetworkPolicyPort) { p.Port = number(80) }), "TCP 80"},
		"a range":                  {entry(func(p *networkingv1.NetworkPolicyPort) { p.Port, p.EndPort = number(80), new(int32(90)) }), "TCP 80-90"},
		"a range of one":           {entry(func(p *networkingv1.NetworkPolicyPort) { p.Port, p.EndPort = number(80), new(int32(80)) }), "TCP 80"},
		"a range before itself":    {entry(func(p *networkingv1.NetworkPolicyPort) { p.Port, p.EndPort = number(80), new(int32(79)) }), ""},
		"a name":                   {entry(func(p *networkingv1.NetworkPolicyPort) { p.Port = new(intstr.FromString("http")) }), `TCP "http"`},
		"a cluster port":           {space.ClusterPortOf(protocol{UDP: &policyv1alpha2.ClusterNetworkPolicyProtocolUDP{DestinationPort: port}}), "UDP 53"},
		"a cluster range":          {space.ClusterPortOf(protocol{TCP: &policyv1alpha2.ClusterNetworkPolicyProtocolTCP{DestinationPort: some}}), "TCP 1-9"},
		"of SCTP":                  {space.ClusterPortOf(protocol{SCTP: &policyv1alpha2.ClusterNetworkPolicyProtocolSCTP{DestinationPort: some}}), "SCTP 1-9"},
		"without a destination":    {space.ClusterPortOf(protocol{TCP: &policyv1alpha2.ClusterNetworkPolicyProtocolTCP{}}), ""},
		"a cluster name":           {space.ClusterPortOf(protocol{DestinationNamedPort: "dns"}), `SCTP "dns", TCP "dns", UDP "dns"`},
		"neighbours are one":       {space.PortRange(udp, 1, 4).Union(space.PortRange(udp, 5, 9)), "UDP 1-9"},
		"all numbers of names":     {space.NamedPort("dns", udp).Union(space.AllNumbers(udp)), "UDP 1-65535"},
		"all of three protocols":   {space.AllNumbers("TCP").Union(space.AllNumbers("UDP"), space.AllNumbers("SCTP")), "SCTP 1-65535, TCP 1-65535, UDP 1-65535"},
		"all numbers but the last": {space.NamedPort("dns", udp).Union(space.PortRange(udp, 1, 65534)), `UDP 1-65534, UDP "dns"`},
		"numbers out of range":     {space.PortRange(udp, 70000, 80000), "UDP 70000-80000"},
		"the ends of all numbers":  {space.PortRange(udp, -1<<31, 1<<31-1).Union(space.OnePort(udp, 1<<31-1)), "UDP -2147483648-2147483647"},
		"a name nobody knows":      {space.NamedPort("dns", udp).Resolve(func(string, corev1.Protocol) []int32 { return nil }), ""},
		"a name of two numbers":    {space.NamedPort("dns", udp).Resolve(func(string, corev1.Protocol) []int32 { return []int32{5353, 53} }), "UDP 53, UDP 5353"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.got.String(); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if tt.got.Empty() != (tt.want == "") {
				t.Errorf("empty %t", tt.got.Empty())
			}
		})
	}
}

// A name stands for a port that nobody knows, so that it overlaps all numbers, and no
// part of them for sure.
func TestNamesOverlapAllNumbers(t *testing.T) {
	name, low, rest := space.NamedPort("http", corev1.ProtocolTCP), space.OnePort(corev1.ProtocolTCP, 1), space.PortRange(corev1.ProtocolTCP, 2, 65535)
	if name.Overlaps(low) || name.Overlaps(rest) || !name.MayOverlap(low) || !name.Overlaps(low.Union(rest)) {
		t.Error("the name overlaps a part of the numbers, or not all of them")
	}
}
