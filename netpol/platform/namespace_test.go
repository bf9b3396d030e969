// SPDX-License-Identifier: Apache-2.0

package platform_test

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/platform"
)

// TestANamespaceUnderDefaultDeny puts everything that a platform offers into one
// namespace: the policies have names of their own, and beside a workload and each
// other no rule finds fault with them.
func TestANamespaceUnderDefaultDeny(t *testing.T) {
	for p := platform.Kubernetes; p <= platform.OpenShift; p++ {
		t.Run(p.String(), func(t *testing.T) {
			offered := everything(t, p)
			found := walledOff(t, offered).Check(netpol.Rules()...)
			if len(found) > 0 {
				t.Error(found)
			}

			var nameless []*networkingv1.NetworkPolicy
			for _, np := range offered {
				if np.Name != "allow-dns" {
					nameless = append(nameless, np)
				}
			}
			found = walledOff(t, nameless).Check(netpol.Rules()...)
			if len(found) != 1 || found[0].Rule != netpol.DNSBlocked {
				t.Errorf("without AllowDNS names do not resolve, but the rules found %v", found)
			}
		})
	}
}

// everything returns the policies of a platform, without those that it lacks.
func everything(t *testing.T, p platform.Platform) []*networkingv1.NetworkPolicy {
	t.Helper()
	var out []*networkingv1.NetworkPolicy
	for _, r := range []result{
		built(platform.AllowDNS("staging", p)),
		built(platform.AllowAPIServer("staging", web, 443, prefix("172.16.0.0/28"))),
		built(platform.AllowGoogleAPIs("staging", platform.RestrictedVIP, web)),
		built(platform.AllowCloudSQL("staging", web, 5432, addr("10.20.0.3"))),
		built(platform.AllowCloudSQLConnector("staging", platform.RestrictedVIP, web, addr("10.20.0.3"))),
		built(platform.AllowExternal("staging", "allow-payments", web, 443, prefix("203.0.113.0/24"))),
		built(platform.AllowFrom("staging", platform.IngressNGINX("ingress-nginx"), web, netpol.TCP(8080))),
		built(platform.AllowFrom("staging", platform.Traefik("traefik"), web, netpol.TCP(8080))),
		built(platform.AllowFrom("staging", platform.IstioGateway("istio-system"), web, netpol.TCP(8080))),
		built(platform.AllowFrom("staging", platform.LoadBalancer(p, prefix("10.129.0.0/23")), web, netpol.TCP(8080))),
		built(platform.AllowFrom("staging", platform.Prometheus("monitoring"), web, netpol.Named(corev1.ProtocolTCP, "http"))),
	} {
		if r.err != nil {
			t.Fatal(r.err)
		}
		out = append(out, r.np)
	}
	for _, r := range []result{
		built(platform.AllowMetadata("staging", p, web)),
		built(platform.AllowNodeMetadata("staging", p, web)),
		built(platform.AllowFrom("staging", platform.ManagedPrometheus(p), web, netpol.TCP(8080))),
	} {
		if r.err == nil {
			out = append(out, r.np)
		}
	}
	if p == platform.OpenShift {
		out = append(out, bulkhead.Must(platform.AllowFrom("staging", platform.OpenShiftRouter(), web, netpol.TCP(8080))))
	}
	return out
}

// walledOff returns the namespace staging with a workload and the policies.
func walledOff(t *testing.T, policies []*networkingv1.NetworkPolicy) *bulkhead.Bulkhead {
	t.Helper()
	objs := []bulkhead.Object{
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "staging"}},
		netpol.DefaultDeny("staging"),
		&appsv1.Deployment{
			ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "web"},
			Spec: appsv1.DeploymentSpec{
				Selector: &metav1.LabelSelector{MatchLabels: web},
				Template: corev1.PodTemplateSpec{
					ObjectMeta: metav1.ObjectMeta{Labels: web},
					Spec: corev1.PodSpec{Containers: []corev1.Container{{
						Name: "web", Image: "web", Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 8080}},
					}}},
				},
			},
		},
	}
	for _, np := range policies {
		objs = append(objs, np)
	}
	b, err := bulkhead.New("staging", objs...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
