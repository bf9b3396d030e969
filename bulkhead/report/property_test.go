// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/report"
	"github.com/watertight-go/watertight/netpol/reach"
)

// drawCluster draws a few namespaces with a few workloads and policies.
func drawCluster(t *rapid.T) []bulkhead.Object {
	var objs []bulkhead.Object
	names := []string{"edge", "lab", "prod", "shop", "staging"}[:rapid.IntRange(1, 5).Draw(t, "namespaces")]
	for _, name := range names {
		for _, w := range []string{"api", "cache", "db", "web"}[:rapid.IntRange(1, 4).Draw(t, "workloads")] {
			objs = append(objs, workload(name, w))
		}
		for i := range rapid.IntRange(0, 4).Draw(t, "policies") {
			np := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: name, Name: fmt.Sprint("p", i)}}
			np.Spec.PodSelector = drawPods(t)
			ports := []networkingv1.NetworkPolicyPort{{Port: new(intstr.FromInt32(rapid.Int32Range(80, 82).Draw(t, "port")))}}
			peers := []networkingv1.NetworkPolicyPeer{{
				PodSelector:       new(drawPods(t)),
				NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"kubernetes.io/metadata.name": rapid.SampledFrom(names).Draw(t, "peer")}},
			}}
			if rapid.IntRange(0, 3).Draw(t, "address") == 0 {
				peers = []networkingv1.NetworkPolicyPeer{{IPBlock: &networkingv1.IPBlock{CIDR: rapid.SampledFrom([]string{"192.0.2.0/24", "0.0.0.0/0"}).Draw(t, "block")}}}
			}
			if rapid.Bool().Draw(t, "in") {
				np.Spec.Ingress = []networkingv1.NetworkPolicyIngressRule{{From: peers, Ports: ports}}
			} else {
				np.Spec.PolicyTypes = []networkingv1.PolicyType{networkingv1.PolicyTypeEgress}
				np.Spec.Egress = []networkingv1.NetworkPolicyEgressRule{{To: peers, Ports: ports}}
			}
			objs = append(objs, np)
		}
		if rapid.IntRange(0, 9).Draw(t, "foreign") == 0 {
			objs = append(objs, foreign(name))
		}
	}
	return objs
}

func drawPods(t *rapid.T) metav1.LabelSelector {
	if app := rapid.SampledFrom([]string{"", "api", "db", "web"}).Draw(t, "app"); app != "" {
		return metav1.LabelSelector{MatchLabels: map[string]string{"app": app}}
	}
	return metav1.LabelSelector{}
}

func drawBoundary(t *rapid.T, objs []bulkhead.Object) report.Boundary {
	has := func(name string) bool {
		return slices.ContainsFunc(objs, func(obj bulkhead.Object) bool { return obj.GetNamespace() == name })
	}
	if has("staging") && rapid.Bool().Draw(t, "sides") {
		return stagingFromProd()
	}
	return report.Boundary{}
}

// TestPictureHoldsEveryFlow: the arrows are the engine's flows, and the sums count the
// same.
func TestPictureHoldsEveryFlow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objs := drawCluster(t)
		c := bulkhead.Must(reach.New(objs, reach.Options{}))
		p := bulkhead.Must(report.NewPicture(c, drawBoundary(t, objs)))
		var want, got []string
		for f := range c.Flows() {
			want = append(want, fmt.Sprint(f.From, f.To, f.Ports, f.Verdict))
		}
		counts, sums := make(map[string]int), make(map[string]int)
		for _, a := range p.Arrows {
			counts[fmt.Sprint(a.From.Namespace, " ", a.To.Namespace, a.Verdict, a.Addresses)] += a.Flows
			if a.Addresses == "" {
				got = append(got, fmt.Sprint(a.From, a.To, a.Ports, a.Verdict))
			}
		}
		for _, a := range p.Sums {
			sums[fmt.Sprint(a.From.Namespace, " ", a.To.Namespace, a.Verdict, a.Addresses)] += a.Flows
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("flows of the engine and arrows (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(counts, sums); diff != "" {
			t.Fatalf("flows of arrows and of sums (-want +got):\n%s", diff)
		}
	})
}

// TestMermaidDrawsEveryFlow reads the diagram back and expands what stands for many:
// exactly the flows of the picture come out, and exactly those that cross are red.
func TestMermaidDrawsEveryFlow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objs := drawCluster(t)
		p := picture(t, objs, drawBoundary(t, objs))
		diagram := parseMermaid(t, mermaid(t, p))
		if strings.Contains(mermaid(t, p), "[[") {
			t.Skip("namespaces only")
		}
		if diff := cmp.Diff(linesOf(p, p.Arrows), diagram.flows); diff != "" {
			t.Fatalf("flows (-want +got):\n%s\n%s", diff, mermaid(t, p))
		}
	})
}

// linesOf writes arrows as parseMermaid gives them back.
func linesOf(p *report.Picture, arrows []report.Arrow) (want []string) {
	for _, a := range arrows {
		line := fmt.Sprintf("%s %s: %s", a.From, a.To, ports(a))
		if a.Verdict == reach.Unknown {
			line += " unknown"
		}
		if p.Crosses(a) {
			line += " red"
		}
		want = append(want, line)
	}
	slices.Sort(want)
	return want
}

func ports(a report.Arrow) string {
	out := strings.ReplaceAll(a.Ports.String(), ";", "; ")
	if a.Ports.All() {
		out = "all ports"
	}
	if a.Addresses != "" {
		out += ", " + a.Addresses
	}
	return out
}

// TestPageDrawsEveryFlow adds up what the lines of a page say they stand for.
func TestPageDrawsEveryFlow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objs := drawCluster(t)
		p := picture(t, objs, drawBoundary(t, objs))
		page := parsePage(t, html(t, p))
		if got, want := standFor(t, page), flowsOf(p); got != want {
			t.Fatalf("lines stand for %d flows, want %d", got, want)
		}
		overlaps(t, page)
	})
}

// TestCollapsedDrawsEveryFlow does the same for pictures that are too large for
// workloads: what goes on inside a namespace is a number in its compartment.
func TestCollapsedDrawsEveryFlow(t *testing.T) {
	counted := regexp.MustCompile(`(\d+) flows?(?: \(\d+ unknown\))? inside$`)
	rapid.Check(t, func(t *rapid.T) {
		objs := drawCluster(t)
		p := picture(t, objs, drawBoundary(t, objs))
		p.Arrows = nil
		if len(p.Sums) == 0 {
			t.Skip("no flow")
		}
		page := parsePage(t, html(t, p))
		got := standFor(t, page)
		for _, note := range page.notes {
			if m := counted.FindStringSubmatch(note); m != nil {
				n, _ := strconv.Atoi(m[1])
				got += n
			}
		}
		if want := flowsOf(p); got != want {
			t.Fatalf("lines and compartments stand for %d flows, want %d", got, want)
		}
		overlaps(t, page)

		between := slices.DeleteFunc(slices.Clone(p.Sums), func(a report.Arrow) bool { return a.From == a.To })
		if diff := cmp.Diff(linesOf(p, between), parseMermaid(t, mermaid(t, p)).flows); diff != "" {
			t.Fatalf("flows between namespaces (-want +got):\n%s\n%s", diff, mermaid(t, p))
		}
	})
}

// standFor adds up what the lines of a page say.
func standFor(t failer, page page) (flows int) {
	counted := regexp.MustCompile(`\((\d+) flows?\)$`)
	for _, title := range page.titles {
		m := counted.FindStringSubmatch(title)
		if m == nil {
			t.Fatalf("line %q does not say how many flows it is", title)
		}
		n, _ := strconv.Atoi(m[1])
		flows += n
	}
	return flows
}

func flowsOf(p *report.Picture) (flows int) {
	for _, a := range p.Sums {
		flows += a.Flows
	}
	return flows
}

// overlaps fails if a line meets a text, or a text another.
func overlaps(t failer, p page) {
	t.Helper()
	for i, text := range p.texts {
		for _, line := range p.lines {
			if text.meets(line) {
				t.Errorf("the line %s meets %q", line.text, text.text)
			}
		}
		for _, other := range p.texts[i+1:] {
			if text.meets(other) {
				t.Errorf("%q meets %q", text.text, other.text)
			}
		}
	}
	for i, line := range p.lines {
		for _, other := range p.lines[i+1:] {
			if line.text != other.text && alongside(line, other) {
				t.Errorf("%s lies on %s", line.text, other.text)
			}
		}
	}
}

// alongside reports whether two lines of one direction lie on each other, so that they
// cannot be told apart.
func alongside(a, b box) bool {
	switch {
	case a.y0 == a.y1 && b.y0 == b.y1:
		return a.y0 == b.y0 && a.x0 < b.x1 && b.x0 < a.x1
	case a.x0 == a.x1 && b.x0 == b.x1:
		return a.x0 == b.x0 && a.y0 < b.y1 && b.y0 < a.y1
	default:
		return false
	}
}

// TestNothingOverlaps looks at larger drawings.
func TestNothingOverlaps(t *testing.T) {
	for name, objs := range map[string][]bulkhead.Object{
		"environments": environments(), "platform": platform(), "teams": teams(200), "hostile names": hostile(), "long names": long(platform()), "no policies": strip(platform()),
	} {
		t.Run(name, func(t *testing.T) {
			page := parsePage(t, html(t, picture(t, objs, report.Boundary{})))
			if len(page.lines) == 0 || len(page.texts) == 0 {
				t.Fatal("nothing is drawn")
			}
			overlaps(t, page)
		})
	}
}

// TestHostileNames draws any name: the page and the diagram stay what they are.
func TestHostileNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.OneOf(rapid.String(), rapid.SampledFrom(hostileNames()), rapid.StringMatching("[\"'<>&#;`|\\[\\](){}%*_~\\\\=-]{1,20}"))
		objs := []bulkhead.Object{
			workload(name.Draw(t, "namespace"), name.Draw(t, "workload")), workload(name.Draw(t, "namespace"), name.Draw(t, "workload")), workload("x", name.Draw(t, "workload")),
		}
		p := picture(t, objs, report.Boundary{})
		overlaps(t, parsePage(t, html(t, p)))
		parseMermaid(t, mermaid(t, p))
		for line := range strings.SplitSeq(markdown(t, p), "\n") {
			if strings.HasPrefix(line, "| <code>") && strings.Count(line, "|") != 5 {
				t.Fatalf("row %q has other than four cells", line)
			}
		}
	})
}
