// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
)

func TestFlowsAreValues(t *testing.T) {
	// Three ports leave spare capacity in the list; a shared array would let one
	// fork overwrite the port of the other.
	base := netpol.From(netpol.Pods{"app": "web"}).TCP(1, 2, 3)
	left, right := base.TCP(4), base.TCP(5)
	for flow, want := range map[*netpol.Flow]int32{&left: 4, &right: 5} {
		np := bulkhead.Must(netpol.Allow("shop", "p", netpol.AllPods, *flow))
		ports := np.Spec.Ingress[0].Ports
		if len(ports) != 4 || ports[3].Port.IntVal != want {
			t.Errorf("fork has %d ports, the last %v; want 4, the last %d", len(ports), ports[len(ports)-1].Port, want)
		}
	}
}

func TestBuildersDoNotAliasTheirArguments(t *testing.T) {
	for name, begin := range map[string]func(...netpol.Peer) netpol.Flow{"From": netpol.From, "To": netpol.To} {
		t.Run(name, func(t *testing.T) {
			subject, pods, inside := netpol.Pods{"app": "web"}, netpol.Pods{"app": "web"}, netpol.Pods{"app": "web"}
			namespaces, around := netpol.Namespaces{"team": "shop"}, netpol.Namespaces{"team": "shop"}
			except := []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}

			in, block := inside.In(around), netpol.CIDR(netip.MustParsePrefix("10.0.0.0/8"), except...)
			inside["app"], around["team"], except[0] = "db", "bank", netip.MustParsePrefix("10.2.0.0/16")

			peers := []netpol.Peer{pods, namespaces, in, block}
			flow := begin(peers...).TCP(80)
			pods["app"], namespaces["team"], peers[3] = "db", "bank", netpol.AllPods

			labels := func(key, value string) *metav1.LabelSelector {
				return &metav1.LabelSelector{MatchLabels: map[string]string{key: value}}
			}
			want := []networkingv1.NetworkPolicyPeer{
				{PodSelector: labels("app", "web")},
				{NamespaceSelector: labels("team", "shop")},
				{NamespaceSelector: labels("team", "shop"), PodSelector: labels("app", "web")},
				{IPBlock: &networkingv1.IPBlock{CIDR: "10.0.0.0/8", Except: []string{"10.1.0.0/16"}}},
			}
			first := bulkhead.Must(netpol.Allow("shop", "p", subject, flow))
			if diff := cmp.Diff(want, peersOf(first)); diff != "" {
				t.Errorf("the flow follows its arguments (-want +got):\n%s", diff)
			}
			subject["app"] = "db"
			if got := first.Spec.PodSelector.MatchLabels["app"]; got != "web" {
				t.Errorf("the subject follows its argument: app=%s", got)
			}

			// Nor do two policies of one flow share anything.
			for _, peer := range peersOf(first) {
				for _, selector := range []*metav1.LabelSelector{peer.PodSelector, peer.NamespaceSelector} {
					if selector != nil {
						clear(selector.MatchLabels)
					}
				}
				if peer.IPBlock != nil {
					peer.IPBlock.Except[0] = "10.3.0.0/16"
				}
			}
			*portsOf(first)[0].Protocol = corev1.ProtocolUDP
			second := bulkhead.Must(netpol.Allow("shop", "p", subject, flow))
			if diff := cmp.Diff(want, peersOf(second)); diff != "" {
				t.Errorf("two policies of one flow share a peer (-want +got):\n%s", diff)
			}
			if got := *portsOf(second)[0].Protocol; got != corev1.ProtocolTCP {
				t.Errorf("two policies of one flow share a protocol: %s", got)
			}
		})
	}
}

// peersOf returns the peers of the only rule of a policy.
func peersOf(np *networkingv1.NetworkPolicy) []networkingv1.NetworkPolicyPeer {
	if len(np.Spec.Ingress) > 0 {
		return np.Spec.Ingress[0].From
	}
	return np.Spec.Egress[0].To
}

// portsOf returns the ports of the only rule of a policy.
func portsOf(np *networkingv1.NetworkPolicy) []networkingv1.NetworkPolicyPort {
	if len(np.Spec.Ingress) > 0 {
		return np.Spec.Ingress[0].Ports
	}
	return np.Spec.Egress[0].Ports
}
