// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// syntax turns an error of the YAML parser into one that gives the line in the
// file and quotes nothing of the text.
func (d *document) syntax(cause error) *DocumentError {
	text := strings.TrimPrefix(cause.Error(), "yaml: ")
	line := 0
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		number, message, _ := strings.Cut(rest, ": ")
		if n, err := strconv.Atoi(number); err == nil {
			line, text = n, message
		}
	}
	switch {
	case countsFromZero(text):
		line++
	case line == 0:
		line = d.blame(text)
	}
	problem := withoutValues(text)
	if template := d.templateLine(); template > 0 {
		line = min(line, template)
		problem += "; this looks like a template that is not rendered"
	}
	var err error = &SyntaxError{problem}
	if strings.Contains(text, "exceeded max depth") {
		err = &LimitError{"levels of nesting", MaxDepth}
	}
	last := lineAt(d.text, len(bytes.TrimRight(d.text, " \t\r\n"))-1)
	return d.fail("", d.line+min(line, last)-1, err)
}

// templateLine returns the first line of the text on which a value, or the line,
// begins with two braces, as no object is written, or 0.
func (d *document) templateLine() int {
	number := 1
	for offset := 0; offset < len(d.text); number++ {
		line := firstLine(d.text[offset:])
		if bytes.HasPrefix(bytes.TrimLeft(line, " -\t"), []byte("{{")) || bytes.Contains(line, []byte(": {{")) {
			return number
		}
		offset += len(line)
	}
	return 0
}

// countsFromZero reports whether an error comes from the grammar, whose lines the
// parser counts from 0, and not from the scanner, whose lines it counts from 1
// (go.yaml.in/yaml/v2, decode.go, parser.fail, v2.4).
func countsFromZero(text string) bool {
	return slices.Contains([]string{
		"did not find expected key",
		"did not find expected '-' indicator",
		"did not find expected node content",
		"did not find expected ',' or ']'",
		"did not find expected ',' or '}'",
		"did not find expected <document start>",
		"found undefined tag handle",
		"found duplicate %YAML directive",
		"found duplicate %TAG directive",
		"found incompatible YAML document",
	}, text)
}

// withoutValues keeps those messages of the YAML parser that are fixed texts.
func withoutValues(text string) string {
	switch {
	case strings.HasPrefix(text, "unknown anchor"):
		return "an alias has no anchor"
	case strings.HasPrefix(text, "anchor"):
		return "an anchor contains an alias of itself"
	case strings.HasPrefix(text, "json: unsupported value"):
		return "a number is infinite or not a number, which JSON has no form for"
	}
	for _, fixed := range []string{
		"block ", "control characters are not allowed", "could not find ", "did not find ",
		"document contains excessive aliasing", "found ", "incomplete UTF-8 ", "invalid Unicode ", "invalid leading UTF-8 ",
		"invalid trailing UTF-8 ", "map merge ", "mapping values ", "!!binary value contains ",
	} {
		if strings.HasPrefix(text, fixed) {
			return text
		}
	}
	return "not YAML that has a JSON form"
}
