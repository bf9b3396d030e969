// SPDX-License-Identifier: Apache-2.0

package platform_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/platform"
)

func TestAllowFrom(t *testing.T) {
	google := []string{
		"staging/allow-from-load-balancer for app=web",
		"from 35.191.0.0/16 on TCP 8080",
		"from 130.211.0.0/22 on TCP 8080",
		"from 209.85.152.0/22 on TCP 8080",
		"from 209.85.204.0/22 on TCP 8080",
		"from 2600:1901:8001::/48 on TCP 8080",
		"from 2600:2d00:1:1::/64 on TCP 8080",
		"from 2600:2d00:1:b029::/64 on TCP 8080",
	}
	for name, test := range map[string]struct {
		sender platform.Sender
		want   []string
	}{
		"ingress-nginx by its controller's labels": {platform.IngressNGINX("ingress-nginx"), []string{
			"staging/allow-from-ingress-nginx for app=web",
			"from pods app.kubernetes.io/component=controller,app.kubernetes.io/name=ingress-nginx" +
				" of namespaces kubernetes.io/metadata.name=ingress-nginx on TCP 8080",
		}},
		"Traefik in the namespace that it was installed to": {platform.Traefik("kube-system"), []string{
			"staging/allow-from-traefik for app=web",
			"from pods app.kubernetes.io/name=traefik of namespaces kubernetes.io/metadata.name=kube-system on TCP 8080",
		}},
		"Istio's ingress gateway": {platform.IstioGateway("istio-system"), []string{
			"staging/allow-from-istio-gateway for app=web",
			"from pods istio=ingressgateway of namespaces kubernetes.io/metadata.name=istio-system on TCP 8080",
		}},
		"OpenShift's router, also on the host network": {platform.OpenShiftRouter(), []string{
			"staging/allow-from-openshift-router for app=web",
			"from namespaces policy-group.network.openshift.io/ingress= on TCP 8080",
		}},
		"Google's front ends and health checks": {platform.LoadBalancer(platform.GKE), google},
		"the same with Dataplane V2":            {platform.LoadBalancer(platform.GKEDataplaneV2), google},
		"Google's and the proxy-only subnet": {
			platform.LoadBalancer(platform.GKEAutopilot, prefix("10.129.0.0/23")),
			join(google[:1], []string{"from 10.129.0.0/23 on TCP 8080"}, google[1:]),
		},
		"a source that Google's blocks hold already stands once": {
			platform.LoadBalancer(platform.GKE, prefix("35.191.0.0/16")), google,
		},
		"Azure's probes": {platform.LoadBalancer(platform.AKS), []string{
			"staging/allow-from-load-balancer for app=web", "from 168.63.129.16/32 on TCP 8080",
		}},
		"Azure's probes and an Application Gateway": {platform.LoadBalancer(platform.AKS, prefix("10.1.2.0/24")), []string{
			"staging/allow-from-load-balancer for app=web", "from 10.1.2.0/24 on TCP 8080", "from 168.63.129.16/32 on TCP 8080",
		}},
		"an AWS load balancer by its subnets": {
			platform.LoadBalancer(platform.EKS, prefix("10.0.2.0/24"), prefix("10.0.1.0/24"), prefix("10.0.2.0/24")),
			[]string{
				"staging/allow-from-load-balancer for app=web", "from 10.0.1.0/24 on TCP 8080", "from 10.0.2.0/24 on TCP 8080",
			},
		},
		"a load balancer on plain Kubernetes": {platform.LoadBalancer(platform.Kubernetes, prefix("192.0.2.0/28")), []string{
			"staging/allow-from-load-balancer for app=web", "from 192.0.2.0/28 on TCP 8080",
		}},
		"a load balancer before OpenShift": {platform.LoadBalancer(platform.OpenShift, prefix("192.0.2.0/28")), []string{
			"staging/allow-from-load-balancer for app=web", "from 192.0.2.0/28 on TCP 8080",
		}},
		"a Prometheus of one's own": {platform.Prometheus("monitoring"), []string{
			"staging/allow-from-prometheus for app=web",
			"from pods app.kubernetes.io/name=prometheus of namespaces kubernetes.io/metadata.name=monitoring on TCP 8080",
		}},
		"Google's collectors on GKE Standard": {platform.ManagedPrometheus(platform.GKE), []string{
			"staging/allow-from-managed-prometheus for app=web",
			"from pods app.kubernetes.io/name=collector of namespaces kubernetes.io/metadata.name=gmp-system on TCP 8080",
		}},
		"the same with Dataplane V2, by namespace": {platform.ManagedPrometheus(platform.GKEDataplaneV2), []string{
			"staging/allow-from-managed-prometheus for app=web",
			"from pods app.kubernetes.io/name=collector of namespaces kubernetes.io/metadata.name=gmp-system on TCP 8080",
		}},
		"Google's collectors on Autopilot": {platform.ManagedPrometheus(platform.GKEAutopilot), []string{
			"staging/allow-from-managed-prometheus for app=web",
			"from pods app.kubernetes.io/name=collector of namespaces kubernetes.io/metadata.name=gke-gmp-system on TCP 8080",
		}},
		"Azure's collectors": {platform.ManagedPrometheus(platform.AKS), []string{
			"staging/allow-from-managed-prometheus for app=web",
			"from pods rsName=ama-metrics of namespaces kubernetes.io/metadata.name=kube-system on TCP 8080",
		}},
		"OpenShift's monitoring": {platform.ManagedPrometheus(platform.OpenShift), []string{
			"staging/allow-from-managed-prometheus for app=web",
			"from namespaces network.openshift.io/policy-group=monitoring on TCP 8080",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			np, err := platform.AllowFrom("staging", test.sender, web, netpol.TCP(8080))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, words(np)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]networkingv1.PolicyType{networkingv1.PolicyTypeIngress}, np.Spec.PolicyTypes); diff != "" {
				t.Errorf("egress is left as it was: %s", diff)
			}
		})
	}
}

func TestSendersReachNamedPorts(t *testing.T) {
	np, err := platform.AllowFrom("staging", platform.Prometheus("monitoring"), netpol.AllPods, netpol.Named(corev1.ProtocolTCP, "metrics"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"staging/allow-from-prometheus for all",
		"from pods app.kubernetes.io/name=prometheus of namespaces kubernetes.io/metadata.name=monitoring on TCP metrics",
	}
	if diff := cmp.Diff(want, words(np)); diff != "" {
		t.Error(diff)
	}
}

func TestASenderServesSeveralPolicies(t *testing.T) {
	lb := platform.LoadBalancer(platform.GKE, prefix("10.129.0.0/23"))
	first, err := platform.AllowFrom("staging", lb, web, netpol.TCP(8080))
	if err != nil {
		t.Fatal(err)
	}
	want := words(first)
	first.Spec.Ingress[0].From[0].IPBlock.CIDR = "192.0.2.0/24"
	second, err := platform.AllowFrom("staging", lb, web, netpol.TCP(8080))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, words(second)); diff != "" {
		t.Errorf("a change of one policy reached the sender: %s", diff)
	}
}
