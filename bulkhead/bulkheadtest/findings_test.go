// SPDX-License-Identifier: Apache-2.0

package bulkheadtest_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/bulkheadtest"
)

func policy(name string) bulkhead.Ref {
	return bulkhead.Ref{Group: "networking.k8s.io", Kind: "NetworkPolicy", Namespace: "staging", Name: name}
}

func TestNoFindings(t *testing.T) {
	open := bulkhead.Finding{Rule: "netpol/open", Object: policy("web"), Field: "spec.ingress[0]", Message: "is open", Fix: "close it"}
	odd := bulkhead.Finding{Rule: "netpol/odd", Severity: bulkhead.Warning, Object: policy("web"), Message: "100% odd"}
	tests := map[string]struct {
		findings bulkhead.Findings
		want     []string
	}{
		"nil passes":               {nil, nil},
		"an empty list passes":     {bulkhead.Findings{}, nil},
		"an error fails":           {bulkhead.Findings{open}, []string{"got 1", open.String()}},
		"a warning fails":          {bulkhead.Findings{odd}, []string{"got 1", odd.String()}},
		"each is listed, in full":  {bulkhead.Findings{open, odd}, []string{"got 2", open.String(), odd.String()}},
		"a finding of zero values": {bulkhead.Findings{{}}, []string{"got 1", "error: "}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var r recorder
			bulkheadtest.NoFindings(&r, tt.findings)
			r.wantFailure(t, tt.want...)
		})
	}
}

func TestWantFindings(t *testing.T) {
	whole := bulkhead.Finding{Rule: "netpol/no-dns", Severity: bulkhead.Warning, Object: policy("web"), Message: "resolves nothing"}
	open := bulkhead.Finding{Rule: "netpol/open", Object: policy("web"), Field: "spec.ingress[0].from", Message: "is open"}
	other := open
	other.Object = policy("api")
	reworded := open
	reworded.Message, reworded.Fix, reworded.Severity = "lets everybody in", "close it", bulkhead.Warning
	tests := map[string]struct {
		findings bulkhead.Findings
		want     []string
		failure  []string
	}{
		"nothing found, nothing wanted": {nil, nil, nil},
		"a rule and a field":            {bulkhead.Findings{open}, []string{"netpol/open spec.ingress[0].from"}, nil},
		"a rule about a whole object":   {bulkhead.Findings{whole}, []string{"netpol/no-dns"}, nil},
		"in any order": {
			bulkhead.Findings{open, whole},
			[]string{"netpol/no-dns", "netpol/open spec.ingress[0].from"},
			nil,
		},
		"wording, fix and severity do not count": {bulkhead.Findings{reworded}, []string{"netpol/open spec.ingress[0].from"}, nil},
		"found in two objects, wanted twice": {
			bulkhead.Findings{open, other},
			[]string{"netpol/open spec.ingress[0].from", "netpol/open spec.ingress[0].from"},
			nil,
		},

		"wanted and not found": {
			nil,
			[]string{"netpol/open spec.ingress[0].from"},
			[]string{"netpol/open spec.ingress[0].from: want 1, got 0"},
		},
		"found and not wanted": {
			bulkhead.Findings{open},
			nil,
			[]string{"netpol/open spec.ingress[0].from: want 0, got 1", open.String()},
		},
		"found in two objects, wanted once": {
			bulkhead.Findings{open, other},
			[]string{"netpol/open spec.ingress[0].from"},
			[]string{"netpol/open spec.ingress[0].from: want 1, got 2", open.String(), other.String()},
		},
		"found in one object, wanted twice": {
			bulkhead.Findings{open},
			[]string{"netpol/open spec.ingress[0].from", "netpol/open spec.ingress[0].from"},
			[]string{"netpol/open spec.ingress[0].from: want 2, got 1", open.String()},
		},
		"a field that would forge a line": {
			bulkhead.Findings{{Rule: "netpol/open", Field: "metadata.labels[a\nerror: forged]"}},
			nil,
			[]string{`"netpol/open metadata.labels[a\nerror: forged]": want 0, got 1`},
		},
		"another field": {
			bulkhead.Findings{open},
			[]string{"netpol/open spec.ingress[1].from"},
			[]string{"spec.ingress[1].from: want 1, got 0", "spec.ingress[0].from: want 0, got 1", open.String()},
		},
		"another rule about the same field": {
			bulkhead.Findings{open},
			[]string{"netpol/shut spec.ingress[0].from"},
			[]string{"netpol/shut spec.ingress[0].from: want 1, got 0", "netpol/open spec.ingress[0].from: want 0, got 1"},
		},
		"the rule alone does not stand for each of its fields": {
			bulkhead.Findings{open},
			[]string{"netpol/open"},
			[]string{"netpol/open: want 1, got 0", "netpol/open spec.ingress[0].from: want 0, got 1"},
		},
		"a field does not stand for the whole object": {
			bulkhead.Findings{whole},
			[]string{"netpol/no-dns spec"},
			[]string{"netpol/no-dns spec: want 1, got 0", "netpol/no-dns: want 0, got 1"},
		},
		"an empty want is not passed over": {nil, []string{""}, []string{"want 1, got 0"}},
		"a want with a blank too many":     {bulkhead.Findings{whole}, []string{"netpol/no-dns "}, []string{"want 1, got 0", "want 0, got 1"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var r recorder
			bulkheadtest.WantFindings(&r, tt.findings, tt.want...)
			r.wantFailure(t, tt.failure...)
		})
	}
}

// What fits is not listed beside what does not.
func TestWantFindingsListsOnlyWhatDiffers(t *testing.T) {
	var r recorder
	bulkheadtest.WantFindings(&r, bulkhead.Findings{{Rule: "netpol/a"}, {Rule: "netpol/b"}}, "netpol/a", "netpol/c")
	r.wantFailure(t, "netpol/b", "netpol/c")
	if strings.Contains(r.failures[0], "netpol/a") {
		t.Errorf("the failure lists what fits: %s", r.failures[0])
	}
}

// It passes if and only if the two multisets are the same.
func TestWantFindingsComparesMultisets(t *testing.T) {
	keys := rapid.SliceOfN(rapid.SampledFrom([]string{"netpol/a", "netpol/a x", "netpol/b x"}), 0, 4)
	rapid.Check(t, func(t *rapid.T) {
		found, want := keys.Draw(t, "found"), keys.Draw(t, "want")
		var findings bulkhead.Findings
		for i, key := range found {
			rule, field, _ := strings.Cut(key, " ")
			findings = append(findings, bulkhead.Finding{Rule: rule, Field: field, Message: strings.Repeat("m", i)})
		}
		var r recorder
		bulkheadtest.WantFindings(&r, findings, want...)
		same := slices.Equal(slices.Sorted(slices.Values(found)), slices.Sorted(slices.Values(want)))
		if same != (len(r.failures) == 0) {
			t.Fatalf("found %q, wanted %q: %q", found, want, r.failures)
		}
	})
}
