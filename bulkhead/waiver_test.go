// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
)

// ruleAndObject says what a finding is about, without its wording.
func ruleAndObject(fs bulkhead.Findings) []string {
	var out []string
	for _, f := range fs {
		out = append(out, fmt.Sprintf("%s %s %s", f.Severity, f.Rule, f.Object))
	}
	return out
}

func TestWaive(t *testing.T) {
	web := bulkhead.Ref{Group: "networking.k8s.io", Kind: "NetworkPolicy", Namespace: "staging", Name: "web"}
	api := bulkhead.Ref{Group: "networking.k8s.io", Kind: "NetworkPolicy", Namespace: "staging", Name: "api"}
	otherGroup := web
	otherGroup.Group = "extensions"
	open := bulkhead.Finding{Rule: "netpol/open-to-world", Object: web, Field: "spec.ingress[0].from", Message: "open"}
	alsoOpen := open
	alsoOpen.Field = "spec.ingress[1].from"
	elsewhere := open
	elsewhere.Object = api

	tests := map[string]struct {
		findings bulkhead.Findings
		waivers  []bulkhead.Waiver
		want     []string
	}{
		"nothing found, nothing waived": {},
		"no waiver leaves all, sorted": {
			bulkhead.Findings{open, elsewhere},
			nil,
			[]string{"error netpol/open-to-world NetworkPolicy/staging/api", "error netpol/open-to-world NetworkPolicy/staging/web"},
		},
		"a waiver covers each finding of its rule about its object": {
			bulkhead.Findings{open, alsoOpen, elsewhere},
			[]bulkhead.Waiver{{open.Rule, web, "public by design, Ann"}},
			[]string{"error netpol/open-to-world NetworkPolicy/staging/api"},
		},
		"a waiver of another rule is unused": {
			bulkhead.Findings{open},
			[]bulkhead.Waiver{{"netpol/open", web, "public by design, Ann"}},
			[]string{"warning bulkhead/unused-waiver NetworkPolicy/staging/web", "error netpol/open-to-world NetworkPolicy/staging/web"},
		},
		"a waiver for another group's object of that name is unused": {
			bulkhead.Findings{open},
			[]bulkhead.Waiver{{open.Rule, otherGroup, "public by design, Ann"}},
			[]string{"warning bulkhead/unused-waiver NetworkPolicy/staging/web", "error netpol/open-to-world NetworkPolicy/staging/web"},
		},
		"a waiver without a reason waives nothing and is reported": {
			bulkhead.Findings{open},
			[]bulkhead.Waiver{{open.Rule, web, ""}},
			[]string{"error bulkhead/waiver-without-reason NetworkPolicy/staging/web", "error netpol/open-to-world NetworkPolicy/staging/web"},
		},
		"blanks are no reason": {
			bulkhead.Findings{open},
			[]bulkhead.Waiver{{open.Rule, web, " \t\n"}},
			[]string{"error bulkhead/waiver-without-reason NetworkPolicy/staging/web", "error netpol/open-to-world NetworkPolicy/staging/web"},
		},
		"a waiver without a reason that would be unused is reported once": {
			nil,
			[]bulkhead.Waiver{{open.Rule, web, ""}},
			[]string{"error bulkhead/waiver-without-reason NetworkPolicy/staging/web"},
		},
		"two waivers of one finding are both used": {
			bulkhead.Findings{open},
			[]bulkhead.Waiver{{open.Rule, web, "Ann"}, {open.Rule, web, "Bob"}},
			nil,
		},
		"of two waivers of one finding the one without a reason is reported": {
			bulkhead.Findings{open},
			[]bulkhead.Waiver{{open.Rule, web, ""}, {open.Rule, web, "Bob"}},
			[]string{"error bulkhead/waiver-without-reason NetworkPolicy/staging/web"},
		},
		"the report of an unused waiver cannot be waived along": {
			nil,
			[]bulkhead.Waiver{{open.Rule, web, "Ann"}, {bulkhead.UnusedWaiver, web, "Ann"}},
			[]string{"warning bulkhead/unused-waiver NetworkPolicy/staging/web", "warning bulkhead/unused-waiver NetworkPolicy/staging/web"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			before := slices.Clone(tt.findings)
			got := tt.findings.Waive(tt.waivers...)
			if diff := cmp.Diff(tt.want, ruleAndObject(got)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(before, tt.findings); diff != "" {
				t.Errorf("the findings themselves changed: %s", diff)
			}
		})
	}
}

// Every finding either stays or has a waiver with a reason, every waiver either
// covers something or is reported, and the order of neither counts.
func TestWaiveLosesNothing(t *testing.T) {
	rules := rapid.SampledFrom([]string{"netpol/a", "netpol/b"})
	waivers := rapid.Custom(func(t *rapid.T) bulkhead.Waiver {
		return bulkhead.Waiver{
			Rule: rules.Draw(t, "rule"), Object: refs().Draw(t, "object"),
			Reason: rapid.SampledFrom([]string{"", " ", "Ann"}).Draw(t, "reason"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		findings := bulkhead.Findings(rapid.SliceOf(someFindings()).Draw(t, "findings"))
		list := rapid.SliceOf(waivers).Draw(t, "waivers")
		got := findings.Waive(list...)

		covers := func(w bulkhead.Waiver) func(bulkhead.Finding) bool {
			return func(f bulkhead.Finding) bool { return f.Rule == w.Rule && f.Object == w.Object }
		}
		for _, f := range findings {
			waived := slices.ContainsFunc(list, func(w bulkhead.Waiver) bool { return w.Reason == "Ann" && covers(w)(f) })
			if waived == slices.Contains(got, f) {
				t.Fatalf("%v: waived is %t, and it stays or is gone", f, waived)
			}
		}
		for _, w := range list {
			want := ""
			switch {
			case w.Reason != "Ann":
				want = bulkhead.WaiverWithoutReason
			case !slices.ContainsFunc(findings, covers(w)):
				want = bulkhead.UnusedWaiver
			}
			reported := slices.ContainsFunc(got, func(f bulkhead.Finding) bool { return f.Rule == want && f.Object == w.Object })
			if want != "" && !reported {
				t.Fatalf("%+v is not reported as %s", w, want)
			}
		}
		again := bulkhead.Findings(rapid.Permutation(findings).Draw(t, "other order")).
			Waive(rapid.Permutation(list).Draw(t, "other order of waivers")...)
		if diff := cmp.Diff(got, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

// The page explains both findings, with the severities that they have, and shows
// the example as it is.
func TestWaiversPage(t *testing.T) {
	page := source(t, "../docs/waivers.md")
	bare := bulkhead.Waiver{Rule: "netpol/a", Object: bulkhead.Ref{Kind: "Pod", Name: "p"}}
	unused := bare
	unused.Reason = "Ann"
	for _, f := range bulkhead.Findings(nil).Waive(bare, unused) {
		_, section, found := strings.Cut(page, "\n### "+f.Rule+"\n")
		section, _, _ = strings.Cut(section, "\n#")
		if !found || !strings.Contains(section, "("+f.Severity.String()+")") {
			t.Errorf("the page does not explain %s as %s", f.Rule, f.Severity)
		}
	}
	_, body, _ := strings.Cut(source(t, "waiver_test.go"), "\nfunc ExampleFindings_Waive() {\n")
	code, output, _ := strings.Cut(body, "\t// Output:\n")
	output, _, _ = strings.Cut(output, "\n}\n")
	for lang, want := range map[string]string{
		"go":   strings.TrimPrefix(strings.ReplaceAll("\n"+code, "\n\t", "\n"), "\n"),
		"text": strings.TrimPrefix(output, "\t// ") + "\n",
	} {
		if !strings.Contains(page, "```"+lang+"\n"+want+"```") {
			t.Errorf("the page does not show\n%s", want)
		}
	}
}

// source returns the text of a file, whatever its line ends.
func source(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}

func ExampleFindings_Waive() {
	web := bulkhead.Ref{Group: "networking.k8s.io", Kind: "NetworkPolicy", Namespace: "staging", Name: "web"}
	findings := bulkhead.Findings{{Rule: "netpol/open-to-world", Object: web, Message: "ingress is open to every source"}}

	rest := findings.Waive(
		bulkhead.Waiver{Rule: "netpol/open-to-world", Object: web, Reason: "the shop window is public; accepted by Ann"},
		bulkhead.Waiver{Rule: "netpol/no-dns", Object: web, Reason: "resolves no names; accepted by Ann"},
	)
	for _, f := range rest {
		fmt.Println(f)
	}
	// Output:
	// warning: NetworkPolicy/staging/web: the waiver of netpol/no-dns covers no finding; remove the waiver (bulkhead/unused-waiver)
}
