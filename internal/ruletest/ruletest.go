// SPDX-License-Identifier: Apache-2.0

package ruletest

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

// Run checks that rules and the fixtures in dir belong together one to one, that
// each rule is documented, and that it finds what its fixture wants, no less and
// no more. Under go test -update it rewrites what the fixtures want instead; the
// flag is for the test package to declare.
func Run(t *testing.T, dir string, rules []bulkhead.Rule) {
	t.Helper()
	for _, problem := range Problems(rules, fixtureNames(t, dir)) {
		t.Error(problem)
	}
	for _, rule := range rules {
		t.Run(baseName(rule), func(t *testing.T) {
			path := filepath.Join(dir, baseName(rule)+".txtar")
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Skip("no fixture, as reported above")
			}
			got, problems := Judge(rule, archive)
			for _, problem := range problems {
				t.Errorf("%s: %s", path, problem)
			}
			if updating() {
				rewrite(t, path, archive, got)
				return
			}
			if diff := cmp.Diff(section(archive, "want"), got); diff != "" {
				t.Errorf("%s: findings differ (-want +got); go test -update accepts them:\n%s", path, diff)
			}
		})
	}
}

// updating reports whether the tests run with -update, if there is such a flag.
func updating() bool {
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}

// Problems returns what is wrong with a set of rules and the names of their
// fixtures: a rule without a fixture, a fixture without a rule, an ID that is
// malformed or used twice, a page that is missing or has no title.
func Problems(rules []bulkhead.Rule, fixtures []string) []string {
	var out []string
	seen := make(map[string]bool)
	for _, rule := range rules {
		if !regexp.MustCompile(`^[a-z]+(/[a-z]+)*/[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(rule.ID) {
			out = append(out, fmt.Sprintf("rule %q: the ID is not of the form package/kebab-name", rule.ID))
		}
		if seen[rule.ID] {
			out = append(out, fmt.Sprintf("rule %s: the ID is used twice", rule.ID))
		}
		seen[rule.ID] = true
		title, body, _ := strings.Cut(rule.Doc, "\n")
		if !strings.HasPrefix(title, "# ") || strings.TrimSpace(body) == "" {
			out = append(out, fmt.Sprintf("rule %s: the page needs a first line \"# Title\" and a text", rule.ID))
		} else if !strings.Contains(body, "Source: ") {
			out = append(out, fmt.Sprintf("rule %s: the page names no source", rule.ID))
		}
		if rule.Run == nil {
			out = append(out, fmt.Sprintf("rule %s: no Run function", rule.ID))
		}
		if !slices.Contains(fixtures, baseName(rule)) {
			out = append(out, fmt.Sprintf("rule %s: no fixture %s.txtar", rule.ID, baseName(rule)))
		}
	}
	for _, name := range fixtures {
		if !slices.ContainsFunc(rules, func(r bulkhead.Rule) bool { return baseName(r) == name }) {
			out = append(out, fmt.Sprintf("fixture %s.txtar: no rule of this name", name))
		}
	}
	return out
}

// Judge runs a rule over each file of its fixture. It returns what the section
// want should hold, and what is wrong with the fixture or the findings.
func Judge(rule bulkhead.Rule, archive *txtar.Archive) (want string, problems []string) {
	if strings.TrimSpace(string(archive.Comment)) == "" {
		problems = append(problems, "the comment should say in a sentence what the rule catches")
	}
	var fails, passes int
	var lines strings.Builder
	for _, file := range archive.Files {
		if file.Name == "want" {
			continue
		}
		set, err := manifest.Read(file.Name, bytes.NewReader(file.Data))
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		findings := bulkhead.Check(set.Objects, boundTo(set, rule))
		switch {
		case strings.HasPrefix(file.Name, "fail"):
			fails++
			if len(findings) == 0 {
				problems = append(problems, file.Name+": the rule found nothing")
			}
		case strings.HasPrefix(file.Name, "pass"):
			passes++
			if len(findings) > 0 {
				problems = append(problems, fmt.Sprintf("%s: the rule found something:\n%s", file.Name, &bulkhead.FindingsError{Findings: findings}))
			}
		default:
			problems = append(problems, file.Name+": the name should begin with fail or pass")
		}
		for _, f := range findings {
			problems = append(problems, wrongs(rule, f)...)
			position, ok := set.Position(f.Object, f.Field)
			if !ok {
				problems = append(problems, fmt.Sprintf("%s: no position of %s", file.Name, f))
			}
			fmt.Fprintln(&lines, strings.TrimSpace(fmt.Sprintf("%s:%d %s %s", file.Name, position.Line, f.Object, f.Field)))
		}
	}
	if fails == 0 || passes == 0 {
		problems = append(problems, "a fixture needs a file to fail and one to pass")
	}
	return lines.String(), problems
}

// boundTo returns the rule as the set knows it: the rules of package manifest are
// about text, and only those of a Set find anything.
func boundTo(set *manifest.Set, rule bulkhead.Rule) bulkhead.Rule {
	for _, bound := range set.Rules() {
		if bound.ID == rule.ID {
			return bound
		}
	}
	return rule
}

// wrongs checks the form of one finding.
func wrongs(rule bulkhead.Rule, f bulkhead.Finding) []string {
	var out []string
	if f.Rule != rule.ID || f.Severity != rule.Severity {
		out = append(out, fmt.Sprintf("%s: rule and severity are not those of %s", f, rule.ID))
	}
	for _, text := range []string{f.Message, f.Fix} {
		if strings.ContainsAny(text, "\n\r") || strings.HasSuffix(text, ".") {
			out = append(out, fmt.Sprintf("%s: message and fix are phrases of one line without a final stop", f))
		}
	}
	if f.Message == "" {
		out = append(out, fmt.Sprintf("%s: no message", f))
	}
	return out
}

func baseName(rule bulkhead.Rule) string {
	return rule.ID[strings.LastIndex(rule.ID, "/")+1:]
}

func fixtureNames(t testing.TB, dir string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, path := range paths {
		out = append(out, strings.TrimSuffix(filepath.Base(path), ".txtar"))
	}
	return out
}

func section(archive *txtar.Archive, name string) string {
	for _, file := range archive.Files {
		if file.Name == name {
			return string(file.Data)
		}
	}
	return ""
}

func rewrite(t *testing.T, path string, archive *txtar.Archive, want string) {
	t.Helper()
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want" })
	archive.Files = append(archive.Files, txtar.File{Name: "want", Data: []byte(want)})
	if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}
