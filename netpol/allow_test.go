// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol"
)

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
		// Warnings speak up where a caller asked in so many words for much, such as
		// AllNamespaces: the builder obeys, the rule says what it means.
		checkBuilt(t, []bulkhead.Object{np}, netpol.Validate(np).Of(bulkhead.Error))
	})
}

func TestNarrowPoliciesHaveNoFindings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.Custom(func(t *rapid.T) netpol.Peer {
			return pods().Draw(t, "pods").In(netpol.Namespace(names().Draw(t, "namespace")))
		})
		np, err := netpol.Allow(names().Draw(t, "namespace"), names().Draw(t, "name"), subjects().Draw(t, "subject"),
			netpol.From(in.Draw(t, "source")).TCP(portsOfServers().Draw(t, "port")),
			netpol.To(in.Draw(t, "destination")).TCP(portsOfServers().Draw(t, "port")))
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
			netpol.TCP(portsOfServers().Draw(t, "port")))
		if err != nil {
			t.Fatal(err)
		}
		findings := append(netpol.Validate(c.Egress), netpol.Validate(c.Ingress)...)
		checkBuilt(t, c.Objects(), findings)
	})
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

func TestValidateWantsANamespace(t *testing.T) {
	var got []string
	for _, f := range netpol.Validate(netpol.DefaultDeny("")) {
		got = append(got, f.Rule+" "+f.Field)
	}
	if diff := cmp.Diff([]string{netpol.Invalid + " metadata.namespace"}, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}
