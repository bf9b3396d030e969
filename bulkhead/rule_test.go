// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
)

// seenOrder reports the place and content of every object, so that a change of
// the order that rules see shows in the findings.
var seenOrder = bulkhead.Rule{
	ID: "test/seen-order", Severity: bulkhead.Warning,
	Run: func(p *bulkhead.Pass) {
		for i, obj := range p.Objects {
			p.Reportf(obj, field.NewPath("objects").Index(i), "", "%T %v", obj, obj.GetLabels())
		}
	},
}

var anyNetworkPolicy = bulkhead.Rule{
	ID: "test/any-policy",
	Run: func(p *bulkhead.Pass) {
		for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
			p.Reportf(np, nil, "remove it", "is a policy")
			p.Reportf(np, nil, "remove it", "is a policy")
		}
	},
}

func TestCheckReports(t *testing.T) {
	web := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "web"}}
	rule := bulkhead.Rule{
		ID: "test/open", Severity: bulkhead.Warning,
		Run: func(p *bulkhead.Pass) {
			p.Reportf(p.Objects[0], field.NewPath("spec", "ingress").Index(2), "close it", "%d of %s", 100, "%")
			p.Reportf(nil, nil, "", "about nothing")
		},
	}
	want := bulkhead.Findings{
		{Rule: "test/open", Severity: bulkhead.Warning, Message: "about nothing"},
		{
			Rule: "test/open", Severity: bulkhead.Warning,
			Object: bulkhead.Ref{Group: "networking.k8s.io", Kind: "NetworkPolicy", Namespace: "staging", Name: "web"},
			Field:  "spec.ingress[2]", Message: "100 of %", Fix: "close it",
		},
	}
	if diff := cmp.Diff(want, bulkhead.Check([]bulkhead.Object{web}, rule)); diff != "" {
		t.Error(diff)
	}
}

func TestReportInvalid(t *testing.T) {
	web := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "web"}}
	rule := bulkhead.Rule{
		ID: "test/invalid", Severity: bulkhead.Warning,
		Run: func(p *bulkhead.Pass) {
			p.ReportInvalid(web, nil)
			p.ReportInvalid(web, field.ErrorList{
				field.Invalid(field.NewPath("spec", "ports").Index(0), 70000, "too large"),
				field.Required(nil, "a spec is needed"),
				{Type: field.ErrorTypeForbidden, Detail: "not here"},
			})
		},
	}
	finding := bulkhead.Finding{Rule: "test/invalid", Severity: bulkhead.Warning, Object: bulkhead.RefTo(web)}
	required, forbidden, invalid := finding, finding, finding
	forbidden.Message = "Forbidden: not here"
	required.Message = "Required value: a spec is needed"
	invalid.Field, invalid.Message = "spec.ports[0]", "Invalid value: 70000: too large"
	want := bulkhead.Findings{forbidden, required, invalid}
	if diff := cmp.Diff(want, bulkhead.Check([]bulkhead.Object{web}, rule)); diff != "" {
		t.Error(diff)
	}
}

func TestCheckPassesOverNil(t *testing.T) {
	var asked []bulkhead.Object
	rule := bulkhead.Rule{ID: "test/asked", Run: func(p *bulkhead.Pass) { asked = p.Objects }}
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "web"}}
	objs := []bulkhead.Object{nil, (*corev1.Pod)(nil), pod, (*networkingv1.NetworkPolicy)(nil)}
	if fs := bulkhead.Check(objs, rule); fs != nil {
		t.Errorf("got %v", fs)
	}
	if len(asked) != 1 || asked[0] != pod {
		t.Errorf("the rule saw %v", asked)
	}
	if objs[0] != nil || objs[2] != pod {
		t.Error("Check changed the caller's slice")
	}
}

func TestCheckWithoutRulesOrObjects(t *testing.T) {
	if fs := bulkhead.Check(nil, anyNetworkPolicy, seenOrder); fs != nil {
		t.Errorf("no objects: %v", fs)
	}
	if fs := bulkhead.Check([]bulkhead.Object{&corev1.Pod{}}); fs != nil {
		t.Errorf("no rules: %v", fs)
	}
}

func TestCheckReportsEqualFindingsOnce(t *testing.T) {
	web := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "web"}}
	fs := bulkhead.Check([]bulkhead.Object{web, web}, anyNetworkPolicy, anyNetworkPolicy)
	if len(fs) != 1 {
		t.Errorf("got %v", fs)
	}
}

// What one rule does to the slice it is given must not reach the next.
func TestCheckGivesEachRuleItsOwnObjects(t *testing.T) {
	pods := []bulkhead.Object{
		&corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "a"}},
		&corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "b"}},
	}
	careless := bulkhead.Rule{ID: "test/careless", Run: func(p *bulkhead.Pass) { clear(p.Objects) }}
	if got := len(bulkhead.Check(pods, careless, seenOrder)); got != 2 {
		t.Errorf("the second rule saw %d objects", got)
	}
}

func TestCheckPanicsWithoutRun(t *testing.T) {
	defer func() {
		if got := fmt.Sprint(recover()); !strings.Contains(got, "test/no-run") {
			t.Errorf("the panic %q does not name the rule", got)
		}
	}()
	bulkhead.Check(nil, bulkhead.Rule{ID: "test/no-run"})
	t.Error("a rule without Run passed")
}

// The order of the arguments does not show, not even between objects that share
// a name: they differ in content, in Go type, or not at all.
func TestCheckIsIndependentOfOrder(t *testing.T) {
	objects := rapid.Custom(func(t *rapid.T) bulkhead.Object {
		meta := metav1.ObjectMeta{
			Namespace: rapid.SampledFrom([]string{"prod", "staging"}).Draw(t, "namespace"),
			Name:      rapid.SampledFrom([]string{"api", "web"}).Draw(t, "name"),
			Labels:    map[string]string{"n": rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "label")},
		}
		switch rapid.SampledFrom([]string{"pod", "policy", "untyped", "widget", "gadget", "nil"}).Draw(t, "type") {
		case "pod":
			return &corev1.Pod{ObjectMeta: meta}
		case "policy":
			return &networkingv1.NetworkPolicy{ObjectMeta: meta}
		case "widget":
			return &widget{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}, ObjectMeta: meta}
		case "gadget":
			return &gadget{widget{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}, ObjectMeta: meta}}
		case "untyped":
			u := untyped("v1", "Pod", meta.Namespace, meta.Name)
			u.SetLabels(meta.Labels)
			return u
		default:
			return nil
		}
	})
	rules := []bulkhead.Rule{seenOrder, anyNetworkPolicy}
	rapid.Check(t, func(t *rapid.T) {
		objs := rapid.SliceOf(objects).Draw(t, "objects")
		before := slices.Clone(objs)
		want := bulkhead.Check(objs, rules...)
		if !slices.Equal(before, objs) {
			t.Fatal("Check reordered the caller's slice")
		}
		got := bulkhead.Check(rapid.Permutation(objs).Draw(t, "other order"), rules[1], rules[0], rules[1])
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// An object that does not marshal is still checked.
func TestCheckOfObjectsThatDoNotMarshal(t *testing.T) {
	broken := func() bulkhead.Object { return &widget{Spec: make(chan int)} }
	if got := len(bulkhead.Check([]bulkhead.Object{broken(), broken()}, seenOrder)); got != 2 {
		t.Errorf("got %d findings", got)
	}
}

func manyObjects(n int, name func(int) string) []bulkhead.Object {
	objs := make([]bulkhead.Object, n)
	for i := range objs {
		objs[i] = &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{
			Namespace: numbered("team", i%97), Name: name(i), Labels: map[string]string{"n": numbered("n", n-i)},
		}}
	}
	return objs
}

// The cost of sorting, the only thing that Check does itself.
func BenchmarkCheck10000Objects(b *testing.B) {
	nothing := bulkhead.Rule{ID: "test/nothing", Run: func(*bulkhead.Pass) {}}
	b.Run("names differ", func(b *testing.B) {
		objs := manyObjects(10_000, func(i int) string { return numbered("web", i*7919%10_000) })
		for b.Loop() {
			bulkhead.Check(objs, nothing)
		}
	})
	b.Run("names are the same", func(b *testing.B) {
		objs := manyObjects(10_000, func(int) string { return "web" })
		for b.Loop() {
			bulkhead.Check(objs, nothing)
		}
	})
}

func ExampleCheck() {
	open := bulkhead.Rule{
		ID: "example/open", Doc: "Ingress from everybody", Severity: bulkhead.Error,
		Run: func(p *bulkhead.Pass) {
			ingress := field.NewPath("spec", "ingress")
			for np := range bulkhead.Each[*networkingv1.NetworkPolicy](p.Objects) {
				for i, rule := range np.Spec.Ingress {
					if len(rule.From) == 0 {
						p.Reportf(np, ingress.Index(i).Child("from"), "list the peers", "ingress is open to every source")
					}
				}
			}
		},
	}
	policy := &networkingv1.NetworkPolicy{
		ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "web"},
		Spec:       networkingv1.NetworkPolicySpec{Ingress: []networkingv1.NetworkPolicyIngressRule{{}}},
	}

	for _, finding := range bulkhead.Check([]bulkhead.Object{policy}, open) {
		fmt.Println(finding)
	}
	// Output:
	// error: NetworkPolicy/staging/web spec.ingress[0].from: ingress is open to every source; list the peers (example/open)
}
