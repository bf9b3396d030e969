// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"strings"
	"testing"

	"github.com/watertight-go/watertight/netpol/reach"
)

// A pod that lets some addresses outside and the pods of lab in, with Services that
// keep the source of connections and one that does not.
const entrances = `
apiVersion: v1
kind: Node
metadata: {name: node-1}
status: {addresses: [{type: InternalIP, address: 10.128.0.1}]}
---
apiVersion: v1
kind: Node
metadata: {name: node-2}
status: {addresses: [{type: InternalIP, address: 10.128.0.2}]}
---
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: lab}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {nodeName: node-1}
status: {podIP: 10.0.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: open, namespace: shop, labels: {app: open}}
spec: {nodeName: node-1}
status: {podIP: 10.0.0.2}
---
apiVersion: v1
kind: Pod
metadata: {name: stranger, namespace: shop}
spec: {nodeName: node-2}
status: {podIP: 10.0.0.3}
---
apiVersion: v1
kind: Pod
metadata: {name: client, namespace: lab}
spec: {nodeName: node-2}
status: {podIP: 10.0.0.4}
---
apiVersion: v1
kind: Pod
metadata: {name: locked, namespace: lab, labels: {app: locked}}
spec: {nodeName: node-2}
status: {podIP: 10.0.0.5}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}, {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: lab}}}], ports: [{port: 8080}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: locked, namespace: lab}
spec: {podSelector: {matchLabels: {app: locked}}, policyTypes: [Egress]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: LoadBalancer
  clusterIP: 10.96.0.10
  externalIPs: [198.51.100.5]
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080, nodePort: 30080}]
status: {loadBalancer: {ingress: [{ip: 198.51.100.6}]}}
---
apiVersion: v1
kind: Service
metadata: {name: local, namespace: shop}
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  clusterIP: 10.96.0.11
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080, nodePort: 30081}]
status: {loadBalancer: {ingress: [{ip: 198.51.100.7}]}}
---
apiVersion: v1
kind: Service
metadata: {name: open, namespace: shop}
spec:
  type: LoadBalancer
  clusterIP: 10.96.0.12
  externalIPs: [10.128.0.2]
  selector: {app: open}
  ports: [{port: 443, targetPort: 8443}]
status: {loadBalancer: {ingress: [{ip: 198.51.100.8}]}}
`

// An address that leads to a Service is asked about as the pods behind it, and from
// outside as the dataplane may translate the source too.
func TestAddressesOfServices(t *testing.T) {
	c := newCluster(t, read(t, entrances), reach.Calico)
	const translated = "may see the connection come from the address of a node"
	for name, tt := range map[string]struct {
		from, to string
		port     uint16
		want     reach.Verdict
		says     string
	}{
		"a cluster IP is the pods behind it":                     {"lab/client", "10.96.0.10", 80, reach.Allowed, "10.96.0.10 of shop/Service/web, port TCP 80, leads to TCP 8080 of shop/web"},
		"and what they do not let in":                            {"shop/stranger", "10.96.0.10", 80, reach.Denied, "none of its rules allows TCP 8080"},
		"without the port":                                       {"lab/client", "10.96.0.10", 81, reach.Denied, "has no port TCP 81"},
		"an external IP":                                         {"lab/locked", "198.51.100.5", 80, reach.Denied, "leads to TCP 8080 of shop/web"},
		"a load balancer that keeps the source":                  {"203.0.113.9", "198.51.100.7", 80, reach.Allowed, ""},
		"which the pod does not let in":                          {"192.0.2.9", "198.51.100.7", 80, reach.Denied, ""},
		"a load balancer that may not keep it":                   {"203.0.113.9", "198.51.100.6", 80, reach.Unknown, translated},
		"where a connection that is denied may come from a node": {"192.0.2.9", "198.51.100.6", 80, reach.Unknown, translated},
		"which does not matter to a pod that everybody reaches":  {"192.0.2.9", "198.51.100.8", 443, reach.Allowed, ""},
		"an address of a node that a Service has too":            {"192.0.2.9", "10.128.0.2", 443, reach.Allowed, "of shop/Service/open"},
		"and what else is at that address is the node":           {"192.0.2.9", "10.128.0.2", 22, reach.Allowed, "node node-2 is outside the reach of policies"},
		"the port of a node that keeps the source":               {"203.0.113.9", "10.128.0.1", 30081, reach.Allowed, "leads to TCP 8080 of shop/web"},
		"leads only to pods of that node":                        {"203.0.113.9", "10.128.0.2", 30081, reach.Denied, "there is none"},
		"the port of a node that may not keep it":                {"203.0.113.9", "10.128.0.1", 30080, reach.Unknown, translated},
		"from a pod too":                                         {"lab/client", "10.128.0.1", 30080, reach.Unknown, translated},
		"which has to let it out":                                {"lab/locked", "10.128.0.1", 30080, reach.Denied, ""},
		"a node port of another protocol":                        {"lab/client", "10.128.0.1", 30082, reach.Allowed, "node node-1 is outside the reach"},
		"no connection comes from a cluster IP":                  {"10.96.0.10", "lab/client", 80, reach.Unknown, "does not open connections"},
		"a Service by its name, as a cluster IP":                 {"shop/stranger", "shop/service/web", 80, reach.Denied, "shop/Service/web, port TCP 80, leads to"},
		"and of a Service that keeps the source":                 {"203.0.113.9", "shop/Service/local", 80, reach.Allowed, ""},
		"from outside the source may be translated there too":    {"203.0.113.9", "shop/Service/web", 80, reach.Unknown, translated},
	} {
		t.Run(name, func(t *testing.T) {
			a := c.Allowed(endpoint(t, tt.from), endpoint(t, tt.to), reach.TCP(tt.port))
			if a.Verdict != tt.want || !mentions(a.Why(), tt.says) {
				t.Errorf("%s, want %s, for %q: %v", a.Verdict, tt.want, tt.says, a.Why())
			}
		})
	}
}

// What comes from a node that nobody knows may come from anywhere.
func TestUnknownNodesMayTranslate(t *testing.T) {
	const service = `
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}, status: {podIP: 10.0.0.1}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}, status: {loadBalancer: {ingress: [{ip: 198.51.100.6}]}}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: web, namespace: shop}, spec: {podSelector: {}, ingress: [{PEERS}]}}
`
	for name, tt := range map[string]struct {
		peers   string
		profile reach.Profile
		want    reach.Verdict
	}{
		"all IPv4 addresses":                    {"from: [{ipBlock: {cidr: 0.0.0.0/0}}]", reach.Calico, reach.Allowed},
		"where a block may match no node":       {"from: [{ipBlock: {cidr: 0.0.0.0/0}}]", reach.Generic, reach.Unknown},
		"where it matches none":                 {"from: [{ipBlock: {cidr: 0.0.0.0/0}}]", reach.Cilium, reach.Unknown},
		"only IPv6 addresses":                   {"from: [{ipBlock: {cidr: \"::/0\"}}]", reach.Calico, reach.Unknown},
		"all but some":                          {"from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]", reach.Calico, reach.Unknown},
		"the addresses of a customer":           {"from: [{ipBlock: {cidr: 203.0.113.0/24}}]", reach.Calico, reach.Unknown},
		"everybody, whatever a block may match": {"ports: [{port: 80}]", reach.Generic, reach.Allowed},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCluster(t, read(t, strings.ReplaceAll(service, "PEERS", tt.peers)), tt.profile)
			if a := c.Allowed(endpoint(t, "203.0.113.9"), endpoint(t, "198.51.100.6"), reach.TCP(80)); a.Verdict != tt.want {
				t.Errorf("%s, want %s: %v", a.Verdict, tt.want, a.Why())
			}
		})
	}
}

// A pod may be behind a Service whose selector asks for a label that the control plane
// gives, and a name may stand for any address.
func TestBackendsThatAreNotKnown(t *testing.T) {
	c := newCluster(t, read(t, `
{apiVersion: v1, kind: Pod, metadata: {name: client, namespace: lab}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {template: {metadata: {labels: {app: web}}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: canary, namespace: shop}, spec: {selector: {app: web, pod-template-hash: a1}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: names, namespace: shop}, spec: {ports: [{port: 80}]}}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: names-1, namespace: shop, labels: {kubernetes.io/service-name: names}}
addressType: FQDN
endpoints: [{addresses: [db.example.com]}]
ports: [{port: 80}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: names-2, namespace: shop, labels: {kubernetes.io/service-name: names}}
addressType: IPv4
endpoints: [{addresses: [192.0.2.7]}]
ports: [{port: 80}]
---
{apiVersion: v1, kind: Service, metadata: {name: old, namespace: shop}, spec: {ports: [{name: pg, port: 5432}]}}
---
apiVersion: v1
kind: Endpoints
metadata: {name: old, namespace: shop}
subsets: [{addresses: [{ip: 192.0.2.8}], notReadyAddresses: [{ip: 192.0.2.9}], ports: [{name: pg, port: 6432}, {name: web, port: 80}]}]
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: locked, namespace: lab}, spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}, {namespaceSelector: {}}, {ipBlock: {cidr: 192.0.2.9/32}}]}]}}
`), reach.Reference)
	for service, tt := range map[string]struct {
		port reach.Port
		want reach.Verdict
		says string
	}{
		"shop/canary": {reach.TCP(80), reach.Unknown, "it is not known whether shop/web takes connections to shop/Service/canary"},
		"shop/names":  {reach.TCP(80), reach.Unknown, "domain names are behind shop/Service/names"},
		"shop/old":    {reach.TCP(5432), reach.Allowed, "leads to TCP 6432 of 192.0.2.9"},
	} {
		if a := c.Allowed(reach.Pod("lab/client"), reach.Service(service), tt.port); a.Verdict != tt.want || !mentions(a.Why(), tt.says) {
			t.Errorf("%s: %s, want %s, for %q: %v", service, a.Verdict, tt.want, tt.says, a.Why())
		}
	}
	if backends, _ := c.Backends("shop/canary", reach.TCP(80)); len(backends) != 1 || !backends[0].Perhaps {
		t.Errorf("behind the canary: %v", backends)
	}
}

// A pod reaches itself through its own Service whatever NetworkPolicy says, and not
// if a ClusterNetworkPolicy denies it.
func TestOwnService(t *testing.T) {
	const own = `
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: closed, namespace: shop}, spec: {podSelector: {}, policyTypes: [Ingress, Egress]}}
---
`
	const wall = `{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: wall}, spec: {tier: TIER, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}}`
	for name, tt := range map[string]struct {
		policy string
		want   reach.Verdict
		says   string
	}{
		"NetworkPolicy":                {"", reach.Allowed, "NetworkPolicy leaves alone what a pod says to itself"},
		"a ClusterNetworkPolicy above": {strings.ReplaceAll(wall, "TIER", "Admin"), reach.Denied, "denies TCP 80 from shop/web to shop/web"},
		"and one that is not asked":    {strings.ReplaceAll(wall, "TIER", "Baseline"), reach.Allowed, ""},
	} {
		c := newCluster(t, read(t, own+tt.policy), reach.Reference)
		if a := c.Allowed(reach.Pod("shop/web"), reach.Service("shop/web"), reach.TCP(80)); a.Verdict != tt.want || !mentions(a.Why(), tt.says) {
			t.Errorf("%s: %s, want %s, for %q: %v", name, a.Verdict, tt.want, tt.says, a.Why())
		}
		if a := c.Allowed(reach.Pod("shop/web"), reach.Pod("shop/web"), reach.TCP(80)); a.Verdict != reach.Allowed {
			t.Errorf("%s: to its own address: %s: %v", name, a.Verdict, a.Why())
		}
	}
}

// Of a name that two containers give to different ports, a Service means that of the
// first container.
func TestTargetPortThatIsThereTwice(t *testing.T) {
	c := newCluster(t, read(t, `
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {containers: [{name: a, ports: [{name: http, containerPort: 9090}]}, {name: b, ports: [{name: http, containerPort: 8080}]}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}}
`), reach.Generic)
	backends, _ := c.Backends("shop/web", reach.TCP(80))
	if len(backends) != 1 || backends[0].Port != reach.TCP(9090) {
		t.Errorf("behind it %v, want TCP 9090", backends)
	}
}
