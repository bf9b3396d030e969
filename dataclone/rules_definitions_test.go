// SPDX-License-Identifier: Apache-2.0

package dataclone_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The page lists each rule that the package has for definitions and personal data, and
// no other; each is held by a test.
func TestPageListsTheRulesOfDefinitions(t *testing.T) {
	read := func(path string) string {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	ids := func(text, pattern string) []string {
		var out []string
		for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
			out = append(out, match[1])
		}
		slices.Sort(out)
		return out
	}
	rules := ids(read("rules_definitions.go"), `= "(dataclone/[a-z-]+)"`)
	page := ids(read(filepath.Join("..", "docs", "dataclone-views.md")), "(?m)^\\| `(dataclone/[a-z-]+)` \\|")
	if diff := cmp.Diff(rules, page); diff != "" {
		t.Errorf("rules of the page (-code +page):\n%s", diff)
	}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	for _, file := range files {
		tests.WriteString(read(file))
	}
	for _, match := range regexp.MustCompile(`(\w+)\s+= "(dataclone/[a-z-]+)"`).FindAllStringSubmatch(read("rules_definitions.go"), -1) {
		if !strings.Contains(tests.String(), match[2]+" ") && !strings.Contains(tests.String(), `"`+match[2]+`"`) && !strings.Contains(tests.String(), "dataclone."+match[1]) {
			t.Errorf("no test expects %s", match[2])
		}
	}
}
