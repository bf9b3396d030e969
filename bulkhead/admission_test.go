// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
)

func TestAdmission(t *testing.T) {
	failing := bulkhead.Finding{Rule: "netpol/open", Message: "is open"}
	warning := bulkhead.Finding{Rule: "netpol/odd", Severity: bulkhead.Warning, Message: "is odd"}
	tests := map[string]struct {
		findings bulkhead.Findings
		warnings []string
		refused  bool
	}{
		"nothing admits in silence": {},
		"a warning admits":          {bulkhead.Findings{warning}, []string{"netpol/odd: is odd"}, false},
		"an error refuses":          {bulkhead.Findings{failing}, nil, true},
		"both are returned":         {bulkhead.Findings{failing, warning}, []string{"netpol/odd: is odd"}, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			warnings, err := tt.findings.Admission()
			if diff := cmp.Diff(tt.warnings, warnings); diff != "" {
				t.Error(diff)
			}
			var refusal *bulkhead.FindingsError
			if errors.As(err, &refusal) != tt.refused || (err == nil) == tt.refused {
				t.Errorf("got error %v", err)
			}
		})
	}
}

func warningOf(t *testing.T, f bulkhead.Finding) string {
	t.Helper()
	f.Severity = bulkhead.Warning
	warnings, err := bulkhead.Findings{f}.Admission()
	if len(warnings) != 1 || err != nil {
		t.Fatalf("got %q, %v", warnings, err)
	}
	return warnings[0]
}

// An API server cuts what has more than 256 characters, wherever that falls.
func TestAdmissionWarnings(t *testing.T) {
	words := func(n int) string { return strings.TrimSpace(strings.Repeat("word ", n)) }
	long := strings.Repeat("x", 300)
	tests := map[string]struct {
		finding bulkhead.Finding
		want    string
	}{
		"rule, field and message, and no more": {
			bulkhead.Finding{Rule: "netpol/odd", Object: bulkhead.Ref{Kind: "Pod", Name: "p"}, Field: "spec.ingress[0]", Message: "is odd", Fix: "mend it"},
			"netpol/odd spec.ingress[0]: is odd",
		},
		"just short enough": {
			bulkhead.Finding{Rule: "netpol/odd", Message: long[:256-len("netpol/odd: ")]},
			"netpol/odd: " + long[:256-len("netpol/odd: ")],
		},
		"a word that reaches to the limit is kept": {
			bulkhead.Finding{Rule: "r/abcdefg", Message: words(60)}, // 11 characters before 49 words of 244 and the ellipsis make 256
			"r/abcdefg: " + words(49) + "…",
		},
		"a word that would reach beyond it is not": {
			bulkhead.Finding{Rule: "r/abc", Message: words(60)}, // four characters are left
			"r/abc: " + words(49) + "…",
		},
		"one word that is too long": {
			bulkhead.Finding{Rule: "netpol/odd", Message: long},
			"netpol/odd: " + long[:255-len("netpol/odd: ")] + "…",
		},
		"characters count, not bytes": {
			bulkhead.Finding{Rule: "netpol/odd", Message: strings.Repeat("é", 244)},
			"netpol/odd: " + strings.Repeat("é", 244),
		},
		"a field that is too long itself is not cut": {
			bulkhead.Finding{Rule: "netpol/odd", Field: long, Message: "is odd"},
			"netpol/odd " + long + ": …",
		},
		"a message that would forge a line": {
			bulkhead.Finding{Rule: "netpol/odd", Message: "is odd\nWarning: forged"},
			`netpol/odd: is odd\nWarning: forged`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, warningOf(t, tt.finding)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whatever the message, a warning fits, and says as much of it as fits.
func TestAdmissionWarningsFit(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		message := rapid.StringOfN(rapid.RuneFrom([]rune("ab é\n ")), 0, 400, -1).Draw(rt, "message")
		whole := bulkhead.Finding{Rule: "netpol/odd", Severity: bulkhead.Warning, Message: message}
		warnings, _ := bulkhead.Findings{whole}.Admission()
		got := warnings[0]
		full := "netpol/odd: " + strings.ReplaceAll(message, "\n", `\n`)
		head, cut := strings.CutSuffix(got, "…")
		switch n := utf8.RuneCountInString(got); {
		case n > 256 || !utf8.ValidString(got):
			rt.Fatalf("%d characters: %q", n, got)
		case !cut && got != full:
			rt.Fatalf("got %q, want %q", got, full)
		case !strings.HasPrefix(full, head):
			rt.Fatalf("%q does not begin %q", head, full)
		}
	})
}

// A validator of controller-runtime returns exactly this pair.
func ExampleFindings_Admission() {
	warnings, err := exampleFindings().Admission()
	fmt.Println(warnings[0])
	fmt.Println(err)
	// Output:
	// netpol/no-dns: the pods resolve no names
	// error: NetworkPolicy/staging/web spec.ingress[0].from: ingress is open to every source; list the peers that need access (netpol/open-to-world)
}
