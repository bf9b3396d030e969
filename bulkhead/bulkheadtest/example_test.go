// SPDX-License-Identifier: Apache-2.0

package bulkheadtest_test

import (
	"fmt"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/bulkheadtest"
)

// A printer stands for the *testing.T of a real test and shows what it would log.
type printer struct{}

func (printer) Helper() {}

func (printer) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

var t printer

// openToAll finds rules that let everybody in.
func openToAll(p *bulkhead.Pass) {
	ingress := field.NewPath("spec", "ingress")
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
		for i, rule := range np.Spec.Ingress {
			if len(rule.From) == 0 {
				p.Reportf(np, ingress.Index(i).Child("from"), "list the peers that need access", "ingress is open to every source")
			}
		}
	}
}

func openPolicy() *networkingv1.NetworkPolicy {
	return &networkingv1.NetworkPolicy{
		ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "web"},
		Spec:       networkingv1.NetworkPolicySpec{Ingress: []networkingv1.NetworkPolicyIngressRule{{}}},
	}
}

// In a test of a rule, or of manifests that are wrong on purpose.
func ExampleWantFindings() {
	findings := bulkhead.Check([]bulkhead.Object{openPolicy()}, bulkhead.Rule{ID: "example/open", Run: openToAll})

	bulkheadtest.WantFindings(t, findings, "example/open spec.ingress[0].from")
	fmt.Println("passed")
	// Output: passed
}

// This is what a test says that expects something else.
func ExampleWantFindings_failure() {
	findings := bulkhead.Check([]bulkhead.Object{openPolicy()}, bulkhead.Rule{ID: "example/open", Run: openToAll})

	bulkheadtest.WantFindings(t, findings, "example/no-dns", "example/open spec.ingress[1].from")
	// Output:
	// findings differ:
	//   example/no-dns: want 1, got 0
	//   example/open spec.ingress[0].from: want 0, got 1
	//     error: NetworkPolicy/staging/web spec.ingress[0].from: ingress is open to every source; list the peers that need access (example/open)
	//   example/open spec.ingress[1].from: want 1, got 0
}

func ExampleNoFindings() {
	findings := bulkhead.Check([]bulkhead.Object{openPolicy()}, bulkhead.Rule{ID: "example/open", Run: openToAll})

	bulkheadtest.NoFindings(t, findings)
	// Output:
	// findings: want none, got 1:
	//   error: NetworkPolicy/staging/web spec.ingress[0].from: ingress is open to every source; list the peers that need access (example/open)
}

func ExampleDiff() {
	want, got := openPolicy(), openPolicy()
	got.ResourceVersion = "42" // set by the server: does not count
	got.Labels = map[string]string{"team": "shop"}
	got.Spec.Ingress = nil

	fmt.Println(bulkheadtest.Diff(want, got))
	// Output:
	// NetworkPolicy/staging/web metadata.labels: want nothing, got {"team":"shop"}
	// NetworkPolicy/staging/web spec.ingress: want [{}], got nothing
}

func ExampleGolden() {
	policy := openPolicy()
	bulkheadtest.Golden(t, "testdata/example.yaml", policy)

	policy.Spec.PodSelector.MatchLabels = map[string]string{"app": "web"}
	bulkheadtest.Golden(t, "testdata/example.yaml", policy)
	// Output:
	// testdata/example.yaml differs; go test -update accepts what is there now:
	//   testdata/example.yaml:9:3: NetworkPolicy/staging/web spec.podSelector.matchLabels: want nothing, got {"app":"web"}
}
