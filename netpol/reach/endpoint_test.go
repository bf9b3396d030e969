// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"net/netip"
	"testing"

	"github.com/watertight-go/watertight/netpol/reach"
)

func TestParseEndpoint(t *testing.T) {
	for text, want := range map[string]reach.Endpoint{
		"shop/web":            reach.Pod("shop/web"),
		"shop/Deployment/web": reach.Pod("shop/Deployment/web"),
		"192.0.2.7":           reach.Address(netip.MustParseAddr("192.0.2.7")),
		"::ffff:192.0.2.7":    reach.Address(netip.MustParseAddr("192.0.2.7")),
		"fe80::1%eth0":        reach.Address(netip.MustParseAddr("fe80::1")),
	} {
		if got, err := reach.ParseEndpoint(text); err != nil || got != want {
			t.Errorf("%q: %v %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "web", "shop/", "/web", "shop//web", "a/b/c/d", "192.0.2.0/24/x/y"} {
		if got, err := reach.ParseEndpoint(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

// Nobody is asked about by the zero Endpoint, and the answer is not known.
func TestNobody(t *testing.T) {
	c := newCluster(t, read(t, shop), reach.Generic)
	a := c.Allowed(reach.Endpoint{}, reach.Pod("shop/web-a"), reach.TCP(80))
	if a.Verdict != reach.Unknown || a.Why()[0].Text != "(nobody) is not in the input" {
		t.Errorf("%s: %v", a.Verdict, a.Why())
	}
}
