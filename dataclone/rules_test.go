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

// The pages list each rule that the package has, and no other; each is held by a test.
func TestPagesListTheRules(t *testing.T) {
	for file, page := range map[string]string{"rules.go": "dataclone.md", "rules_definitions.go": "dataclone-views.md"} {
		t.Run(page, func(t *testing.T) { testPage(t, file, page) })
	}
}

func testPage(t *testing.T, file, name string) {
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
	rules := ids(read(file), `= "(dataclone/[a-z0-9-]+)"`)
	page := ids(read(filepath.Join("..", "docs", name)), "(?m)^\\| `(dataclone/[a-z0-9-]+)` \\|")
	if diff := cmp.Diff(rules, page); diff != "" {
		t.Errorf("rules of the page (-code +page):\n%s", diff)
	}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	for _, test := range files {
		tests.WriteString(read(test))
	}
	for _, match := range regexp.MustCompile(`(\w+)\s+= "(dataclone/[a-z0-9-]+)"`).FindAllStringSubmatch(read(file), -1) {
		short := strings.TrimPrefix(match[2], "dataclone/")
		if !strings.Contains(tests.String(), match[2]+" ") && !strings.Contains(tests.String(), " "+short+`"`) && !strings.Contains(tests.String(), `"`+match[2]+`"`) && !strings.Contains(tests.String(), "dataclone."+match[1]) {
			t.Errorf("no test expects %s", match[2])
		}
	}
}
