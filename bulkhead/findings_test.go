// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
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
		{Rule: "netpol/no-dns", Object: bulkhead.Ref{Kind: "Namespace", Name: "prod"}, Message: "resolves\nno names"},
		{Rule: "netpol/no-dns", Object: bulkhead.Ref{Kind: "Namespace", Name: "staging"}, Message: "resolves no names", Fix: "add AllowDNS"},
	}
	invalid := func(origin, at, detail string) *field.Error {
		return &field.Error{Type: field.ErrorTypeInvalid, Field: at, BadValue: field.OmitValueType{}, Detail: detail, Origin: origin}
	}
	want := field.ErrorList{
		invalid("netpol/open", "spec.ingress[0].from", "is open; list the peers"),
		invalid("netpol/no-dns", "<nil>", `Namespace/prod: resolves\nno names`),
		invalid("netpol/no-dns", "<nil>", "Namespace/staging: resolves no names; add AllowDNS"),
	}
	got := fs.ErrorList()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// This is how Kubernetes validation tests compare; the wording is not asked for.
	matcher := field.ErrorMatcher{}.ByType().ByField().ByOrigin()
	matcher.Test(t, field.ErrorList{
		field.Invalid(field.NewPath("spec", "ingress").Index(0).Child("from"), nil, "").WithOrigin("netpol/open"),
		field.Invalid(nil, nil, "").WithOrigin("netpol/no-dns"),
	}, got)
	if got := (bulkhead.Findings{fs[1]}).ErrorList(); got != nil {
		t.Errorf("a warning gives %v", got)
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

	if failed, ok := errors.AsType[*bulkhead.FindingsError](err); ok {
		for _, f := range failed.Findings {
			fmt.Println(f.Rule, f.Field)
		}
	}
	// Output:
	// error: NetworkPolicy/staging/web spec.ingress[0].from: ingress is open to every source; list the peers that need access (netpol/open-to-world)
	// netpol/open-to-world spec.ingress[0].from
}

func ExampleFindings_ErrorList() {
	for _, err := range exampleFindings().ErrorList() {
		fmt.Println(err.Origin)
		fmt.Println(err)
	}
	// Output:
	// netpol/open-to-world
	// spec.ingress[0].from: Invalid value: NetworkPolicy/staging/web: ingress is open to every source; list the peers that need access
}

func ExampleFindings_Of() {
	findings := exampleFindings()
	fmt.Println(len(findings.Of(bulkhead.Error)), "error,", len(findings.Of(bulkhead.Warning)), "warning")
	// Output: 1 error, 1 warning
}
