// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

// A located finding is a finding joined with its place in a file. The names of
// its fields are those of the JSON output.
type located struct {
	Rule     string            `json:"rule"`
	Severity bulkhead.Severity `json:"severity"`
	Object   string            `json:"object"`
	Field    string            `json:"field"`
	File     string            `json:"file"`
	Line     int               `json:"line"`
	Message  string            `json:"message"`
	Fix      string            `json:"fix"`
}

// locate looks every finding up in the set that holds its object.
func locate(findings bulkhead.Findings, sets []*manifest.Set) []located {
	out := make([]located, 0, len(findings))
	for _, f := range findings {
		l := located{
			Rule: f.Rule, Severity: f.Severity, Object: f.Object.String(), Field: f.Field,
			Message: f.Message, Fix: f.Fix,
		}
		for _, set := range sets {
			if position, ok := set.Position(f.Object, f.Field); ok {
				l.File, l.Line = position.File, position.Line
				break
			}
		}
		out = append(out, l)
	}
	return out
}

type printer func(io.Writer, []located) error

func formats() map[string]printer {
	return map[string]printer{"text": printText, "json": printJSON, "github": printGitHub}
}

// printText prints a line per finding, as compilers do, and a count.
func printText(w io.Writer, findings []located) error {
	var errors int
	for _, f := range findings {
		if f.Severity == bulkhead.Error {
			errors++
		}
		place := f.Object
		if f.Field != "" {
			place += " " + f.Field
		}
		if _, err := fmt.Fprintf(w, "%s:%d: %s: %s: %s (%s)\n", f.File, f.Line, f.Severity, place, f.text(), f.Rule); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%d errors, %d warnings\n", errors, len(findings)-errors)
	return err
}

func printJSON(w io.Writer, findings []located) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(map[string][]located{"findings": findings})
}

// printGitHub prints workflow commands, which GitHub shows beside the line in a
// pull request (GitHub documentation, "Workflow commands for GitHub Actions").
func printGitHub(w io.Writer, findings []located) error {
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	for _, f := range findings {
		_, err := fmt.Fprintf(w, "::%s file=%s,line=%d,title=%s::%s\n", f.Severity,
			property.Replace(f.File), f.Line, property.Replace(f.Rule), data.Replace(f.Object+": "+f.text()))
		if err != nil {
			return err
		}
	}
	return nil
}

func (l located) text() string {
	if l.Fix == "" {
		return l.Message
	}
	return l.Message + "; " + l.Fix
}
