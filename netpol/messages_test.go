// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/txtar"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol"
)

// fixtures calls f with what all rules find in each file of each fixture.
func fixtures(t *testing.T, f func(t *testing.T, file string, findings bulkhead.Findings)) {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range archive.Files {
			if file.Name == "want" {
				continue
			}
			set, err := manifest.Read(file.Name, bytes.NewReader(file.Data))
			if err != nil {
				t.Fatal(err)
			}
			f(t, path+" "+file.Name, bulkhead.Check(set.Objects, netpol.Rules()...))
		}
	}
}

// Of what kube-apiserver refuses, or no dataplane can do, no other rule speaks: one
// mistake is one finding.
func TestInvalidStandsAlone(t *testing.T) {
	fixtures(t, func(t *testing.T, file string, findings bulkhead.Findings) {
		for _, f := range findings {
			if f.Rule != netpol.Invalid && f.Rule != netpol.UnusableClusterPolicy || f.Field == "" {
				continue
			}
			for _, other := range findings {
				if other.Rule != f.Rule && other.Object == f.Object && other.Field == f.Field {
					t.Errorf("%s: %s\n\tand %s", file, f, other)
				}
			}
		}
	})
}

// However many workloads a finding is about, a message stays short enough to read.
func TestMessagesStayShort(t *testing.T) {
	objs := []bulkhead.Object{
		netpol.DefaultDeny("shop"), netpol.AllowWithin("shop"),
		bulkhead.Must(netpol.Allow("shop", "admin", netpol.AllPods,
			netpol.From(netpol.AllPods).On(netpol.Named(corev1.ProtocolTCP, "admin")))),
	}
	for i := range 200 {
		objs = append(objs, house("shop", fmt.Sprintf("app-%d", i))...)
	}
	got := bulkhead.Check(objs, netpol.Rules()...)
	for _, id := range []string{netpol.DNSBlocked, netpol.NamedPortUnmatched} {
		if !slices.ContainsFunc(got, func(f bulkhead.Finding) bool { return f.Rule == id }) {
			t.Errorf("%s finds nothing in %v", id, got)
		}
	}
	for _, f := range got {
		if len(f.Message) > 300 {
			t.Errorf("a message of %d bytes: %s", len(f.Message), f)
		}
	}
}

// Nor does a policy of many ports, or with a long selector, make it longer. What
// kube-apiserver and its libraries say they say in their own words.
func TestMessagesOfLargePoliciesStayShort(t *testing.T) {
	var many []uint16
	values := make([]string, 100)
	for i := range values {
		many = append(many, uint16(8000+i))
		values[i] = fmt.Sprintf("app-%d", i)
	}
	np := bulkhead.Must(netpol.Allow("shop", "large", netpol.AllPods, netpol.From(netpol.Anyone).TCP(many...),
		netpol.From(netpol.Namespaces{"team": "payments"}).TCP(many...)))
	np.Spec.PodSelector.MatchExpressions = []metav1.LabelSelectorRequirement{{Key: "app", Operator: metav1.LabelSelectorOpIn, Values: values}}
	np.Spec.Ingress[1].From[0].NamespaceSelector.MatchExpressions = []metav1.LabelSelectorRequirement{{Key: "app", Operator: metav1.LabelSelectorOpIn, Values: values}}
	got := netpol.Validate(np)
	if len(got) < 2 {
		t.Errorf("got %v, want findings of both rules", got)
	}
	for _, f := range got {
		if len(f.Message) > 350 { // it names the pods, the ports and the peer
			t.Errorf("a message of %d bytes: %s", len(f.Message), f)
		}
	}
	fixtures(t, func(t *testing.T, _ string, findings bulkhead.Findings) {
		for _, f := range findings {
			quoted := f.Rule == netpol.Invalid || f.Rule == netpol.UnusableClusterPolicy
			if !quoted && len(f.Message) > 250 {
				t.Errorf("a message of %d bytes: %s", len(f.Message), f)
			}
		}
	})
}
