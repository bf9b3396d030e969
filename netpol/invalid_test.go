// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/netpol"
)

// sound is a policy that kube-apiserver accepts, with something of everything.
func sound() *networkingv1.NetworkPolicy {
	tcp, port := corev1.ProtocolTCP, intstr.FromInt32(80)
	labels := metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}}
	return &networkingv1.NetworkPolicy{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"},
		Spec: networkingv1.NetworkPolicySpec{
			PodSelector: labels,
			PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress},
			Ingress: []networkingv1.NetworkPolicyIngressRule{{
				From:  []networkingv1.NetworkPolicyPeer{{PodSelector: &labels, NamespaceSelector: &labels}},
				Ports: []networkingv1.NetworkPolicyPort{{Protocol: &tcp, Port: &port}},
			}},
			Egress: []networkingv1.NetworkPolicyEgressRule{{
				To: []networkingv1.NetworkPolicyPeer{{IPBlock: &networkingv1.IPBlock{CIDR: "192.0.2.0/24", Except: []string{"192.0.2.7/32"}}}},
			}},
		},
	}
}

// Each edit makes one mistake, or none. What is wanted was compared with the real
// validation of kube-apiserver 1.37.
func TestInvalidIsWhatTheServerRefuses(t *testing.T) {
	type policy = networkingv1.NetworkPolicy
	port := func(np *policy) *networkingv1.NetworkPolicyPort { return &np.Spec.Ingress[0].Ports[0] }
	from := func(np *policy) *networkingv1.NetworkPolicyPeer { return &np.Spec.Ingress[0].From[0] }
	block := func(np *policy) *networkingv1.IPBlock { return np.Spec.Egress[0].To[0].IPBlock }
	number := func(n int32) *int32 { return &n }
	numbered := func(n int32) *intstr.IntOrString { return &intstr.IntOrString{IntVal: n} }
	named := func(s string) *intstr.IntOrString { return &intstr.IntOrString{Type: intstr.String, StrVal: s} }
	protocol := func(p corev1.Protocol) *corev1.Protocol { return &p }
	ownedBy := func(uids ...string) []metav1.OwnerReference {
		var out []metav1.OwnerReference
		for _, uid := range uids {
			controller := true
			out = append(out, metav1.OwnerReference{APIVersion: "apps/v1", Kind: "Deployment", Name: "web", UID: types.UID(uid), Controller: &controller})
		}
		return out
	}
	tests := map[string]struct {
		edit func(*policy)
		want []string
	}{
		"nothing wrong":                            {func(*policy) {}, nil},
		"no name":                                  {func(np *policy) { np.Name = "" }, []string{"metadata.name"}},
		"a name that is no DNS subdomain":          {func(np *policy) { np.Name = "web_1" }, []string{"metadata.name"}},
		"a name too long":                          {func(np *policy) { np.Name = strings.Repeat("a", 254) }, []string{"metadata.name"}},
		"a name as long as may be":                 {func(np *policy) { np.Name = strings.Repeat("a", 253) }, nil},
		"a generated name":                         {func(np *policy) { np.Name, np.GenerateName = "", "web-" }, nil},
		"a generated name from a long prefix":      {func(np *policy) { np.Name, np.GenerateName = "", strings.Repeat("a", 100)+"-" }, nil},
		"a generated name from the longest prefix": {func(np *policy) { np.Name, np.GenerateName = "", strings.Repeat("a", 253) }, nil},
		"a generated name from a bad prefix":       {func(np *policy) { np.Name, np.GenerateName = "", "Web-" }, []string{"metadata.generateName", "metadata.name"}},
		"a prefix that is cut after a dot":         {func(np *policy) { np.Name, np.GenerateName = "", strings.Repeat("a", 57)+".b" }, nil},
		"a prefix that no URL can hold":            {func(np *policy) { np.GenerateName = "%-" }, []string{"metadata.generateName"}},
		"a namespace that is no DNS label":         {func(np *policy) { np.Namespace = "shop.web" }, []string{"metadata.namespace"}},
		"the namespace left to kubectl":            {func(np *policy) { np.Namespace = "" }, nil},
		"a label without a name":                   {func(np *policy) { np.Labels = map[string]string{"app/": "web"} }, []string{"metadata.labels"}},
		"a label value with a blank":               {func(np *policy) { np.Labels = map[string]string{"app": "a b"} }, []string{"metadata.labels"}},
		"an annotation key with two slashes":       {func(np *policy) { np.Annotations = map[string]string{"a/b/c": ""} }, []string{"metadata.annotations"}},
		"an annotation key in upper case":          {func(np *policy) { np.Annotations = map[string]string{"A.B/C": "any text"} }, nil},
		"annotations beyond 256 KiB":               {func(np *policy) { np.Annotations = map[string]string{"a": strings.Repeat("x", 256<<10)} }, []string{"metadata.annotations"}},
		"a finalizer without a domain":             {func(np *policy) { np.Finalizers = []string{"orphan", "cleanup"} }, []string{"metadata.finalizers[1]"}},
		"finalizers that exclude each other":       {func(np *policy) { np.Finalizers = []string{"orphan", "foregroundDeletion"} }, []string{"metadata.finalizers"}},
		"two controllers":                          {func(np *policy) { np.OwnerReferences = ownedBy("1", "2") }, []string{"metadata.ownerReferences"}},
		"one controller twice":                     {func(np *policy) { np.OwnerReferences = ownedBy("1", "1") }, nil},
		"an owner without a UID":                   {func(np *policy) { np.OwnerReferences = ownedBy("") }, []string{"metadata.ownerReferences[0].uid"}},
		"a generation below zero":                  {func(np *policy) { np.Generation = -1 }, nil},
		"an unknown policy type":                   {func(np *policy) { np.Spec.PolicyTypes[1] = "egress" }, []string{"spec.policyTypes[1]"}},
		"three policy types":                       {func(np *policy) { np.Spec.PolicyTypes = append(np.Spec.PolicyTypes, "both") }, []string{"spec.policyTypes"}},
		"a policy type twice":                      {func(np *policy) { np.Spec.PolicyTypes[1] = np.Spec.PolicyTypes[0] }, nil},
		"no policy type":                           {func(np *policy) { np.Spec.PolicyTypes = nil }, nil},
		"an operator without values":               {func(np *policy) { express(np, metav1.LabelSelectorOpIn) }, []string{"spec.podSelector.matchExpressions[0].values"}},
		"an operator with values too many":         {func(np *policy) { express(np, metav1.LabelSelectorOpExists, "web") }, []string{"spec.podSelector.matchExpressions[0].values"}},
		"an unknown operator":                      {func(np *policy) { express(np, "Equals", "web") }, []string{"spec.podSelector.matchExpressions[0].operator"}},
		"a bad value in a selector":                {func(np *policy) { express(np, metav1.LabelSelectorOpNotIn, "web", "-") }, []string{"spec.podSelector.matchExpressions[0].values[1]"}},
		"a peer without anything":                  {func(np *policy) { *from(np) = networkingv1.NetworkPolicyPeer{} }, []string{"spec.ingress[0].from[0]"}},
		"a peer of a block and a selector":         {func(np *policy) { from(np).IPBlock = block(np) }, []string{"spec.ingress[0].from[0]"}},
		"empty selectors": {func(np *policy) {
			from(np).PodSelector, from(np).NamespaceSelector = &metav1.LabelSelector{}, &metav1.LabelSelector{}
		}, nil},
		"an empty block":                       {func(np *policy) { block(np).CIDR = "" }, []string{"spec.egress[0].to[0].ipBlock.cidr"}},
		"an address for a block":               {func(np *policy) { block(np).CIDR = "192.0.2.0" }, []string{"spec.egress[0].to[0].ipBlock.cidr"}},
		"bits beyond the prefix":               {func(np *policy) { block(np).CIDR = "192.0.2.1/24" }, []string{"spec.egress[0].to[0].ipBlock.cidr"}},
		"leading zeros":                        {func(np *policy) { block(np).CIDR = "192.0.02.0/24" }, []string{"spec.egress[0].to[0].ipBlock.cidr"}},
		"IPv4 written as IPv6":                 {func(np *policy) { block(np).CIDR, block(np).Except = "::ffff:192.0.2.0/120", nil }, []string{"spec.egress[0].to[0].ipBlock.cidr"}},
		"IPv6 in capitals":                     {func(np *policy) { block(np).CIDR, block(np).Except = "2001:DB8:0::/48", nil }, nil},
		"an except as large as the block":      {func(np *policy) { block(np).Except[0] = "192.0.2.0/24" }, []string{"spec.egress[0].to[0].ipBlock.except[0]"}},
		"an except outside the block":          {func(np *policy) { block(np).Except[0] = "198.51.100.7/32" }, []string{"spec.egress[0].to[0].ipBlock.except[0]"}},
		"an except of the other family":        {func(np *policy) { block(np).Except[0] = "2001:db8::/64" }, []string{"spec.egress[0].to[0].ipBlock.except[0]"}},
		"an except that is an address":         {func(np *policy) { block(np).Except[0] = "192.0.2.7" }, []string{"spec.egress[0].to[0].ipBlock.except[0]"}},
		"an except in a block that is refused": {func(np *policy) { block(np).CIDR = "nonsense" }, []string{"spec.egress[0].to[0].ipBlock.cidr"}},
		"a protocol in lower case":             {func(np *policy) { port(np).Protocol = protocol("tcp") }, []string{"spec.ingress[0].ports[0].protocol"}},
		"an empty protocol":                    {func(np *policy) { port(np).Protocol = protocol("") }, []string{"spec.ingress[0].ports[0].protocol"}},
		"no protocol":                          {func(np *policy) { port(np).Protocol = nil }, nil},
		"SCTP":                                 {func(np *policy) { port(np).Protocol = protocol(corev1.ProtocolSCTP) }, nil},
		"port 0":                               {func(np *policy) { port(np).Port = numbered(0) }, []string{"spec.ingress[0].ports[0].port"}},
		"a port too high":                      {func(np *policy) { port(np).Port = numbered(65536) }, []string{"spec.ingress[0].ports[0].port"}},
		"a number for a port name":             {func(np *policy) { port(np).Port = named("80") }, []string{"spec.ingress[0].ports[0].port"}},
		"a port name of 16 letters":            {func(np *policy) { port(np).Port = named("sixteen-letters-") }, []string{"spec.ingress[0].ports[0].port"}},
		"a range of one port":                  {func(np *policy) { port(np).EndPort = number(80) }, nil},
		"a range backwards":                    {func(np *policy) { port(np).EndPort = number(79) }, []string{"spec.ingress[0].ports[0].endPort"}},
		"a range that ends too high":           {func(np *policy) { port(np).EndPort = number(65536) }, []string{"spec.ingress[0].ports[0].endPort"}},
		"a range from a name":                  {func(np *policy) { port(np).Port, port(np).EndPort = named("http"), number(90) }, []string{"spec.ingress[0].ports[0].endPort"}},
		"a range from nowhere":                 {func(np *policy) { port(np).Port, port(np).EndPort = nil, number(90) }, []string{"spec.ingress[0].ports[0].endPort"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			np := sound()
			tt.edit(np)
			before := np.DeepCopy()
			fields := reported(np, netpol.Invalid)
			slices.Sort(fields)
			if diff := cmp.Diff(tt.want, slices.Compact(fields)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, np); diff != "" {
				t.Errorf("the rule changed the policy:\n%s", diff)
			}
		})
	}
}

// express gives the subject of a policy one requirement.
func express(np *networkingv1.NetworkPolicy, operator metav1.LabelSelectorOperator, values ...string) {
	np.Spec.PodSelector.MatchExpressions = []metav1.LabelSelectorRequirement{{Key: "app", Operator: operator, Values: values}}
}

// An object in memory may hold what no manifest can.
func TestPortsOfNoKindAreRefused(t *testing.T) {
	np := sound()
	np.Spec.Ingress[0].Ports[0].Port = &intstr.IntOrString{Type: 7}
	if len(reported(np, netpol.Invalid)) == 0 {
		t.Error("a port that is neither number nor name is accepted")
	}
}

func TestBitsBeyondThePrefixAreToldWithTheBlock(t *testing.T) {
	np := sound()
	np.Spec.Egress = []networkingv1.NetworkPolicyEgressRule{{To: []networkingv1.NetworkPolicyPeer{{
		IPBlock: &networkingv1.IPBlock{CIDR: "10.1.2.3/8", Except: []string{"10.9.0.1/16"}},
	}}}}
	var got []string
	for _, f := range netpol.Validate(np) {
		if f.Rule == netpol.Invalid {
			got = append(got, f.Field+" "+f.Message[strings.LastIndex(f.Message, " ")+1:])
		}
	}
	want := []string{"spec.egress[0].to[0].ipBlock.cidr 10.0.0.0/8", "spec.egress[0].to[0].ipBlock.except[0] 10.9.0.0/16"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields and blocks (-want +got):\n%s", diff)
	}
}
