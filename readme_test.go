// SPDX-License-Identifier: Apache-2.0

package watertight_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestReadmeShowsTheExample keeps the README's program and its output identical
// to Example, which is compiled and run.
func TestReadmeShowsTheExample(t *testing.T) {
	readme := read(t, "README.md")
	example := read(t, "example_test.go")

	program := capture(t, readme, "(?s)```go\n(.*?)```")
	if got, want := imports(t, program), imports(t, example); got != want {
		t.Errorf("README imports\n%s\nExample imports\n%s", got, want)
	}
	code, output, ok := strings.Cut(capture(t, example, `(?s)\nfunc Example\(\) \{\n(.*?)\n\}\n`), "\t// Output:\n")
	if !ok {
		t.Fatal("Example has no output")
	}
	if got := capture(t, program, `(?s)\nfunc main\(\) \{\n(.*?)\}\n$`); got != code {
		t.Errorf("README runs\n%s\nExample runs\n%s", got, code)
	}
	output = strings.ReplaceAll(output+"\n", "\t// ", "")
	if got := capture(t, readme, "(?s)```text\n(.*?)```"); got != output {
		t.Errorf("README prints\n%s\nExample prints\n%s", got, output)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func imports(t *testing.T, source string) string {
	t.Helper()
	return capture(t, source, `(?s)\nimport \(\n(.*?)\n\)\n`)
}

func capture(t *testing.T, text, pattern string) string {
	t.Helper()
	match := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if match == nil {
		t.Fatalf("nothing matches %s", pattern)
	}
	return match[1]
}
