// SPDX-License-Identifier: Apache-2.0

package mysql_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
)

// Each ID that the package declares has its row on the page, and each row its ID.
func TestRulesAreDocumented(t *testing.T) {
	declared := make(map[string]bool)
	for _, path := range bulkhead.Must(filepath.Glob("*.go")) {
		source := string(bulkhead.Must(os.ReadFile(path)))
		for _, match := range regexp.MustCompile(`= "(mysql/[a-z-]+)"`).FindAllStringSubmatch(source, -1) {
			declared[match[1]] = !strings.HasSuffix(path, "_test.go")
		}
	}
	if len(declared) < 15 {
		t.Fatalf("found only %v", declared)
	}
	page := string(bulkhead.Must(os.ReadFile("../../docs/mysql.md")))
	for _, match := range regexp.MustCompile("(?m)^\\| `(mysql/[a-z-]+)` \\|").FindAllStringSubmatch(page, -1) {
		if !declared[match[1]] {
			t.Errorf("the page has %s, which is no rule", match[1])
		}
		delete(declared, match[1])
	}
	for id := range declared {
		t.Errorf("%s is not on the page", id)
	}
}
