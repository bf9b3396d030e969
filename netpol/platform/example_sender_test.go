// SPDX-License-Identifier: Apache-2.0

package platform_test

import (
	"fmt"
	"net/netip"
	"os"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/platform"
)

func ExampleAllowFrom() {
	_ = manifest.Write(os.Stdout, bulkhead.Must(platform.AllowFrom("staging",
		platform.IngressNGINX("ingress-nginx"), netpol.Pods{"app": "web"}, netpol.TCP(8080))))
	// Output:
	// apiVersion: networking.k8s.io/v1
	// kind: NetworkPolicy
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: allow-from-ingress-nginx
	//   namespace: staging
	// spec:
	//   ingress:
	//   - from:
	//     - namespaceSelector:
	//         matchLabels:
	//           kubernetes.io/metadata.name: ingress-nginx
	//       podSelector:
	//         matchLabels:
	//           app.kubernetes.io/component: controller
	//           app.kubernetes.io/name: ingress-nginx
	//     ports:
	//     - port: 8080
	//       protocol: TCP
	//   podSelector:
	//     matchLabels:
	//       app: web
	//   policyTypes:
	//   - Ingress
}

func ExampleIngressNGINX() {
	np := bulkhead.Must(platform.AllowFrom("staging", platform.IngressNGINX("ingress-nginx"), netpol.AllPods, netpol.TCP(8080)))
	fmt.Println(metav1.FormatLabelSelector(np.Spec.Ingress[0].From[0].PodSelector))
	// Output:
	// app.kubernetes.io/component=controller,app.kubernetes.io/name=ingress-nginx
}

func ExampleTraefik() {
	np := bulkhead.Must(platform.AllowFrom("staging", platform.Traefik("traefik"), netpol.Pods{"app": "web"}, netpol.TCP(8080)))
	show(np.Spec.Ingress)
	// Output:
	// - from:
	//   - namespaceSelector:
	//       matchLabels:
	//         kubernetes.io/metadata.name: traefik
	//     podSelector:
	//       matchLabels:
	//         app.kubernetes.io/name: traefik
	//   ports:
	//   - port: 8080
	//     protocol: TCP
}

func ExampleIstioGateway() {
	np := bulkhead.Must(platform.AllowFrom("staging", platform.IstioGateway("istio-system"), netpol.Pods{"app": "web"}, netpol.TCP(8080)))
	show(np.Spec.Ingress)
	// Output:
	// - from:
	//   - namespaceSelector:
	//       matchLabels:
	//         kubernetes.io/metadata.name: istio-system
	//     podSelector:
	//       matchLabels:
	//         istio: ingressgateway
	//   ports:
	//   - port: 8080
	//     protocol: TCP
}

func ExampleOpenShiftRouter() {
	np := bulkhead.Must(platform.AllowFrom("staging", platform.OpenShiftRouter(), netpol.Pods{"app": "web"}, netpol.TCP(8080)))
	show(np.Spec.Ingress)
	// Output:
	// - from:
	//   - namespaceSelector:
	//       matchLabels:
	//         policy-group.network.openshift.io/ingress: ""
	//   ports:
	//   - port: 8080
	//     protocol: TCP
}

func ExampleLoadBalancer() {
	subnets := []netip.Prefix{netip.MustParsePrefix("10.0.1.0/24"), netip.MustParsePrefix("10.0.2.0/24")}
	np := bulkhead.Must(platform.AllowFrom("staging", platform.LoadBalancer(platform.EKS, subnets...), netpol.Pods{"app": "web"}, netpol.TCP(8080)))
	show(np.Spec.Ingress)
	// Output:
	// - from:
	//   - ipBlock:
	//       cidr: 10.0.1.0/24
	//   - ipBlock:
	//       cidr: 10.0.2.0/24
	//   ports:
	//   - port: 8080
	//     protocol: TCP
}

func ExampleLoadBalancer_proxyOnlySubnet() {
	proxies := netip.MustParsePrefix("10.129.0.0/23") // of an internal Application Load Balancer
	np := bulkhead.Must(platform.AllowFrom("staging", platform.LoadBalancer(platform.GKEAutopilot, proxies), netpol.Pods{"app": "web"}, netpol.TCP(8080)))
	for _, peer := range np.Spec.Ingress[0].From {
		fmt.Println(peer.IPBlock.CIDR)
	}
	// Output:
	// 10.129.0.0/23
	// 35.191.0.0/16
	// 130.211.0.0/22
	// 209.85.152.0/22
	// 209.85.204.0/22
	// 2600:1901:8001::/48
	// 2600:2d00:1:1::/64
	// 2600:2d00:1:b029::/64
}

func ExamplePrometheus() {
	np := bulkhead.Must(platform.AllowFrom("staging", platform.Prometheus("monitoring"), netpol.AllPods, netpol.Named(corev1.ProtocolTCP, "metrics")))
	show(np.Spec.Ingress)
	// Output:
	// - from:
	//   - namespaceSelector:
	//       matchLabels:
	//         kubernetes.io/metadata.name: monitoring
	//     podSelector:
	//       matchLabels:
	//         app.kubernetes.io/name: prometheus
	//   ports:
	//   - port: metrics
	//     protocol: TCP
}

func ExampleManagedPrometheus() {
	np := bulkhead.Must(platform.AllowFrom("staging", platform.ManagedPrometheus(platform.GKE), netpol.AllPods, netpol.TCP(9090)))
	show(np.Spec.Ingress)
	// Output:
	// - from:
	//   - namespaceSelector:
	//       matchLabels:
	//         kubernetes.io/metadata.name: gmp-system
	//     podSelector:
	//       matchLabels:
	//         app.kubernetes.io/name: collector
	//   ports:
	//   - port: 9090
	//     protocol: TCP
}
