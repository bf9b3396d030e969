// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/netpol/reach"
)

func drawSet(t *rapid.T, label string) reach.Ports {
	out := reach.Ports{}
	for range rapid.IntRange(0, 4).Draw(t, label) {
		first := rapid.Uint16Range(0, 65535).Draw(t, "first")
		out = out.Union(reach.PortRange(someProtocols.Draw(t, "protocol"), first, max(first, first+rapid.Uint16Range(0, 9).Draw(t, "more"))))
	}
	if rapid.Bool().Draw(t, "complement") {
		return reach.AllPorts().Minus(out)
	}
	return out
}

// The ranges of a set, put together, are the set; they are in order and do not touch.
func TestRangesAreTheSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := drawSet(t, "set")
		again, protocols := reach.Ports{}, []corev1.Protocol{}
		before := reach.Port{}
		for first, last := range set.Ranges() {
			if first.Protocol != last.Protocol || first.Number > last.Number {
				t.Fatalf("the range %s to %s", first, last)
			}
			if first.Protocol == before.Protocol && first.Number <= before.Number+1 {
				t.Fatalf("%s is in or beside what ended with %s", first, before)
			}
			if first.Protocol != before.Protocol {
				protocols = append(protocols, first.Protocol)
			}
			before = last
			again = again.Union(reach.PortRange(first.Protocol, first.Number, last.Number))
		}
		if set.Portless() {
			again = again.Union(reach.AllPorts().Minus(numbered()))
		}
		if !again.Equal(set) {
			t.Fatalf("%s became %s", set, again)
		}
		if len(protocols) > 3 {
			t.Fatalf("protocols come back: %s", protocols)
		}
		first, found := set.First()
		if found != (len(protocols) > 0) || found && (!set.Has(first) || first.Protocol != protocols[0]) {
			t.Fatalf("the first of %s is %s, %t", set, first, found)
		}
	})
}

// numbered is all ports of the protocols that have some.
func numbered() reach.Ports {
	out := reach.Ports{}
	for _, p := range []corev1.Protocol{corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP} {
		out = out.Union(reach.PortRange(p, 1, 65535))
	}
	return out
}

func TestPortless(t *testing.T) {
	rest := reach.AllPorts().Minus(numbered())
	if _, found := rest.First(); found || !rest.Portless() || rest.None() {
		t.Errorf("of %s a first port is found", rest)
	}
	if numbered().Portless() || (reach.Ports{}).Portless() {
		t.Error("ports are taken for protocols without ports")
	}
	for first, last := range reach.AllPorts().Ranges() {
		if first.Protocol != "TCP" || first.Number != 1 || last.Number != 65535 {
			t.Errorf("the first range of all ports is %s to %s", first, last)
		}
		break // an iteration may end early
	}
}
