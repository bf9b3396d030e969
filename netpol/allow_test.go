// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"bytes"
	"errors"
	"net/netip"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol"
)

// errorsBesides drops warnings, which speak up where a caller asked in so many
// words for much, such as AllNamespaces: the builder obeys, the rule says what it
// means. It also drops the named rules.
func errorsBesides(fs bulkhead.Findings, rules ...string) bulkhead.Findings {
	var out bulkhead.Findings
	for _, f := range fs.Of(bulkhead.Error) {
		if !slices.Contains(rules, f.Rule) {
			out = append(out, f)
		}
	}
	return out
}

// checkBuilt fails unless obj has no finding, alone and read back from YAML
// unchanged.
func checkBuilt(t *rapid.T, objs []bulkhead.Object, findings bulkhead.Findings) {
	if len(findings) > 0 {
		t.Fatalf("a builder's own object has findings:\n%s", &bulkhead.FindingsError{Findings: findings})
	}
	var yaml bytes.Buffer
	if err := manifest.Write(&yaml, objs...); err != nil {
		t.Fatal(err)
	}
	set, err := manifest.Read("built.yaml", &yaml)
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Findings()) > 0 {
		t.Fatalf("reading it back finds: %v", set.Findings())
	}
	if diff := cmp.Diff(objs, set.Objects); diff != "" {
		t.Fatalf("YAML changes the object (-built +read):\n%s", diff)
	}
}

func TestAllowBuildsValidPolicies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		np, err := netpol.Allow(names().Draw(t, "namespace"), names().Draw(t, "name"), subjects().Draw(t, "subject"),
			rapid.SliceOfN(flows(), 1, 3).Draw(t, "flows")...)
		if err != nil {
			t.Fatal(err)
		}
		// Anyone on AnyPort for AllPods is everything; the builder obeys and the rule says so.
		checkBuilt(t, []bulkhead.Object{np}, errorsBesides(netpol.Validate(np), "netpol/allow-all"))
	})
}

func TestNarrowPoliciesHaveNoFindings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.Custom(func(t *rapid.T) netpol.Peer {
			return pods().Draw(t, "pods").In(netpol.Namespace(names().Draw(t, "namespace")))
		})
		np, err := netpol.Allow(names().Draw(t, "namespace"), names().Draw(t, "name"), subjects().Draw(t, "subject"),
			netpol.From(in.Draw(t, "source")).TCP(rapid.Uint16Min(1024).Draw(t, "port")),
			netpol.To(in.Draw(t, "destination")).TCP(rapid.Uint16Min(1024).Draw(t, "port")))
		if err != nil {
			t.Fatal(err)
		}
		checkBuilt(t, []bulkhead.Object{np}, netpol.Validate(np))
	})
}

func TestNamespaceWidePoliciesHaveNoFindings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		namespace := names().Draw(t, "namespace")
		for _, np := range []*networkingv1.NetworkPolicy{netpol.DefaultDeny(namespace), netpol.AllowWithin(namespace)} {
			checkBuilt(t, []bulkhead.Object{np}, netpol.Validate(np))
		}
	})
}

func TestConnectBuildsValidPolicies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		endpoint := rapid.Custom(func(t *rapid.T) netpol.Endpoint {
			return netpol.Endpoint{Namespace: names().Draw(t, "namespace"), Pods: pods().Draw(t, "pods")}
		})
		c, err := netpol.Connect(names().Draw(t, "name"), endpoint.Draw(t, "client"), endpoint.Draw(t, "server"),
			netpol.TCP(rapid.Uint16Min(1024).Draw(t, "port")))
		if err != nil {
			t.Fatal(err)
		}
		findings := append(netpol.Validate(c.Egress), netpol.Validate(c.Ingress)...)
		checkBuilt(t, c.Objects(), findings)
	})
}

// refused collects "type field" of every mistake that err holds, and fails unless
// errors.As reaches them.
func refused(t *testing.T, err error) []string {
	t.Helper()
	if _, ok := errors.AsType[*field.Error](err); !ok {
		t.Errorf("%v: no *field.Error within reach of errors.As", err)
	}
	if invalid, ok := err.(*bulkhead.InvalidError); ok { //nolint:errorlint // the tree is walked here
		var out []string
		for _, mistake := range invalid.Errs {
			out = append(out, string(mistake.Type)+" "+mistake.Field)
		}
		return out
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("%v: not an InvalidError", err)
	}
	var out []string
	for _, e := range joined.Unwrap() {
		out = append(out, refused(t, e)...)
	}
	return out
}

const (
	required  = string(field.ErrorTypeRequired)
	invalid   = string(field.ErrorTypeInvalid)
	forbidden = string(field.ErrorTypeForbidden)
	unknown   = string(field.ErrorTypeNotSupported)
)

func TestAllowRefuses(t *testing.T) {
	web := netpol.Pods{"app": "web"}
	ok := netpol.From(web).TCP(80)
	tests := map[string]struct {
		namespace, name string
		subject         netpol.Subject
		flows           []netpol.Flow
		want            []string
	}{
		"no flow":                  {"shop", "p", web, nil, []string{required + " spec"}},
		"no subject":               {"shop", "p", nil, []netpol.Flow{ok}, []string{required + " spec.podSelector"}},
		"a subject without labels": {"shop", "p", netpol.Pods{}, []netpol.Flow{ok}, []string{required + " spec.podSelector"}},
		"a nil map as subject":     {"shop", "p", netpol.Pods(nil), []netpol.Flow{ok}, []string{required + " spec.podSelector"}},
		"no namespace":             {"", "p", web, []netpol.Flow{ok}, []string{required + " metadata.namespace"}},
		"no name":                  {"shop", "", web, []netpol.Flow{ok}, []string{required + " metadata.name"}},
		"a name that is no DNS subdomain": {
			"shop", "Web Policy", web,
			[]netpol.Flow{ok},
			[]string{invalid + " metadata.name"},
		},
		"a label value with a space": {
			"shop", "p",
			netpol.Pods{"app": "web shop"},
			[]netpol.Flow{ok},
			[]string{invalid + " spec.podSelector.matchLabels"},
		},
		"a flow without direction": {"shop", "p", web, []netpol.Flow{{}}, []string{required + " spec"}},
		"no peer":                  {"shop", "p", web, []netpol.Flow{netpol.From().TCP(80)}, []string{required + " spec.ingress[0].from"}},
		"a nil peer": {
			"shop", "p", web,
			[]netpol.Flow{netpol.From(web, nil).TCP(80)},
			[]string{required + " spec.ingress[0].from[1]"},
		},
		"a peer without labels": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.Pods{}).TCP(80)},
			[]string{required + " spec.egress[0].to[0].podSelector"},
		},
		"namespaces without labels": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.Namespaces{}).TCP(80)},
			[]string{required + " spec.egress[0].to[0].namespaceSelector"},
		},
		"a namespace without a name": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.Namespace("")).TCP(80)},
			[]string{required + " spec.egress[0].to[0].namespaceSelector.matchLabels[kubernetes.io/metadata.name]"},
		},
		"pods without labels in namespaces without labels": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.Pods{}.In(nil)).TCP(80)},
			[]string{required + " spec.egress[0].to[0].namespaceSelector", required + " spec.egress[0].to[0].podSelector"},
		},
		"Anyone beside another peer": {
			"shop", "p", web,
			[]netpol.Flow{netpol.From(web, netpol.Anyone).TCP(80)},
			[]string{forbidden + " spec.ingress[0].from[1]"},
		},
		"Anyone before another peer": {
			"shop", "p", web,
			[]netpol.Flow{netpol.From(netpol.Anyone, web).TCP(80)},
			[]string{forbidden + " spec.ingress[0].from[0]"},
		},
		"Anyone twice": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.Anyone, netpol.Anyone).TCP(80)},
			[]string{forbidden + " spec.egress[0].to[0]", forbidden + " spec.egress[0].to[1]"},
		},
		"a namespace name that is only a label value": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.Namespace("Prod.EU_1")).TCP(80)},
			[]string{invalid + " spec.egress[0].to[0].namespaceSelector.matchLabels[kubernetes.io/metadata.name]"},
		},
		"a namespace name that is no label value": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.Namespace("prod eu")).TCP(80)},
			[]string{invalid + " spec.egress[0].to[0].namespaceSelector.matchLabels"},
		},
		"mistakes behind peers that are refused": {
			"shop", "p", web,
			[]netpol.Flow{
				netpol.To(nil, netpol.CIDR(netip.MustParsePrefix("10.0.0.1/8"))).TCP(80),
				netpol.From(netpol.CIDR(netip.Prefix{}), netpol.Anyone, netpol.Pods{"app": "a b"}).TCP(80),
			},
			[]string{
				required + " spec.egress[0].to[0]",
				required + " spec.ingress[0].from[0].ipBlock.cidr",
				forbidden + " spec.ingress[0].from[1]",
				invalid + " spec.ingress[0].from[2].podSelector.matchLabels",
				invalid + " spec.egress[0].to[1].ipBlock.cidr",
			},
		},
		"a zero prefix to cut out before one outside its block": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.CIDR(netip.MustParsePrefix("10.0.0.0/8"), netip.Prefix{}, netip.MustParsePrefix("11.0.0.0/16"))).TCP(80)},
			[]string{required + " spec.egress[0].to[0].ipBlock.except[0]", invalid + " spec.egress[0].to[0].ipBlock.except[1]"},
		},
		"a zero prefix to cut out of the zero prefix": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.CIDR(netip.Prefix{}, netip.Prefix{})).TCP(80)},
			[]string{required + " spec.egress[0].to[0].ipBlock.cidr", required + " spec.egress[0].to[0].ipBlock.except[0]"},
		},
		"no port": {"shop", "p", web, []netpol.Flow{netpol.From(web)}, []string{required + " spec.ingress[0].ports"}},
		"an empty list of ports": {
			"shop", "p", web,
			[]netpol.Flow{netpol.From(web).TCP()},
			[]string{required + " spec.ingress[0].ports"},
		},
		"AnyPort beside a port": {
			"shop", "p", web,
			[]netpol.Flow{netpol.From(web).TCP(80).AnyPort()},
			[]string{forbidden + " spec.ingress[0].ports"},
		},
		"port zero": {
			"shop", "p", web,
			[]netpol.Flow{netpol.From(web).TCP(80, 0)},
			[]string{invalid + " spec.ingress[0].ports[1].port"},
		},
		"a range that ends before it begins": {
			"shop", "p", web,
			[]netpol.Flow{netpol.From(web).On(netpol.Range(corev1.ProtocolTCP, 90, 80))},
			[]string{invalid + " spec.ingress[0].ports[0].endPort"},
		},
		"a protocol that policies do not know": {
			"shop", "p", web,
			[]netpol.Flow{netpol.From(web).On(netpol.Named("ICMP", "ping"))},
			[]string{unknown + " spec.ingress[0].ports[0].protocol"},
		},
		"a port name that is too long": {
			"shop", "p", web,
			[]netpol.Flow{netpol.From(web).On(netpol.Named(corev1.ProtocolTCP, "a-very-long-port-name"))},
			[]string{invalid + " spec.ingress[0].ports[0].port"},
		},
		"the zero prefix": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.CIDR(netip.Prefix{})).TCP(80)},
			[]string{required + " spec.egress[0].to[0].ipBlock.cidr"},
		},
		"a zero prefix to cut out": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.CIDR(netip.MustParsePrefix("10.0.0.0/8"), netip.Prefix{})).TCP(80)},
			[]string{required + " spec.egress[0].to[0].ipBlock.except[0]"},
		},
		"bits beyond the prefix length": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.CIDR(netip.MustParsePrefix("10.0.0.5/8"))).TCP(80)},
			[]string{invalid + " spec.egress[0].to[0].ipBlock.cidr"},
		},
		"an except outside its block": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.CIDR(netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("11.0.0.0/16"))).TCP(80)},
			[]string{invalid + " spec.egress[0].to[0].ipBlock.except[0]"},
		},
		"everything at once": {
			"", "",
			netpol.Pods{},
			[]netpol.Flow{netpol.From().TCP(0), netpol.To(netpol.Pods{})},
			[]string{
				required + " spec.podSelector",
				required + " spec.ingress[0].from",
				required + " spec.egress[0].to[0].podSelector",
				required + " spec.egress[0].ports",
				required + " metadata.name",
				required + " metadata.namespace",
				invalid + " spec.ingress[0].ports[0].port",
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			np, err := netpol.Allow(tt.namespace, tt.name, tt.subject, tt.flows...)
			if np != nil || err == nil {
				t.Fatalf("Allow accepted it: %v", np)
			}
			if diff := cmp.Diff(tt.want, refused(t, err)); diff != "" {
				t.Errorf("refused fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestConnectRefusesBothSidesAtOnce(t *testing.T) {
	_, err := netpol.Connect("c", netpol.Endpoint{Namespace: "staging"}, netpol.Endpoint{Pods: netpol.Pods{"app": "db"}}, netpol.TCP(5432))
	want := []string{
		required + " spec.podSelector", // the client has no labels
		required + " spec.egress[0].to[0].namespaceSelector.matchLabels[kubernetes.io/metadata.name]",
		required + " spec.ingress[0].from[0].podSelector", // nor as the server's peer
		required + " metadata.namespace",                  // the server has no namespace
	}
	if diff := cmp.Diff(want, refused(t, err)); diff != "" {
		t.Errorf("refused fields (-want +got):\n%s", diff)
	}
}

func TestConnectRefusesEndpointsWithoutPods(t *testing.T) {
	c, err := netpol.Connect("c", netpol.Endpoint{Namespace: "staging"}, netpol.Endpoint{Namespace: "prod"}, netpol.TCP(5432))
	want := []string{
		required + " spec.podSelector", required + " spec.egress[0].to[0].podSelector",
		required + " spec.podSelector", required + " spec.ingress[0].from[0].podSelector",
	}
	if diff := cmp.Diff(want, refused(t, err)); diff != "" {
		t.Errorf("refused fields (-want +got):\n%s", diff)
	}
	if objs := c.Objects(); objs != nil {
		t.Errorf("the Connection of an error has objects: %v", objs)
	}
}

func TestConnectOfWholeNamespaces(t *testing.T) {
	c := bulkhead.Must(netpol.Connect("c", netpol.Endpoint{Namespace: "shop", Pods: netpol.AllPods},
		netpol.Endpoint{Namespace: "data", Pods: netpol.Pods{"app": "db"}}, netpol.TCP(5432)))
	byName := func(name string) *metav1.LabelSelector {
		return &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: name}}
	}
	db := metav1.LabelSelector{MatchLabels: map[string]string{"app": "db"}}
	got := []any{c.Egress.Spec.PodSelector, c.Egress.Spec.Egress[0].To, c.Ingress.Spec.PodSelector, c.Ingress.Spec.Ingress[0].From}
	want := []any{
		metav1.LabelSelector{},
		[]networkingv1.NetworkPolicyPeer{{NamespaceSelector: byName("data"), PodSelector: &db}},
		db,
		[]networkingv1.NetworkPolicyPeer{{NamespaceSelector: byName("shop")}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("selectors (-want +got):\n%s", diff)
	}
}

func TestPodsInAllNamespaces(t *testing.T) {
	np := bulkhead.Must(netpol.Allow("shop", "p", netpol.AllPods, netpol.From(netpol.Pods{"app": "scraper"}.In(netpol.AllNamespaces)).TCP(9090)))
	want := []networkingv1.NetworkPolicyPeer{{
		NamespaceSelector: &metav1.LabelSelector{},
		PodSelector:       &metav1.LabelSelector{MatchLabels: map[string]string{"app": "scraper"}},
	}}
	if diff := cmp.Diff(want, np.Spec.Ingress[0].From); diff != "" {
		t.Errorf("peers (-want +got):\n%s", diff)
	}
}

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

func TestValidateWantsANamespace(t *testing.T) {
	var got []string
	for _, f := range netpol.Validate(netpol.DefaultDeny("")) {
		got = append(got, f.Rule+" "+f.Field)
	}
	if diff := cmp.Diff([]string{netpol.Invalid + " metadata.namespace"}, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}
