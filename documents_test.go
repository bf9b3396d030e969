// SPDX-License-Identifier: Apache-2.0

package watertight_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDocumentsAreTrue follows every link of every document, and looks for what
// its command lines name.
func TestDocumentsAreTrue(t *testing.T) {
	faults := faultNames(t)
	for _, path := range documents(t) {
		for _, problem := range problemsOf(path, read(t, path), faults) {
			t.Errorf("%s: %s", path, problem)
		}
	}
}

// TestDocumentProblems shows that it would notice.
func TestDocumentProblems(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"all is well": {
			text: "# A b, c!\n[a](README.md#watertight), [b](https://example.com/x), [c](#a-b-c), [d](docs)\n" +
				"`go run ./examples/staging -break no-dns`, `go test ./...`\n```sh\ngo test -update\ngo test ./docs -update   # x\n```\n",
		},
		"code is no link":             {text: "`Each[T](objs)`\n```go\nEach[T](objs)\n```\n"},
		"a link to nothing":           {text: "[a](docs/none.md)", want: []string{"links to docs/none.md, which is not there"}},
		"a link to no heading":        {text: "# A\n[a](#b)", want: []string{"links to #b, which is no heading there"}},
		"a link to another's heading": {text: "[a](README.md#nowhere)", want: []string{"links to README.md#nowhere, which is no heading there"}},
		"a program that is not there": {text: "`go run ./examples/none -x`", want: []string{"go run ./examples/none: there is no such package"}},
		"a package that is not there": {text: "```sh\ngo test -count=1 ./none/... ./docs\n```", want: []string{"go test ./none/...: there is no such package"}},
		"a folder without Go":         {text: "`go test ./.ci`", want: []string{"go test ./.ci: there is no such package"}},
		"a fault that is not there":   {text: "`x -break open-ingress`", want: []string{"-break open-ingress: there is no such fault"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := problemsOf("TEXT.md", tt.text, []string{"no-dns"}); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// problemsOf returns what a document names that does not exist. Paths in links are
// relative to the document, those in commands to the root of the module.
func problemsOf(document, text string, faults []string) []string {
	var out []string
	prose := regexp.MustCompile("(?s)```.*?```|`[^`\n]*`").ReplaceAllString(text, "")
	for _, link := range regexp.MustCompile(`\]\(([^)#\s]*)(#[^)\s]*)?\)`).FindAllStringSubmatch(prose, -1) {
		target, heading := link[1], link[2]
		if strings.HasPrefix(target, "https:") {
			continue
		}
		page := text
		if target != "" {
			data, err := os.ReadFile(filepath.Join(filepath.Dir(document), target))
			if err != nil && !isFolder(filepath.Join(filepath.Dir(document), target)) {
				out = append(out, "links to "+target+", which is not there")
				continue
			}
			page = string(data)
		}
		if heading != "" && !slices.Contains(anchors(page), heading) {
			out = append(out, "links to "+target+heading+", which is no heading there")
		}
	}
	for _, line := range regexp.MustCompile("go (run|test|build|vet) [^`\n]*").FindAllString(text, -1) {
		words := strings.Fields(line)
		for _, word := range words[2:] {
			if strings.HasPrefix(word, "#") {
				break // a comment
			}
			if strings.HasPrefix(word, "./") && !isPackage(word) {
				out = append(out, "go "+words[1]+" "+word+": there is no such package")
			}
		}
	}
	for _, fault := range regexp.MustCompile(`-break[ =]([a-z][-a-z]*)`).FindAllStringSubmatch(text, -1) {
		if fault[1] != "list" && !slices.Contains(faults, fault[1]) {
			out = append(out, "-break "+fault[1]+": there is no such fault")
		}
	}
	return out
}

// anchors returns the fragments that GitHub gives the headings of a page: in lower
// case, without punctuation, with hyphens for blanks.
func anchors(page string) []string {
	var out []string
	for _, heading := range regexp.MustCompile(`(?m)^#+ +(.*?) *$`).FindAllStringSubmatch(page, -1) {
		words := regexp.MustCompile(`[^\pL\pN _-]`).ReplaceAllString(strings.ToLower(heading[1]), "")
		out = append(out, "#"+strings.ReplaceAll(words, " ", "-"))
	}
	return out
}

// isPackage reports whether a pattern of the go command names folders with Go files.
func isPackage(pattern string) bool {
	if folder, all := strings.CutSuffix(pattern, "/..."); all {
		return isFolder(folder)
	}
	sources, err := filepath.Glob(filepath.Join(pattern, "*.go"))
	return err == nil && len(sources) > 0
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// documents returns the paths of all documents of the module. Folders that begin
// with a dot and test data are passed over.
func documents(t *testing.T) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata"):
			return fs.SkipDir
		case filepath.Ext(path) == ".md":
			out = append(out, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(out, "README.md") || len(out) < 10 {
		t.Fatalf("found only the documents %q", out)
	}
	return out
}

// faultNames asks examples/staging which faults it knows.
func faultNames(t *testing.T) []string {
	t.Helper()
	list, err := exec.Command("go", "run", "./examples/staging", "-break", "list").Output()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(list)) {
		if words := strings.Fields(line); len(words) > 0 {
			out = append(out, words[0])
		}
	}
	if len(out) == 0 {
		t.Fatal("examples/staging -break list lists no fault")
	}
	return out
}
