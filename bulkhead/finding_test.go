// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
	"cmp"
	"encoding/json"
	"testing"

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
			Field:    rapid.SampledFrom([]string{"", "x", "x[2]", "x[02]", "x[10]", "x[10].y"}).Draw(t, "field"), Message: text.Draw(t, "message"), Fix: text.Draw(t, "fix"),
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
		"about a document that gave no object": {
			bulkhead.Finding{"manifest/unreadable", bulkhead.Error, bulkhead.Ref{}, "", "is not read", ""},
			"error: is not read (manifest/unreadable)",
		},
		"a message that is no UTF-8": {
			bulkhead.Finding{"netpol/open", bulkhead.Warning, web, "", "is \x9b31m open", ""},
			`warning: NetworkPolicy/staging/web: is \x9b31m open (netpol/open)`,
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

func TestFindingCompareCountsIndexes(t *testing.T) {
	ordered := []string{
		"", "metadata", "spec", "spec.egress", "spec.ingress", "spec.ingress[0]", "spec.ingress[2]", "spec.ingress[2].from[9]",
		"spec.ingress[2].from[10]", "spec.ingress[2].ports", "spec.ingress[2a]", "spec.ingress[010]", "spec.ingress[10]",
		"spec.ingress[100]", "spec.ingress[99999999999999999999]", "spec.ingress[100000000000000000000]", "spec.ingress[a]", "spec2", "spec10",
	}
	for i, f := range ordered {
		for j, g := range ordered {
			if got, want := (bulkhead.Finding{Field: f}).Compare(bulkhead.Finding{Field: g}), cmp.Compare(i, j); got != want {
				t.Errorf("%q to %q: %d, want %d", f, g, got, want)
			}
		}
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
