// SPDX-License-Identifier: Apache-2.0

package superseded_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/netpol/internal/superseded"
)

func TestPorts(t *testing.T) {
	type ports = []policyv1alpha1.AdminNetworkPolicyPort
	type protocols = []policyv1alpha2.ClusterNetworkPolicyProtocol
	number := func(protocol corev1.Protocol) *ports {
		return &ports{{PortNumber: &policyv1alpha1.Port{Protocol: protocol, Port: 53}}}
	}
	want := &policyv1alpha2.Port{Number: 53}
	for name, tt := range map[string]struct {
		ports *ports
		want  protocols
	}{
		"no list is every port":         {nil, nil},
		"an empty list is refused":      {&ports{}, protocols{{}}},
		"an entry without a port too":   {&ports{{}}, protocols{{}}},
		"and one of no known protocol":  {number("ICMP"), protocols{{}}},
		"no protocol is TCP":            {number(""), protocols{{TCP: &policyv1alpha2.ClusterNetworkPolicyProtocolTCP{DestinationPort: want}}}},
		"UDP":                           {number("UDP"), protocols{{UDP: &policyv1alpha2.ClusterNetworkPolicyProtocolUDP{DestinationPort: want}}}},
		"SCTP":                          {number("SCTP"), protocols{{SCTP: &policyv1alpha2.ClusterNetworkPolicyProtocolSCTP{DestinationPort: want}}}},
		"a name has no protocol":        {&ports{{NamedPort: new("dns")}}, protocols{{DestinationNamedPort: "dns"}}},
		"of two, which is refused, all": {&ports{{NamedPort: new("dns"), PortNumber: (*number("UDP"))[0].PortNumber}}, protocols{{DestinationNamedPort: "dns", UDP: &policyv1alpha2.ClusterNetworkPolicyProtocolUDP{DestinationPort: want}}}},
	} {
		t.Run(name, func(t *testing.T) {
			anp := &policyv1alpha1.AdminNetworkPolicy{}
			anp.Spec.Ingress = []policyv1alpha1.AdminNetworkPolicyIngressRule{{Action: "Allow", Ports: tt.ports}}
			rule := superseded.Admin(anp).Spec.Ingress[0]
			if diff := cmp.Diff(tt.want, rule.Protocols); diff != "" || rule.Action != "Accept" {
				t.Errorf("%s (-want +got):\n%s", rule.Action, diff)
			}
		})
	}
}

func TestActions(t *testing.T) {
	for from, want := range map[policyv1alpha1.BaselineAdminNetworkPolicyRuleAction]policyv1alpha2.ClusterNetworkPolicyRuleAction{
		"Allow": "Accept", "Deny": "Deny", "Pass": "Pass", "Accept": "", "allow": "", "": "",
	} {
		banp := &policyv1alpha1.BaselineAdminNetworkPolicy{}
		banp.Spec.Egress = []policyv1alpha1.BaselineAdminNetworkPolicyEgressRule{{Action: from}}
		out := superseded.Baseline(banp)
		if got := out.Spec.Egress[0].Action; got != want || out.Spec.Tier != policyv1alpha2.BaselineTier {
			t.Errorf("%q becomes %q of tier %s, want %q", from, got, out.Spec.Tier, want)
		}
	}
}
