// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

// A located finding is a finding joined with its place in a file. The names of
// its fields are those of the JSON output.
type located struct {
	Rule     string            `json:"rule"`
	Severity bulkhead.Severity `json:"severity"`
	Object   string            `json:"object"` // empty for a document that was not read
	Field    string            `json:"field"`
	File     string            `json:"file"` // empty where the place is not known
	Line     int               `json:"line"`
	Message  string            `json:"message"`
	Fix      string            `json:"fix"`

	finding bulkhead.Finding
}

func newRow(f bulkhead.Finding, at manifest.Position) located {
	l := located{
		Rule: f.Rule, Severity: f.Severity, Field: f.Field, File: at.File, Line: at.Line,
		Message: f.Message, Fix: f.Fix, finding: f,
	}
	if f.Object != (bulkhead.Ref{}) {
		l.Object = f.Object.String()
	}
	return l
}

// locate joins each finding with its place, which it has in an export or else in the set.
func locate(findings bulkhead.Findings, set *manifest.Set, inExports placed) []located {
	out := make([]located, 0, len(findings))
	for _, f := range findings {
		if at, ok := inExports[f]; ok {
			out = append(out, newRow(f, at))
			continue
		}
		at, found := set.Position(f.Object, f.Field)
		if !found { // of several objects with this name, which of them has the field
			at, _ = set.Position(f.Object, "")
		}
		out = append(out, newRow(f, at))
	}
	return out
}

// A judgement is what check prints.
type judgement struct {
	findings []located
	// unjudged are the objects of kinds that no rule knows.
	unjudged []bulkhead.Ref
}

type printer func(io.Writer, judgement) error

func formats() map[string]printer {
	return map[string]printer{"text": printText, "json": printJSON, "github": printGitHub}
}

// printText prints a line per finding, as compilers do, and a count.
func printText(w io.Writer, j judgement) error {
	counts := make(map[bulkhead.Severity]int)
	for _, f := range j.findings {
		counts[f.Severity]++
		if _, err := fmt.Fprintln(w, f.place()+f.finding.String()); err != nil {
			return err
		}
	}
	line := count(counts[bulkhead.Error], "error") + ", " + count(counts[bulkhead.Warning], "warning")
	if n := len(j.unjudged); n > 0 {
		line += fmt.Sprintf("; %s of kinds that are not judged", count(n, "object"))
	}
	_, err := fmt.Fprintln(w, line)
	return err
}

// place gives "file:line: ", quoted if the name of the file would break the line.
func (l located) place() string {
	if l.File == "" {
		return ""
	}
	file := l.File
	if strings.ContainsFunc(file, func(r rune) bool { return !strconv.IsPrint(r) }) {
		file = strconv.Quote(file)
	}
	return fmt.Sprintf("%s:%d: ", file, l.Line)
}

func count(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}

func printJSON(w io.Writer, j judgement) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	out := struct {
		Findings []located `json:"findings"`
		Unjudged []string  `json:"unjudged,omitempty"`
	}{Findings: append([]located{}, j.findings...)}
	for _, ref := range j.unjudged {
		out.Unjudged = append(out.Unjudged, ref.String())
	}
	return encoder.Encode(out)
}

// printGitHub prints workflow commands, which GitHub shows beside the line in a
// pull request (GitHub documentation, "Workflow commands for GitHub Actions").
func printGitHub(w io.Writer, j judgement) error {
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	for _, f := range j.findings {
		text := strings.TrimPrefix(f.finding.String(), f.Severity.String()+": ") // the command says it
		_, err := fmt.Fprintf(w, "::%s file=%s,line=%d,title=%s::%s\n", f.Severity,
			property.Replace(f.File), f.Line, property.Replace(f.Rule), data.Replace(text))
		if err != nil {
			return err
		}
	}
	return nil
}
