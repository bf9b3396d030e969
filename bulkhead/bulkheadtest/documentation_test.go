// SPDX-License-Identifier: Apache-2.0

package bulkheadtest_test

import (
	"os"
	"strings"
	"testing"
	"time"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// readBack gives a policy as a typed client reads it: without apiVersion and
// kind, and with what the server sets.
func readBack(policy *networkingv1.NetworkPolicy) *networkingv1.NetworkPolicy {
	policy.TypeMeta = metav1.TypeMeta{}
	policy.UID, policy.ResourceVersion, policy.Generation = "1", "42", 1
	policy.CreationTimestamp = metav1.NewTime(time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC))
	return policy
}

// The page shows the functions of manifests_test.go as they are, and the failures
// that the examples print.
func TestPageShowsThisCode(t *testing.T) {
	_, page, _ := strings.Cut(text(t, "../../docs/testing-your-manifests.md"), "\n## Findings, golden files and differences\n")
	_, code, found := strings.Cut(text(t, "manifests_test.go"), "\n)\n\n")
	if !found || !strings.Contains(page, code) {
		t.Error("docs/testing-your-manifests.md does not show the functions of manifests_test.go")
	}
	examples := text(t, "example_test.go")
	shown := 0
	for _, block := range strings.Split(page, "```text\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		shown++
		for line := range strings.Lines(block) {
			if !strings.Contains(examples, "\t// "+line) {
				t.Errorf("no example prints %q", line)
			}
		}
	}
	if shown != 3 {
		t.Errorf("the page shows %d failures, want 3", shown)
	}
}

// text returns the text of a file, whatever its line ends.
func text(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}
