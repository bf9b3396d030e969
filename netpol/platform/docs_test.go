// SPDX-License-Identifier: Apache-2.0

package platform_test

import (
	"os"
	"strings"
	"testing"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/platform"
)

// TestThePageNamesEveryPeer wants each address and label that the package brings
// along in docs/platforms.md.
func TestThePageNamesEveryPeer(t *testing.T) {
	text, err := os.ReadFile("../../docs/platforms.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	ours := prefix("192.0.2.0/24") // an argument, which the page does not name
	var policies []*networkingv1.NetworkPolicy
	for _, sender := range []platform.Sender{
		platform.IngressNGINX("installed"), platform.Traefik("installed"), platform.IstioGateway("installed"),
		platform.Prometheus("installed"), platform.OpenShiftRouter(),
	} {
		policies = append(policies, bulkhead.Must(platform.AllowFrom("staging", sender, web, netpol.TCP(80))))
	}
	for _, vip := range []platform.GoogleVIP{platform.PrivateVIP, platform.RestrictedVIP} {
		policies = append(policies, bulkhead.Must(platform.AllowGoogleAPIs("staging", vip, web)))
	}
	for p := platform.Kubernetes; p <= platform.OpenShift; p++ {
		if !strings.Contains(page, p.String()) && p != platform.GKEDataplaneV2 && p != platform.GKEAutopilot {
			t.Errorf("the page does not name %s", p)
		}
		for _, r := range []result{
			built(platform.AllowDNS("staging", p)),
			built(platform.AllowMetadata("staging", p, web)),
			built(platform.AllowNodeMetadata("staging", p, web)),
			built(platform.AllowFrom("staging", platform.LoadBalancer(p, ours), web, netpol.TCP(80))),
			built(platform.AllowFrom("staging", platform.ManagedPrometheus(p), web, netpol.TCP(80))),
		} {
			if r.err == nil {
				policies = append(policies, r.np)
			}
		}
	}
	for _, np := range policies {
		for _, name := range peerNames(np) {
			if name != ours.String() && name != "installed" && !strings.Contains(page, name) {
				t.Errorf("the page does not name %s of %s", name, np.Name)
			}
		}
	}
}

// peerNames returns the addresses, pod labels and namespaces of a policy's peers,
// as a page for people writes them.
func peerNames(np *networkingv1.NetworkPolicy) []string {
	var peers []networkingv1.NetworkPolicyPeer
	for _, rule := range np.Spec.Ingress {
		peers = append(peers, rule.From...)
	}
	for _, rule := range np.Spec.Egress {
		peers = append(peers, rule.To...)
	}
	var out []string
	for _, peer := range peers {
		if peer.IPBlock != nil {
			out = append(out, strings.TrimSuffix(strings.TrimSuffix(peer.IPBlock.CIDR, "/32"), "/128"))
			continue
		}
		for _, s := range []*metav1.LabelSelector{peer.PodSelector, peer.NamespaceSelector} {
			if s == nil {
				continue
			}
			for key, value := range s.MatchLabels {
				if key == "kubernetes.io/metadata.name" {
					out = append(out, value)
				} else {
					out = append(out, key+"="+value)
				}
			}
		}
	}
	return out
}
