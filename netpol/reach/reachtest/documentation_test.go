// SPDX-License-Identifier: Apache-2.0

package reachtest_test

import (
	"os"
	"strings"
	"testing"
)

// The page shows the test of manifests_test.go as it is, and the failure that the
// example prints.
func TestPageShowsThisCode(t *testing.T) {
	_, page, found := strings.Cut(text(t, "../../../docs/testing-your-manifests.md"), "## Who can talk to whom\n")
	if !found {
		t.Fatal("docs/testing-your-manifests.md has no section on who can talk to whom")
	}
	page, _, _ = strings.Cut(page, "\n## ")
	if _, code, found := strings.Cut(text(t, "manifests_test.go"), "\n)\n\n"); !found || !strings.Contains(page, code) {
		t.Error("docs/testing-your-manifests.md does not show the test of manifests_test.go")
	}
	_, failure, _ := strings.Cut(page, "```text\n")
	failure, _, _ = strings.Cut(failure, "```")
	if failure == "" {
		t.Error("the page shows no failure")
	}
	for line := range strings.Lines(failure) {
		if !strings.Contains(text(t, "example_test.go"), "\t// "+line) {
			t.Errorf("no example prints %q", line)
		}
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
