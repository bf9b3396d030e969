// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

func TestSyntaxErrorsNameTheirLine(t *testing.T) {
	for name, last := range map[string]string{
		"an alias without an anchor":       "x: *b",
		"an anchor that contains itself":   "x: &b [*b]",
		"a merge of a text":                "x: {<<: a}",
		"a list as a key":                  "x: {[a]: b}",
		"null as a key":                    "x: {~: b}",
		"an infinite number":               "x: .inf",
		"bytes that are not UTF-8":         "x: \xff",
		"half a character":                 "x: \xe2\x9b",
		"a control character":              "x: \x01",
		"a tag that does not fit":          "x: !!bool maybe",
		"text that is not base64":          "x: !!binary '*'",
		"a quotation that is never closed": "x: \"",
		"a list that is never closed":      "x: [",
		"a directive of a template":        "{{- if .Values.web }}",
		"a value of a template":            "x: {{ .Values.web }}",
	} {
		t.Run(name, func(t *testing.T) {
			const head, behind = "---\napiVersion: v1\nkind: Service\nmetadata: {name: a, annotations: {b: \"*b\"}}\n", "\n---\na: b\n"
			for _, tail := range []string{"", "\n", "\n\n\n" + behind} {
				_, err := manifest.Read("in", strings.NewReader(head+last+tail))
				document, ok := errors.AsType[*manifest.DocumentError](err)
				if _, syntax := errors.AsType[*manifest.SyntaxError](err); !ok || !syntax || document.Line != 5 {
					t.Errorf("with %q behind: got %v, want a syntax error in line 5", tail, err)
				}
				if got := strings.Contains(err.Error(), "template"); got != strings.Contains(name, "template") {
					t.Errorf("got %v", err)
				}
			}
		})
	}
}

func TestErrorsAreOneLineEach(t *testing.T) {
	for _, err := range []error{
		&manifest.DocumentError{File: "a\nerror: b", Line: 1, Err: errors.New("c\x1b[2J")},
		&manifest.DocumentError{Field: "data[\r\n\u2028]", Object: bulkhead.Ref{Kind: "Pod\n", Name: "a\n"}, Err: errors.New("d")},
		&manifest.NoManifestsError{Path: "a\nb"},
	} {
		if got := err.Error(); strings.ContainsAny(got, "\r\n\x1b\u2028") {
			t.Errorf("got %q, want no character that does not print", got)
		}
	}
}
