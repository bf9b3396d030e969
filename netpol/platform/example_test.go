// SPDX-License-Identifier: Apache-2.0

package platform_test

import (
	"fmt"
	"net/netip"
	"os"

	"sigs.k8s.io/yaml"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/platform"
)

func ExampleAllowDNS() {
	_ = manifest.Write(os.Stdout, bulkhead.Must(platform.AllowDNS("staging", platform.Kubernetes)))
	// Output:
	// apiVersion: networking.k8s.io/v1
	// kind: NetworkPolicy
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: allow-dns
	//   namespace: staging
	// spec:
	//   egress:
	//   - ports:
	//     - port: 53
	//       protocol: UDP
	//     - port: 53
	//       protocol: TCP
	//     to:
	//     - namespaceSelector:
	//         matchLabels:
	//           kubernetes.io/metadata.name: kube-system
	//       podSelector:
	//         matchLabels:
	//           k8s-app: kube-dns
	//   podSelector: {}
	//   policyTypes:
	//   - Egress
}

func ExampleAllowDNS_nodeLocalDNSCache() {
	// With kube-proxy on iptables the cache answers at the cluster IP of kube-dns.
	clusterIP := netip.MustParseAddr("34.118.224.10")
	np := bulkhead.Must(platform.AllowDNS("staging", platform.GKE, clusterIP))
	for _, peer := range np.Spec.Egress[1].To {
		fmt.Println(peer.IPBlock.CIDR)
	}
	// Output:
	// 34.118.224.10/32
	// 169.254.20.10/32
	// 169.254.169.254/32
}

func ExampleAllowDNSAt() {
	np := bulkhead.Must(platform.AllowDNSAt("staging", 1053, netpol.Pods{"k8s-app": "vcluster-kube-dns"}))
	show(np.Spec.Egress)
	// Output:
	// - ports:
	//   - port: 1053
	//     protocol: UDP
	//   - port: 1053
	//     protocol: TCP
	//   to:
	//   - podSelector:
	//       matchLabels:
	//         k8s-app: vcluster-kube-dns
}

func ExampleAllowAPIServer() {
	// As `kubectl get endpointslices -n default kubernetes` prints it.
	endpoint := netip.MustParsePrefix("172.16.0.2/32")
	np := bulkhead.Must(platform.AllowAPIServer("staging", netpol.Pods{"app": "operator"}, 443, endpoint))
	show(np.Spec)
	// Output:
	// egress:
	// - ports:
	//   - port: 443
	//     protocol: TCP
	//   to:
	//   - ipBlock:
	//       cidr: 172.16.0.2/32
	// podSelector:
	//   matchLabels:
	//     app: operator
	// policyTypes:
	// - Egress
}

func ExampleAllowMetadata() {
	_ = manifest.Write(os.Stdout, bulkhead.Must(platform.AllowMetadata("staging", platform.GKE, netpol.Pods{"app": "backend"})))
	// Output:
	// apiVersion: networking.k8s.io/v1
	// kind: NetworkPolicy
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: allow-metadata
	//   namespace: staging
	// spec:
	//   egress:
	//   - ports:
	//     - port: 988
	//       protocol: TCP
	//     to:
	//     - ipBlock:
	//         cidr: 169.254.169.252/32
	//   podSelector:
	//     matchLabels:
	//       app: backend
	//   policyTypes:
	//   - Egress
}

func ExampleAllowMetadata_refused() {
	_, err := platform.AllowMetadata("staging", platform.OpenShift, netpol.Pods{})
	fmt.Println(err)
	// Output:
	// NetworkPolicy/staging/allow-metadata: platform: Invalid value: "OpenShift": no server on the node hands out a pod's own identity; spec.podSelector: Required value: no labels; AllPods means every pod of the namespace
}

func ExampleAllowNodeMetadata() {
	np := bulkhead.Must(platform.AllowNodeMetadata("staging", platform.AKS, netpol.Pods{"app": "node-agent"}))
	show(np.Spec.Egress)
	// Output:
	// - ports:
	//   - port: 80
	//     protocol: TCP
	//   to:
	//   - ipBlock:
	//       cidr: 169.254.169.254/32
}

func ExampleAllowGoogleAPIs() {
	np := bulkhead.Must(platform.AllowGoogleAPIs("staging", platform.RestrictedVIP, netpol.Pods{"app": "backend"}))
	show(np.Spec.Egress)
	// Output:
	// - ports:
	//   - port: 443
	//     protocol: TCP
	//   to:
	//   - ipBlock:
	//       cidr: 199.36.153.4/30
	//   - ipBlock:
	//       cidr: 2600:2d00:2:1000::/56
}

func ExampleAllowCloudSQL() {
	database := netip.MustParseAddr("10.20.0.3")
	np := bulkhead.Must(platform.AllowCloudSQL("staging", netpol.Pods{"app": "backend"}, 5432, database))
	show(np.Spec.Egress)
	// Output:
	// - ports:
	//   - port: 5432
	//     protocol: TCP
	//   to:
	//   - ipBlock:
	//       cidr: 10.20.0.3/32
}

func ExampleAllowCloudSQLConnector() {
	database := netip.MustParseAddr("10.20.0.3")
	np := bulkhead.Must(platform.AllowCloudSQLConnector("staging", platform.PrivateVIP, netpol.Pods{"app": "backend"}, database))
	show(np.Spec.Egress)
	// Output:
	// - ports:
	//   - port: 3307
	//     protocol: TCP
	//   to:
	//   - ipBlock:
	//       cidr: 10.20.0.3/32
	// - ports:
	//   - port: 443
	//     protocol: TCP
	//   to:
	//   - ipBlock:
	//       cidr: 199.36.153.8/30
	//   - ipBlock:
	//       cidr: 2600:2d00:2:2000::/56
}

func ExampleAllowExternal() {
	provider := netip.MustParsePrefix("203.0.113.0/24")
	np := bulkhead.Must(platform.AllowExternal("staging", "allow-payments", netpol.Pods{"app": "checkout"}, 443, provider))
	fmt.Println(np.Name)
	show(np.Spec.Egress)
	// Output:
	// allow-payments
	// - ports:
	//   - port: 443
	//     protocol: TCP
	//   to:
	//   - ipBlock:
	//       cidr: 203.0.113.0/24
}

func ExamplePlatform_String() {
	fmt.Println(platform.GKEDataplaneV2, platform.Platform(0))
	// Output:
	// GKEDataplaneV2 Platform(0)
}

// show prints a part of a policy as YAML.
func show(part any) {
	text, err := yaml.Marshal(part)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Printf("%s", text)
}
