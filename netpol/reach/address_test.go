// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"strings"
	"testing"

	"github.com/watertight-go/watertight/netpol/reach"
)

// A node with an address inside and one outside, a pod of both families of addresses,
// and a pod that lets one block of each in.
const twoAddresses = `
apiVersion: v1
kind: Node
metadata: {name: node-1}
status: {addresses: [{type: InternalIP, address: 10.128.0.7}, {type: ExternalIP, address: 203.0.113.7}]}
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop}
spec: {hostNetwork: true, nodeName: node-1}
---
apiVersion: v1
kind: Pod
metadata: {name: dual, namespace: shop}
status: {podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {nodeName: node-2}
status: {podIPs: [{ip: 10.0.0.2}, {ip: "fd00::2"}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]
`

// Of an end with several addresses, the one that is asked about counts; where none
// is, and it matters, the answer is not known.
func TestTheAddressThatIsAskedAboutCounts(t *testing.T) {
	c := newCluster(t, read(t, twoAddresses), reach.Calico)
	for name, tt := range map[string]struct {
		from, to string
		want     reach.Verdict
	}{
		"the address of the node inside the block":      {"10.128.0.7", "shop/db", reach.Allowed},
		"and the one outside":                           {"203.0.113.7", "shop/db", reach.Denied},
		"a pod on the network of that node has both":    {"shop/agent", "shop/db", reach.Unknown},
		"the IPv4 address of a pod":                     {"10.0.0.1", "shop/db", reach.Allowed},
		"and its IPv6 address":                          {"fd00::1", "shop/db", reach.Denied},
		"the pod may use either":                        {"shop/dual", "shop/db", reach.Unknown},
		"but not to reach an IPv4 address":              {"shop/dual", "10.0.0.2", reach.Allowed},
		"nor an IPv6 address":                           {"shop/dual", "fd00::2", reach.Denied},
		"of two addresses of one family it may be both": {"shop/agent", "10.0.0.2", reach.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			a := c.Allowed(endpoint(t, tt.from), endpoint(t, tt.to), reach.TCP(5432))
			if a.Verdict != tt.want {
				t.Errorf("%s, want %s: %v", a.Verdict, tt.want, a.Why())
			}
			if why := a.Why(); tt.want == reach.Unknown && !mentions(why, "it is not known which of them the connection uses") {
				t.Errorf("no reason says so: %v", why)
			}
		})
	}
}

func mentions(why []reach.Reason, text string) bool {
	for _, r := range why {
		if strings.Contains(r.Text, text) {
			return true
		}
	}
	return false
}
