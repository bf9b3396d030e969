// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
)

func someFindings() *rapid.Generator[bulkhead.Finding] {
	text := rapid.SampledFrom([]string{"", "x", "y"})
	return rapid.Custom(func(t *rapid.T) bulkhead.Finding {
		return bulkhead.Finding{
			Rule:     rapid.SampledFrom([]string{"netpol/a", "netpol/b"}).Draw(t, "rule"),
			Severity: rapid.SampledFrom([]bulkhead.Severity{bulkhead.Error, bulkhead.Warning}).Draw(t, "severity"),
			Object:   refs().Draw(t, "object"),
			Field:    text.Draw(t, "field"), Message: text.Draw(t, "message"), Fix: text.Draw(t, "fix"),
		}
	})
}

func TestSeverityTextRoundTrip(t *testing.T) {
	for severity, want := range map[bulkhead.Severity]string{bulkhead.Error: `"error"`, bulkhead.Warning: `"warning"`} {
		data, err := json.Marshal(severity)
		if err != nil || string(data) != want {
			t.Errorf("got %s, %v, want %s", data, err, want)
		}
		got := bulkhead.Severity(99)
		if err := json.Unmarshal(data, &got); err != nil || got != severity {
			t.Errorf("%s reads back as %v, %v", data, got, err)
		}
	}
	for _, text := range []string{"", "Error", "warning ", "info", "0"} {
		severity := bulkhead.Warning
		if err := severity.UnmarshalText([]byte(text)); err == nil || severity != bulkhead.Warning {
			t.Errorf("%q is read as %v, %v", text, severity, err)
		}
	}
}

// A forgotten or unknown severity is the strict one wherever findings decide.
func TestUnknownSeverityIsError(t *testing.T) {
	var forgotten bulkhead.Severity
	for _, severity := range []bulkhead.Severity{forgotten, -1, 2} {
		fs := bulkhead.Findings{{Rule: "netpol/a", Severity: severity}}
		if fs.Err() == nil || len(fs.ErrorList()) != 1 || len(fs.Of(bulkhead.Error)) != 1 || len(fs.Of(bulkhead.Warning)) != 0 {
			t.Errorf("a finding of Severity(%d) passes", int(severity))
		}
		if got := severity.String(); got != "error" {
			t.Errorf("Severity(%d) says %q", int(severity), got)
		}
	}
}

func TestFindingString(t *testing.T) {
	web := bulkhead.Ref{Kind: "NetworkPolicy", Namespace: "staging", Name: "web"}
	tests := map[string]struct {
		finding bulkhead.Finding
		want    string
	}{
		"all parts": {
			bulkhead.Finding{"netpol/open", bulkhead.Error, web, "spec.ingress[0]", "is open", "list the peers"},
			"error: NetworkPolicy/staging/web spec.ingress[0]: is open; list the peers (netpol/open)",
		},
		"about the whole object, with no single fix": {
			bulkhead.Finding{"netpol/open", bulkhead.Warning, web, "", "is open", ""},
			"warning: NetworkPolicy/staging/web: is open (netpol/open)",
		},
		"a message that would forge a line": {
			bulkhead.Finding{"netpol/open", bulkhead.Warning, web, "", "is open\nerror: forged", ""},
			`warning: NetworkPolicy/staging/web: is open\nerror: forged (netpol/open)`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.finding.String(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// Only equal findings compare as equal, so that sorting leaves no choice.
func TestFindingCompareIsTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, g := someFindings().Draw(t, "f"), someFindings().Draw(t, "g")
		if c := f.Compare(g); (c == 0) != (f == g) || c != -g.Compare(f) {
			t.Fatalf("%+v to %+v: %d, and back: %d", f, g, c, g.Compare(f))
		}
	})
}

func TestSorted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fs := bulkhead.Findings(rapid.SliceOf(someFindings()).Draw(t, "findings"))
		before := slices.Clone(fs)
		got := fs.Sorted()
		if !slices.Equal(before, fs) {
			t.Fatal("Sorted changed its receiver")
		}
		for i := 1; i < len(got); i++ {
			if got[i-1].Compare(got[i]) >= 0 {
				t.Fatalf("%v stands before %v", got[i-1], got[i])
			}
		}
		for _, f := range fs {
			if !slices.Contains(got, f) {
				t.Fatalf("%v is lost", f)
			}
		}
		for _, f := range got {
			if !slices.Contains(fs, f) {
				t.Fatalf("%v comes from nowhere", f)
			}
		}
	})
	if bulkhead.Findings(nil).Sorted() != nil {
		t.Error("nothing sorted is not nil")
	}
}

func TestErr(t *testing.T) {
	failing := bulkhead.Finding{Rule: "netpol/open", Field: "spec.ingress[0].from", Message: "is open"}
	second := bulkhead.Finding{Rule: "netpol/no-dns", Field: "spec.egress", Message: "resolves no names"}
	warning := bulkhead.Finding{Rule: "netpol/odd", Severity: bulkhead.Warning}

	t.Run("nothing and warnings make no error", func(t *testing.T) {
		for _, fs := range []bulkhead.Findings{nil, {}, {warning}} {
			if err := fs.Err(); err != nil {
				t.Errorf("%v: %v", fs, err)
			}
		}
	})
	base := bulkhead.Findings{failing, warning, second}.Err()
	for name, err := range map[string]error{
		"as it is":          base,
		"wrapped":           fmt.Errorf("checking staging: %w", base),
		"joined":            errors.Join(errors.New("another"), base),
		"joined and nested": fmt.Errorf("checking: %w", errors.Join(errors.New("another"), fmt.Errorf("staging: %w", base))),
	} {
		t.Run(name, func(t *testing.T) {
			var findings *bulkhead.FindingsError
			if !errors.As(err, &findings) {
				t.Fatal("errors.As does not reach the *FindingsError")
			}
			if diff := cmp.Diff(bulkhead.Findings{failing, second}, findings.Findings); diff != "" {
				t.Error(diff)
			}
			var one *field.Error
			if !errors.As(err, &one) {
				t.Fatal("errors.As does not reach the *field.Error")
			}
			if one.Origin != failing.Rule || one.Field != failing.Field {
				t.Errorf("got %+v", one)
			}
			for _, f := range []bulkhead.Finding{failing, second} {
				if !strings.Contains(err.Error(), f.String()) {
					t.Errorf("%q does not say %q", err, f)
				}
			}
			if strings.Contains(err.Error(), warning.Rule) {
				t.Errorf("%q names a warning", err)
			}
		})
	}
}

func TestErrorList(t *testing.T) {
	fs := bulkhead.Findings{
		{Rule: "netpol/open", Field: "spec.ingress[0].from", Message: "is open", Fix: "list the peers"},
		{Rule: "netpol/odd", Severity: bulkhead.Warning, Message: "is odd"},
		{Rule: "netpol/no-dns", Message: "resolves no names"},
	}
	want := field.ErrorList{
		{Type: field.ErrorTypeInvalid, Field: "spec.ingress[0].from", BadValue: field.OmitValueType{}, Detail: "is open", Origin: "netpol/open"},
		{Type: field.ErrorTypeInvalid, BadValue: field.OmitValueType{}, Detail: "resolves no names", Origin: "netpol/no-dns"},
	}
	got := fs.ErrorList()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// This is how Kubernetes validation tests compare; the wording is not asked for.
	matcher := field.ErrorMatcher{}.ByType().ByField().ByOrigin()
	matcher.Test(t, field.ErrorList{
		field.Invalid(field.NewPath("spec", "ingress").Index(0).Child("from"), nil, "").WithOrigin("netpol/open"),
		{Type: field.ErrorTypeInvalid, Origin: "netpol/no-dns"},
	}, got)
	if got := (bulkhead.Findings{fs[1]}).ErrorList(); got != nil {
		t.Errorf("a warning gives %v", got)
	}
}

func TestAdmission(t *testing.T) {
	failing := bulkhead.Finding{Rule: "netpol/open", Message: "is open"}
	warning := bulkhead.Finding{Rule: "netpol/odd", Severity: bulkhead.Warning, Message: "is odd"}
	tests := map[string]struct {
		findings bulkhead.Findings
		warnings []string
		refused  bool
	}{
		"nothing admits in silence": {},
		"a warning admits":          {bulkhead.Findings{warning}, []string{warning.String()}, false},
		"an error refuses":          {bulkhead.Findings{failing}, nil, true},
		"both are returned":         {bulkhead.Findings{failing, warning}, []string{warning.String()}, true},
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

func exampleFindings() bulkhead.Findings {
	web := bulkhead.Ref{Group: "networking.k8s.io", Kind: "NetworkPolicy", Namespace: "staging", Name: "web"}
	return bulkhead.Findings{
		{
			Rule: "netpol/open-to-world", Object: web, Field: "spec.ingress[0].from",
			Message: "ingress is open to every source", Fix: "list the peers that need access",
		},
		{Rule: "netpol/no-dns", Severity: bulkhead.Warning, Object: web, Message: "the pods resolve no names"},
	}
}

func ExampleFindings_Err() {
	err := exampleFindings().Err()
	fmt.Println(err)

	var first *field.Error
	fmt.Println(errors.As(err, &first), first.Field)
	// Output:
	// error: NetworkPolicy/staging/web spec.ingress[0].from: ingress is open to every source; list the peers that need access (netpol/open-to-world)
	// true spec.ingress[0].from
}

func ExampleFindings_ErrorList() {
	for _, err := range exampleFindings().ErrorList() {
		fmt.Println(err.Origin)
		fmt.Println(err)
	}
	// Output:
	// netpol/open-to-world
	// spec.ingress[0].from: Invalid value: ingress is open to every source
}

// A validator of controller-runtime returns exactly this pair.
func ExampleFindings_Admission() {
	warnings, err := exampleFindings().Admission()
	fmt.Println(warnings[0])
	fmt.Println(err)
	// Output:
	// warning: NetworkPolicy/staging/web: the pods resolve no names (netpol/no-dns)
	// error: NetworkPolicy/staging/web spec.ingress[0].from: ingress is open to every source; list the peers that need access (netpol/open-to-world)
}

func ExampleFindings_Of() {
	findings := exampleFindings()
	fmt.Println(len(findings.Of(bulkhead.Error)), "error,", len(findings.Of(bulkhead.Warning)), "warning")
	// Output: 1 error, 1 warning
}
