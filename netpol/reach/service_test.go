// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol/reach"
)

// read returns the objects of manifests.
func read(t testing.TB, text string) []bulkhead.Object {
	t.Helper()
	set, err := manifest.Read("test.yaml", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return set.Objects
}

// Two pods that give one name to different ports, of which a policy opens one, and
// Services of all sorts in front of them.
const shop = `
apiVersion: v1
kind: Pod
metadata: {name: client, namespace: lab}
status: {podIP: 10.0.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: web-a, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main, ports: [{name: http, containerPort: 8080}]}]}
status: {podIP: 10.0.0.2}
---
apiVersion: v1
kind: Pod
metadata: {name: web-b, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main, ports: [{name: http, containerPort: 9090}]}]}
status: {podIP: 10.0.0.3}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{ports: [{port: 9090}]}]
---
apiVersion: v1
kind: Service
metadata: {name: by-name, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: v1
kind: Service
metadata: {name: by-number, namespace: shop}
spec: {selector: {app: web}, ports: [{name: open, port: 80, targetPort: 9090}, {name: closed, port: 81, targetPort: 8080}, {name: udp, port: 80, protocol: UDP, targetPort: 9090}]}
---
apiVersion: v1
kind: Service
metadata: {name: untranslated, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 9090}]}
---
apiVersion: v1
kind: Service
metadata: {name: headless, namespace: shop}
spec: {clusterIP: None, selector: {app: web}, ports: [{port: 80, targetPort: 9090}]}
---
apiVersion: v1
kind: Service
metadata: {name: nobody, namespace: shop}
spec: {selector: {app: none}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: external, namespace: shop}
spec: {type: ExternalName, externalName: db.example.com}
---
apiVersion: v1
kind: Service
metadata: {name: by-hand, namespace: shop}
spec: {ports: [{name: pg, port: 5432}, {name: web, port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: by-hand-1, namespace: shop, labels: {kubernetes.io/service-name: by-hand}}
addressType: IPv4
endpoints: [{addresses: [192.0.2.7, 10.0.0.2]}]
ports: [{name: pg, port: 6432}, {name: web, port: 8080}]
`

func TestServices(t *testing.T) {
	c := newCluster(t, read(t, shop), reach.Reference)
	tests := map[string]struct {
		service string
		port    reach.Port
		want    reach.Verdict
		behind  string // the backends
	}{
		"a name is the port that each pod gives it":     {"shop/by-name", reach.TCP(80), reach.Allowed, "shop/web-a TCP 8080, shop/web-b TCP 9090"},
		"the target port counts, and not the Service's": {"shop/by-number", reach.TCP(80), reach.Allowed, "shop/web-a TCP 9090, shop/web-b TCP 9090"},
		"a target port that no policy opens":            {"shop/by-number", reach.TCP(81), reach.Denied, "shop/web-a TCP 8080, shop/web-b TCP 8080"},
		"ports of another protocol are others":          {"shop/by-number", reach.UDP(80), reach.Denied, "shop/web-a UDP 9090, shop/web-b UDP 9090"},
		"without a target port it is the same":          {"shop/untranslated", reach.TCP(9090), reach.Allowed, "shop/web-a TCP 9090, shop/web-b TCP 9090"},
		"a headless Service translates nothing":         {"shop/headless", reach.TCP(80), reach.Denied, "shop/web-a TCP 80, shop/web-b TCP 80"},
		"so that any port of the pods can be asked for": {"shop/headless", reach.TCP(9090), reach.Allowed, "shop/web-a TCP 9090, shop/web-b TCP 9090"},
		"a port that the Service does not have":         {"shop/by-number", reach.TCP(82), reach.Denied, ""},
		"a Service without pods":                        {"shop/nobody", reach.TCP(80), reach.Unknown, ""},
		"addresses that somebody put behind it":         {"shop/by-hand", reach.TCP(5432), reach.Allowed, "192.0.2.7 TCP 6432, shop/web-a TCP 6432"},
		"an address of a pod among them is the pod":     {"shop/by-hand", reach.TCP(80), reach.Allowed, "192.0.2.7 TCP 8080, shop/web-a TCP 8080"},
		"a name outside the cluster is not known":       {"shop/external", reach.TCP(80), reach.Unknown, "unknown"},
		"nor is a Service that is not in the input":     {"shop/missing", reach.TCP(80), reach.Unknown, "unknown"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a := c.Allowed(reach.Pod("lab/client"), reach.Service(tt.service), tt.port)
			if a.Verdict != tt.want {
				t.Errorf("%s, want %s: %v", a.Verdict, tt.want, a.Why())
			}
			if len(a.Why()) == 0 {
				t.Error("no reason")
			}
			backends, known := c.Backends(tt.service, tt.port)
			var behind []string
			for _, b := range backends {
				behind = append(behind, fmt.Sprint(b.Endpoint, " ", b.Port))
			}
			got := strings.Join(behind, ", ")
			if !known {
				got = "unknown"
			}
			if got != tt.behind {
				t.Errorf("behind it %q, want %q", got, tt.behind)
			}
		})
	}
}

// A Service that changes is asked as it is now.
func TestUpdatedServices(t *testing.T) {
	c := newCluster(t, read(t, shop), reach.Reference)
	ask := func() reach.Verdict {
		return c.Allowed(reach.Pod("lab/client"), reach.Service("shop/by-number"), reach.TCP(81)).Verdict
	}
	before := ask()
	c.Update(read(t, `
apiVersion: v1
kind: Service
metadata: {name: by-number, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 81, targetPort: 9090}]}
`)...)
	after := ask()
	c.Remove(bulkhead.Ref{Kind: "Service", Namespace: "shop", Name: "by-number"})
	if gone := ask(); before != reach.Denied || after != reach.Allowed || gone != reach.Unknown {
		t.Errorf("before %s, after %s, gone %s", before, after, gone)
	}
}

// A Service takes connections, and opens none.
func TestServicesOpenNoConnections(t *testing.T) {
	c := newCluster(t, read(t, shop), reach.Reference)
	a := c.Allowed(reach.Service("shop/by-name"), reach.Pod("lab/client"), reach.TCP(80))
	if a.Verdict != reach.Unknown || len(a.Why()) != 1 {
		t.Errorf("%s: %v", a.Verdict, a.Why())
	}
}
