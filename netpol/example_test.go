// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"errors"
	"fmt"
	"net/netip"
	"os"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"sigs.k8s.io/yaml"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol"
)

// Wall off a namespace, let it see itself, and check the result.
func Example() {
	b := bulkhead.Must(bulkhead.New("staging",
		netpol.AllowWithin("staging"),
		netpol.DefaultDeny("staging"),
	))
	for _, obj := range b.Objects {
		fmt.Println(bulkhead.RefTo(obj))
	}
	fmt.Println(b.Check(netpol.Rules()...).Err())
	// Output:
	// NetworkPolicy/staging/allow-within
	// NetworkPolicy/staging/default-deny
	// <nil>
}

func ExampleDefaultDeny() {
	_ = manifest.Write(os.Stdout, netpol.DefaultDeny("staging"))
	// Output:
	// apiVersion: networking.k8s.io/v1
	// kind: NetworkPolicy
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: default-deny
	//   namespace: staging
	// spec:
	//   podSelector: {}
	//   policyTypes:
	//   - Ingress
	//   - Egress
}

func ExampleAllowWithin() {
	_ = manifest.Write(os.Stdout, netpol.AllowWithin("staging"))
	// Output:
	// apiVersion: networking.k8s.io/v1
	// kind: NetworkPolicy
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: allow-within
	//   namespace: staging
	// spec:
	//   egress:
	//   - to:
	//     - podSelector: {}
	//   ingress:
	//   - from:
	//     - podSelector: {}
	//   podSelector: {}
	//   policyTypes:
	//   - Ingress
	//   - Egress
}

func ExampleAllow() {
	np, err := netpol.Allow("staging", "api", netpol.Pods{"app": "api"},
		netpol.From(netpol.Pods{"app": "web"}).TCP(8080),
		netpol.To(netpol.CIDR(netip.MustParsePrefix("10.20.0.3/32"))).TCP(5432),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = manifest.Write(os.Stdout, np)
	// Output:
	// apiVersion: networking.k8s.io/v1
	// kind: NetworkPolicy
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: api
	//   namespace: staging
	// spec:
	//   egress:
	//   - ports:
	//     - port: 5432
	//       protocol: TCP
	//     to:
	//     - ipBlock:
	//         cidr: 10.20.0.3/32
	//   ingress:
	//   - from:
	//     - podSelector:
	//         matchLabels:
	//           app: web
	//     ports:
	//     - port: 8080
	//       protocol: TCP
	//   podSelector:
	//     matchLabels:
	//       app: api
	//   policyTypes:
	//   - Ingress
	//   - Egress
}

// A list that was left empty would mean everyone in the API. Here it is an error,
// and all errors come at once.
func ExampleAllow_refused() {
	_, err := netpol.Allow("staging", "api", netpol.Pods{}, netpol.From().TCP(8080), netpol.To(netpol.AllPods))
	if invalid, ok := errors.AsType[*bulkhead.InvalidError](err); ok {
		for _, mistake := range invalid.Errs {
			fmt.Println(mistake)
		}
	}
	// Output:
	// spec.podSelector: Required value: no labels; AllPods means every pod of the namespace
	// spec.ingress[0].from: Required value: no peer; Anyone means every address
	// spec.egress[0].ports: Required value: no port; AnyPort means every port
}

func ExampleConnect() {
	c := bulkhead.Must(netpol.Connect("web-to-search",
		netpol.Endpoint{Namespace: "shop", Pods: netpol.Pods{"app": "web"}},
		netpol.Endpoint{Namespace: "search", Pods: netpol.Pods{"app": "index"}},
		netpol.TCP(9200),
	))
	for _, obj := range c.Objects() {
		fmt.Println(bulkhead.RefTo(obj))
	}
	// Output:
	// NetworkPolicy/shop/web-to-search-egress
	// NetworkPolicy/search/web-to-search-ingress
}

func ExampleValidate() {
	np := netpol.DefaultDeny("staging")
	np.Spec.Ingress = []networkingv1.NetworkPolicyIngressRule{{}} // somebody "just tests something"
	for _, f := range netpol.Validate(np) {
		fmt.Println(f.Rule, f.Field)
	}
	// Output:
	// netpol/open-to-world spec.ingress[0].from
}

func ExampleFrom() {
	np := bulkhead.Must(netpol.Allow("shop", "web", netpol.Pods{"app": "web"},
		netpol.From(netpol.Anyone).TCP(8080)))
	out, _ := yaml.Marshal(np.Spec.Ingress)
	fmt.Print(string(out))
	// Output:
	// - ports:
	//   - port: 8080
	//     protocol: TCP
}

func ExampleTo() {
	np := bulkhead.Must(netpol.Allow("shop", "web", netpol.Pods{"app": "web"},
		netpol.To(netpol.Pods{"app": "api"}).AnyPort()))
	out, _ := yaml.Marshal(np.Spec.Egress)
	fmt.Print(string(out))
	// Output:
	// - to:
	//   - podSelector:
	//       matchLabels:
	//         app: api
}

// Pods of another namespace: both selectors stand in one peer, so both must match.
func ExamplePods_In() {
	np := bulkhead.Must(netpol.Allow("shop", "metrics", netpol.AllPods,
		netpol.From(netpol.Pods{"app": "prometheus"}.In(netpol.Namespace("monitoring"))).TCP(9090)))
	out, _ := yaml.Marshal(np.Spec.Ingress[0].From)
	fmt.Print(string(out))
	// Output:
	// - namespaceSelector:
	//     matchLabels:
	//       kubernetes.io/metadata.name: monitoring
	//   podSelector:
	//     matchLabels:
	//       app: prometheus
}

func ExampleNamespace() {
	np := bulkhead.Must(netpol.Allow("shop", "checks", netpol.AllPods,
		netpol.From(netpol.Namespace("monitoring")).TCP(9115)))
	out, _ := yaml.Marshal(np.Spec.Ingress[0].From)
	fmt.Print(string(out))
	// Output:
	// - namespaceSelector:
	//     matchLabels:
	//       kubernetes.io/metadata.name: monitoring
}

func ExampleCIDR() {
	np := bulkhead.Must(netpol.Allow("shop", "partners", netpol.Pods{"app": "export"},
		netpol.To(netpol.CIDR(netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("198.51.100.128/25"))).TCP(443)))
	out, _ := yaml.Marshal(np.Spec.Egress[0].To)
	fmt.Print(string(out))
	// Output:
	// - ipBlock:
	//     cidr: 198.51.100.0/24
	//     except:
	//     - 198.51.100.128/25
}

// One flow may be the beginning of several.
func ExampleFlow() {
	fromWeb := netpol.From(netpol.Pods{"app": "web"})
	api := bulkhead.Must(netpol.Allow("shop", "api", netpol.Pods{"app": "api"}, fromWeb.TCP(8080)))
	search := bulkhead.Must(netpol.Allow("shop", "search", netpol.Pods{"app": "search"}, fromWeb.TCP(9200)))
	fmt.Println(api.Spec.Ingress[0].Ports[0].Port, search.Spec.Ingress[0].Ports[0].Port)
	// Output:
	// 8080 9200
}

// Ports of several kinds go into one flow.
func ExampleFlow_On() {
	np := bulkhead.Must(netpol.Allow("shop", "media", netpol.Pods{"app": "media"},
		netpol.From(netpol.Pods{"app": "web"}).On(
			netpol.TCP(80),
			netpol.UDP(443),
			netpol.SCTP(3868),
			netpol.Range(corev1.ProtocolUDP, 30000, 30100),
			netpol.Named(corev1.ProtocolTCP, "admin"),
		)))
	out, _ := yaml.Marshal(np.Spec.Ingress[0].Ports)
	fmt.Print(string(out))
	// Output:
	// - port: 80
	//   protocol: TCP
	// - port: 443
	//   protocol: UDP
	// - port: 3868
	//   protocol: SCTP
	// - endPort: 30100
	//   port: 30000
	//   protocol: UDP
	// - port: admin
	//   protocol: TCP
}
