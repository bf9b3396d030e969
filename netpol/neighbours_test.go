// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
)

// ruleOf returns one rule of the package.
func ruleOf(id string) bulkhead.Rule {
	rules := netpol.Rules()
	return rules[slices.IndexFunc(rules, func(r bulkhead.Rule) bool { return r.ID == id })]
}

// A few names, labels and ports, so that random objects have to do with each other.
var (
	someNamespaces = rapid.SampledFrom([]string{"shop", "blog", ""})
	someLabels     = rapid.MapOf(rapid.SampledFrom([]string{"app", "tier"}), rapid.SampledFrom([]string{"web", "db"}))
	someNames      = rapid.SampledFrom([]string{"http", "dns"})
	someNumbers    = rapid.SampledFrom([]int32{0, 53, 80, 8080, -1})
	someProtocols  = rapid.SampledFrom([]corev1.Protocol{"", corev1.ProtocolTCP, corev1.ProtocolUDP, "ICMP"})
	someAddresses  = rapid.SampledFrom([]string{"10.0.0.7", "10.0.0.8", "fd00::7", "None", "", "x"})
	someBlocks     = rapid.SampledFrom([]string{"10.0.0.7/32", "10.0.0.0/24", "0.0.0.0/0", "fd00::7/128", "::/0", "", "x", "10.0.0.7/8"})
)

func someIntOrString() *rapid.Generator[intstr.IntOrString] {
	return rapid.OneOf(rapid.Map(someNumbers, intstr.FromInt32), rapid.Map(someNames, intstr.FromString))
}

func someSelectors() *rapid.Generator[metav1.LabelSelector] {
	return rapid.Custom(func(t *rapid.T) metav1.LabelSelector {
		out := metav1.LabelSelector{MatchLabels: someLabels.Draw(t, "labels")}
		if rapid.IntRange(0, 3).Draw(t, "expression") == 0 {
			out.MatchExpressions = []metav1.LabelSelectorRequirement{{
				Key:      rapid.SampledFrom([]string{"app", "kubernetes.io/metadata.name", "name", "not a key"}).Draw(t, "key"),
				Operator: rapid.SampledFrom([]metav1.LabelSelectorOperator{"In", "NotIn", "Exists", "DoesNotExist", "Near"}).Draw(t, "operator"),
				Values:   rapid.SliceOfN(rapid.SampledFrom([]string{"shop", "blog", "Shop", "web"}), 0, 2).Draw(t, "values"),
			}}
		}
		return out
	})
}

func optional[T any](g *rapid.Generator[T]) *rapid.Generator[*T] {
	return rapid.OneOf(rapid.Just[*T](nil), rapid.Map(g, func(v T) *T { return &v }))
}

// somePolicies draws policies without regard to what the API server accepts.
func somePolicies() *rapid.Generator[*networkingv1.NetworkPolicy] {
	peer := rapid.Custom(func(t *rapid.T) networkingv1.NetworkPolicyPeer {
		return networkingv1.NetworkPolicyPeer{
			PodSelector:       optional(someSelectors()).Draw(t, "pods"),
			NamespaceSelector: optional(someSelectors()).Draw(t, "namespaces"),
			IPBlock: optional(rapid.Map(someBlocks, func(cidr string) networkingv1.IPBlock {
				return networkingv1.IPBlock{CIDR: cidr}
			})).Draw(t, "block"),
		}
	})
	port := rapid.Custom(func(t *rapid.T) networkingv1.NetworkPolicyPort {
		return networkingv1.NetworkPolicyPort{
			Protocol: optional(someProtocols).Draw(t, "protocol"),
			Port:     optional(someIntOrString()).Draw(t, "port"),
			EndPort:  optional(someNumbers).Draw(t, "end"),
		}
	})
	return rapid.Custom(func(t *rapid.T) *networkingv1.NetworkPolicy {
		out := &networkingv1.NetworkPolicy{ObjectMeta: someMeta().Draw(t, "meta")}
		out.Spec.PodSelector = someSelectors().Draw(t, "subject")
		out.Spec.PolicyTypes = rapid.SliceOfN(rapid.SampledFrom([]networkingv1.PolicyType{"Ingress", "Egress", "Across"}), 0, 2).Draw(t, "types")
		for range rapid.IntRange(0, 2).Draw(t, "ingress rules") {
			out.Spec.Ingress = append(out.Spec.Ingress, networkingv1.NetworkPolicyIngressRule{
				From: rapid.SliceOfN(peer, 0, 3).Draw(t, "from"), Ports: rapid.SliceOfN(port, 0, 2).Draw(t, "ports"),
			})
		}
		for range rapid.IntRange(0, 2).Draw(t, "egress rules") {
			out.Spec.Egress = append(out.Spec.Egress, networkingv1.NetworkPolicyEgressRule{
				To: rapid.SliceOfN(peer, 0, 3).Draw(t, "to"), Ports: rapid.SliceOfN(port, 0, 2).Draw(t, "ports"),
			})
		}
		return out
	})
}

func someMeta() *rapid.Generator[metav1.ObjectMeta] {
	return rapid.Custom(func(t *rapid.T) metav1.ObjectMeta {
		return metav1.ObjectMeta{
			Namespace: someNamespaces.Draw(t, "namespace"),
			Name:      rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "name"),
			Labels:    someLabels.Draw(t, "labels"),
		}
	})
}

func somePodTemplates() *rapid.Generator[corev1.PodTemplateSpec] {
	container := rapid.Custom(func(t *rapid.T) corev1.Container {
		var out corev1.Container
		for range rapid.IntRange(0, 2).Draw(t, "ports") {
			out.Ports = append(out.Ports, corev1.ContainerPort{
				Name: someNames.Draw(t, "name"), ContainerPort: someNumbers.Draw(t, "number"), Protocol: someProtocols.Draw(t, "protocol"),
			})
		}
		return out
	})
	return rapid.Custom(func(t *rapid.T) corev1.PodTemplateSpec {
		return corev1.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Labels: someLabels.Draw(t, "labels of the pods")},
			Spec: corev1.PodSpec{
				HostNetwork: rapid.IntRange(0, 3).Draw(t, "host network") == 0,
				Containers:  rapid.SliceOfN(container, 0, 2).Draw(t, "containers"),
			},
		}
	})
}

func someServices() *rapid.Generator[*corev1.Service] {
	return rapid.Custom(func(t *rapid.T) *corev1.Service {
		out := &corev1.Service{ObjectMeta: someMeta().Draw(t, "meta")}
		out.Spec.Selector = someLabels.Draw(t, "selector")
		out.Spec.Type = rapid.SampledFrom([]corev1.ServiceType{"", "NodePort", "LoadBalancer", "ExternalName"}).Draw(t, "type")
		out.Spec.ClusterIP = someAddresses.Draw(t, "address")
		for range rapid.IntRange(0, 2).Draw(t, "ports") {
			out.Spec.Ports = append(out.Spec.Ports, corev1.ServicePort{
				Port: someNumbers.Draw(t, "port"), Protocol: someProtocols.Draw(t, "protocol"), TargetPort: someIntOrString().Draw(t, "target"),
			})
		}
		return out
	})
}

// someObjects draws sets in which things are missing, doubled and invalid.
func someObjects() *rapid.Generator[[]bulkhead.Object] {
	return rapid.SliceOfN(rapid.OneOf(
		rapid.Map(somePolicies(), func(np *networkingv1.NetworkPolicy) bulkhead.Object { return np }),
		rapid.Map(someServices(), func(s *corev1.Service) bulkhead.Object { return s }),
		rapid.Custom(func(t *rapid.T) bulkhead.Object {
			return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: someNamespaces.Draw(t, "name"), Labels: someLabels.Draw(t, "labels")}}
		}),
		rapid.Custom(func(t *rapid.T) bulkhead.Object {
			return &appsv1.Deployment{ObjectMeta: someMeta().Draw(t, "meta"), Spec: appsv1.DeploymentSpec{Template: somePodTemplates().Draw(t, "pods")}}
		}),
		rapid.Custom(func(t *rapid.T) bulkhead.Object {
			template := somePodTemplates().Draw(t, "pods")
			out := &corev1.Pod{ObjectMeta: someMeta().Draw(t, "meta"), Spec: template.Spec}
			out.Status.PodIP = someAddresses.Draw(t, "address")
			return out
		}),
	), 0, 12)
}

// Whatever the objects are, no rule panics, and two runs say the same about
// objects of the set.
func TestRulesOnAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objs := someObjects().Draw(t, "objects")
		first := bulkhead.Check(objs, netpol.Rules()...)
		slices.Reverse(objs)
		if diff := cmp.Diff(first, bulkhead.Check(objs, netpol.Rules()...)); diff != "" {
			t.Fatalf("a second run differs:\n%s", diff)
		}
		for _, f := range first {
			if !slices.ContainsFunc(objs, func(o bulkhead.Object) bool { return bulkhead.RefTo(o) == f.Object }) {
				t.Fatalf("%s: no such object", f)
			}
		}
	})
}

// Unpoliced says of each Deployment of a namespace what a count of the policies
// that select its pods says.
func TestUnpolicedAgainstACount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var objs []bulkhead.Object
		var policies []*networkingv1.NetworkPolicy
		for i := range rapid.IntRange(0, 4).Draw(t, "policies") {
			np := somePolicies().Draw(t, "policy")
			np.Namespace, np.Name = "shop", fmt.Sprint(i)
			policies = append(policies, np)
			objs = append(objs, np)
		}
		var want []string
		for i := range rapid.IntRange(1, 4).Draw(t, "workloads") {
			d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: fmt.Sprint(i)}}
			d.Spec.Template = somePodTemplates().Draw(t, "pods")
			objs = append(objs, d)
			ingress, egress := isolated(policies, d.Spec.Template.Labels)
			if !d.Spec.Template.Spec.HostNetwork && (!ingress || !egress) {
				want = append(want, d.Name)
			}
		}
		var got []string
		for _, f := range bulkhead.Check(objs, ruleOf(netpol.Unpoliced)) {
			got = append(got, f.Object.Name)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("unpoliced: %v, want %v", got, want)
		}
	})
}

func isolated(policies []*networkingv1.NetworkPolicy, pod labels.Set) (ingress, egress bool) {
	for _, np := range policies {
		selector, err := metav1.LabelSelectorAsSelector(&np.Spec.PodSelector)
		if err != nil || !selector.Matches(pod) {
			continue
		}
		types := np.Spec.PolicyTypes
		ingress = ingress || len(types) == 0 || slices.Contains(types, "Ingress")
		egress = egress || slices.Contains(types, "Egress") || len(types) == 0 && len(np.Spec.Egress) > 0
	}
	return ingress, egress
}

// A block is reported exactly if it lies inside a range of the cluster.
func TestServiceAddressBlockAgainstPrefixes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ranges := rapid.SliceOfN(blocks(), 0, 3).Draw(t, "ranges")
		block := blocks().Draw(t, "block")
		if rapid.Bool().Draw(t, "inside the first") && len(ranges) > 0 {
			first := ranges[0]
			block = netip.PrefixFrom(first.Addr(), rapid.IntRange(first.Bits(), first.Addr().BitLen()).Draw(t, "bits"))
		}
		cidr := &networkingv1.ServiceCIDR{ObjectMeta: metav1.ObjectMeta{Name: "kubernetes"}}
		want := false
		for _, r := range ranges {
			cidr.Spec.CIDRs = append(cidr.Spec.CIDRs, r.String())
			want = want || r.Overlaps(block) && r.Bits() <= block.Bits()
		}
		np := bulkhead.Must(netpol.Allow("shop", "web", netpol.AllPods, netpol.To(netpol.CIDR(block)).TCP(80)))
		got := bulkhead.Check([]bulkhead.Object{cidr, np}, ruleOf(netpol.ServiceAddressBlock))
		if (len(got) > 0) != want {
			t.Fatalf("%s in %v: got %v", block, ranges, got)
		}
	})
}

// The two policies of Connect and a wall around each namespace leave nothing to
// say about the workloads that they were made for.
func TestConnectAmongItsWorkloads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := int32(portsOfServers().Draw(t, "port"))
		ends := map[string]netpol.Pods{"shop": pods().Draw(t, "client"), "data": pods().Draw(t, "server")}
		endpoint := func(namespace string) netpol.Endpoint {
			return netpol.Endpoint{Namespace: namespace, Pods: rapid.SampledFrom([]netpol.Subject{ends[namespace], netpol.AllPods}).Draw(t, namespace)}
		}
		connection := bulkhead.Must(netpol.Connect("web", endpoint("shop"), endpoint("data"),
			rapid.SampledFrom([]netpol.Ports{netpol.TCP(uint16(number)), netpol.Named(corev1.ProtocolTCP, "main")}).Draw(t, "ports")))
		objs := connection.Objects()
		for namespace, labels := range ends {
			dns := bulkhead.Must(netpol.Allow(namespace, "dns", netpol.AllPods, netpol.To(netpol.Namespace("kube-system")).UDP(53).TCP(53)))
			d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "main"}}
			d.Spec.Template.Labels = labels
			d.Spec.Template.Spec.Containers = []corev1.Container{{Ports: []corev1.ContainerPort{{Name: "main", ContainerPort: number}}}}
			objs = append(objs, netpol.DefaultDeny(namespace), dns, d,
				&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}},
				&corev1.Service{
					ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "main"},
					Spec: corev1.ServiceSpec{Selector: labels, Ports: []corev1.ServicePort{
						{Port: number%65535 + 1, TargetPort: intstr.FromString("main")},
					}},
				})
		}
		if got := bulkhead.Check(objs, netpol.Rules()...); len(got) > 0 {
			t.Fatal(&bulkhead.FindingsError{Findings: got})
		}
	})
}
