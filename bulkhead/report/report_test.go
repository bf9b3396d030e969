// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/report"
	"github.com/watertight-go/watertight/netpol/reach"
)

var update = flag.Bool("update", false, "rewrite golden files")

func html(t failer, p *report.Picture) string     { return written(t, p.WriteHTML) }
func mermaid(t failer, p *report.Picture) string  { return written(t, p.WriteMermaid) }
func markdown(t failer, p *report.Picture) string { return written(t, p.WriteMarkdown) }

// TestGolden keeps the bytes of each drawing: look at the pages in a browser before
// you accept a difference.
func TestGolden(t *testing.T) {
	for name, tt := range map[string]struct {
		objs     []bulkhead.Object
		boundary report.Boundary
	}{
		"environments": {environments(), stagingFromProd()}, // workloads, and both sides
		"platform":     {platform(), report.Boundary{}},     // no sides
		"teams":        {teams(45), report.Boundary{}},      // namespaces, those alike as one
		"tangle":       {tangle(20), report.Boundary{}},     // a matrix
		"hostile":      {hostile()[:15], report.Boundary{}}, // names that try to be more
	} {
		t.Run(name, func(t *testing.T) {
			p := picture(t, tt.objs, tt.boundary)
			golden(t, name+".html", html(t, p))
			golden(t, name+".md", markdown(t, p))
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, []byte(got)) {
		t.Errorf("%s differs; go test -update accepts what is there now:\n%s", path, cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")))
	}
}

func stagingFromProd() report.Boundary {
	return report.Boundary{From: []string{"staging"}, Away: []string{"prod"}}
}

// TestOrder draws the same whatever the order of the input.
func TestOrder(t *testing.T) {
	for name, objs := range map[string][]bulkhead.Object{
		"environments": environments(), "platform": platform(), "teams": teams(50), "tangle": tangle(20), "hostile": hostile(),
	} {
		p := picture(t, objs, report.Boundary{})
		wantPage, wantText := html(t, p), markdown(t, p)
		random := rand.New(rand.NewPCG(1, 2))
		for range 5 {
			random.Shuffle(len(objs), func(i, j int) { objs[i], objs[j] = objs[j], objs[i] })
			p := picture(t, objs, report.Boundary{})
			if html(t, p) != wantPage || markdown(t, p) != wantText {
				t.Errorf("%s: another order of objects gives another picture", name)
			}
		}
	}
}

// TestSides shows what is red: without sides all that goes from one namespace to
// another, with sides only what goes from one to the other.
func TestSides(t *testing.T) {
	for name, tt := range map[string]struct {
		boundary report.Boundary
		want     []string
	}{
		"no sides": {report.Boundary{}, []string{
			"prod/api kube-system/coredns", "prod/db kube-system/coredns", "prod/web kube-system/coredns", "prod/worker kube-system/coredns",
			"staging/api kube-system/coredns", "staging/db kube-system/coredns", "staging/web kube-system/coredns", "staging/worker kube-system/coredns",
			"staging/worker prod/db",
		}},
		"staging from production":           {stagingFromProd(), []string{"staging/worker prod/db"}},
		"a reply is no flow":                {report.Boundary{From: []string{"prod"}, Away: []string{"staging"}}, nil},
		"a side of two, named out of order": {report.Boundary{From: []string{"staging", "kube-system", "staging"}, Away: []string{"prod"}}, []string{"staging/worker prod/db"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := picture(t, environments(), tt.boundary)
			var got []string
			for _, a := range p.Arrows {
				if p.Crosses(a) {
					got = append(got, a.From.String()+" "+a.To.String())
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("red arrows (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRefusedBoundaries: a side that holds nothing makes a picture without red, which
// must not pass for a good one.
func TestRefusedBoundaries(t *testing.T) {
	for name, tt := range map[string]struct {
		boundary report.Boundary
		want     []string
	}{
		"only one side": {report.Boundary{From: []string{"staging"}}, []string{"Away names no namespace"}},
		"a namespace that is not there": {
			report.Boundary{From: []string{"staging"}, Away: []string{"production"}},
			[]string{`Away: there is no pod or workload in namespace "production"`},
		},
		"a namespace on both sides": {
			report.Boundary{From: []string{"staging", "prod"}, Away: []string{"prod"}}, []string{`namespace "prod" is on both sides`},
		},
		"all mistakes at once": {
			report.Boundary{Away: []string{"x", ""}},
			[]string{"From names no namespace", `Away: there is no pod or workload in namespace ""`, `Away: there is no pod or workload in namespace "x"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := bulkhead.Must(reach.New(environments(), reach.Options{}))
			_, err := report.NewPicture(c, tt.boundary)
			var refused *report.BoundaryError
			if !errors.As(err, &refused) {
				t.Fatalf("error %v, want a BoundaryError", err)
			}
			if diff := cmp.Diff(tt.want, refused.Problems); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNothing: without workloads, and without flows, the picture says so.
func TestNothing(t *testing.T) {
	empty := picture(t, []bulkhead.Object{namespace("shop")}, report.Boundary{})
	shut := picture(t, []bulkhead.Object{namespace("shop"), workload("shop", "web"), workload("shop", "db"), deny("shop")}, report.Boundary{})
	for name, tt := range map[string]struct {
		p    *report.Picture
		want []string
	}{
		"no workload": {empty, []string{"No pod or workload in the input"}},
		"no flow":     {shut, []string{"2 workloads in 1 namespace: 0 flows inside namespaces, 0 flows cross a boundary", "None: no workload can connect to another"}},
	} {
		t.Run(name, func(t *testing.T) {
			page, text := html(t, tt.p), markdown(t, tt.p)
			for _, want := range tt.want {
				if !strings.Contains(page, want) || !strings.Contains(text, want) {
					t.Errorf("the page and the comment do not both say %q:\n%s\n%s", want, page, text)
				}
			}
			parsePage(t, page)
		})
	}
}

// TestNamelessNamespace: a namespace without a name is not taken for the outside.
func TestNamelessNamespace(t *testing.T) {
	p := picture(t, []bulkhead.Object{workload("/", "a"), workload("/", "b"), workload("shop", "web")}, report.Boundary{})
	if got, want := p.Summary(), "3 workloads in 2 namespaces: 2 flows inside namespaces, 4 flows cross a boundary, 6 flows to or from outside the cluster."; got != want {
		t.Errorf("summary %q, want %q", got, want)
	}
	overlaps(t, parsePage(t, html(t, p)))
}

// TestTooLarge: beyond its sums a picture is refused, and beyond its arrows it says
// that it has none.
func TestTooLarge(t *testing.T) {
	var objs []bulkhead.Object
	for i := range 502 {
		objs = append(objs, workload(fmt.Sprintf("n-%03d", i), "w"))
	}
	_, err := report.NewPicture(bulkhead.Must(reach.New(objs, reach.Options{})), report.Boundary{})
	var large *report.SizeError
	if !errors.As(err, &large) || large.Namespaces != 502 {
		t.Errorf("error %v, want a SizeError of 502 namespaces", err)
	}
	p := picture(t, objs[:80], report.Boundary{})
	if p.Arrows != nil || len(p.Sums) != 80*79+2*80 {
		t.Errorf("%d arrows and %d sums, want none and those between 80 namespaces and with the outside", len(p.Arrows), len(p.Sums))
	}
}

// TestLimits: whatever the size, GitHub draws the diagram (500 edges and 50,000
// characters), and the page stays one that a browser shows at once.
func TestLimits(t *testing.T) {
	for name, tt := range map[string]struct {
		objs    []bulkhead.Object
		partial bool
	}{
		"200 namespaces behind the same policies":    {teams(200), false},
		"500 namespaces behind the same policies":    {teams(500), false},
		"200 namespaces that all differ":             {tangle(200), true},
		"400 namespaces that all differ":             {tangle(400), true},
		"80 namespaces without policies":             {strip(teams(80)), false},
		"names as long as they come, and all differ": {long(tangle(60)), false},
	} {
		t.Run(name, func(t *testing.T) {
			p := picture(t, tt.objs, report.Boundary{})
			diagram := parseMermaid(t, mermaid(t, p))
			if diagram.edges > 500 || diagram.size > 50_000 {
				t.Errorf("diagram of %d edges and %d characters", diagram.edges, diagram.size)
			}
			if diagram.edges == 0 {
				t.Error("the diagram is empty")
			}
			if got := strings.Contains(mermaid(t, p), "are not drawn"); got != tt.partial {
				t.Errorf("says that something is not drawn: %v, want %v", got, tt.partial)
			}
			if n := len(markdown(t, p)); n > 65_536 {
				t.Errorf("comment of %d bytes", n)
			}
			page := html(t, p)
			if len(page) > 1_000_000 {
				t.Errorf("page of %d bytes", len(page))
			}
			parsePage(t, page)
		})
	}
}

// TestMatrixSaysWhatItLeavesOut: 300 rows are shown, and the flows of the others counted.
func TestMatrixSaysWhatItLeavesOut(t *testing.T) {
	page := html(t, picture(t, tangle(400), report.Boundary{}))
	for _, want := range []string{"The 101 rows with the fewest flows are not shown, and so ", " flows are not."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// TestContrast: text of every colour can be read on every ground it stands on, in light
// and in dark (WCAG 2.2, "Contrast (Minimum)": 4.5 to 1).
func TestContrast(t *testing.T) {
	css := html(t, picture(t, environments(), report.Boundary{}))
	light, dark, found := strings.Cut(css[:strings.Index(css, "* {")], "@media")
	if !found {
		t.Fatal("the page has no colours for the dark")
	}
	for name, block := range map[string]string{"light": light, "dark": dark} {
		colours := make(map[string]float64)
		for _, m := range regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6})`).FindAllStringSubmatch(block, -1) {
			colours[m[1]] = luminance(m[2])
		}
		for _, ground := range []string{"paper", "hull", "row", "from-hull", "away-hull"} {
			for _, text := range []string{"ink", "soft", "inside", "between", "outward", "crossing"} {
				a, b := colours[ground]+0.05, colours[text]+0.05
				if len(colours) < 15 || max(a, b)/min(a, b) < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.1f", name, text, ground, max(a, b)/min(a, b))
				}
			}
		}
	}
}

// luminance is how bright a colour is, from 0 to 1.
func luminance(hex string) float64 {
	n, _ := strconv.ParseUint(hex, 16, 32)
	out := 0.0
	for i, weight := range []float64{0.0722, 0.7152, 0.2126} {
		c := float64(n>>(8*i)&0xff) / 255
		if c <= 0.04045 {
			out += weight * c / 12.92
		} else {
			out += weight * math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return out
}
