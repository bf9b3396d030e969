// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDocumentedFit runs what docs/fitting.md shows on the manifest that it shows.
func TestDocumentedFit(t *testing.T) {
	page, err := os.ReadFile("../../docs/fitting.md")
	if err != nil {
		t.Fatal(err)
	}
	file := regexp.MustCompile("(?s)```yaml\n(# ([a-z/.]+)\n.*?)```").FindStringSubmatch(string(page))
	session := regexp.MustCompile("(?s)```console\n\\$ ci ([^\n]*)\n(.*?)```").FindStringSubmatch(string(page))
	if file == nil || session == nil {
		t.Fatal("no manifest with its name, or no session")
	}
	t.Chdir(t.TempDir())
	if err := os.MkdirAll(filepath.Dir(file[2]), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file[2], []byte(file[1]), 0o644); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if status := run(strings.Fields(session[1]), strings.NewReader(""), &stdout, &stderr); status != statusFindings || stderr.Len() > 0 {
		t.Errorf("status %d, want %d; %s", status, statusFindings, stderr.String())
	}
	if diff := cmp.Diff(session[2], stdout.String()); diff != "" {
		t.Errorf("the page shows another output (-page +output):\n%s", diff)
	}
}
