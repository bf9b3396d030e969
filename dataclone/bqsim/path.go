// SPDX-License-Identifier: Apache-2.0

package bqsim

import "strings"

// readPath reads a path at the front of tokens, such as `p.d.t`, `p`.d.t or
// my-project.d.t, and returns its parts and how many tokens it takes.
func readPath(list []token) (parts []string, n int) {
	for {
		part, used := readPart(list[n:], len(parts) == 0)
		if used == 0 {
			return nil, 0
		}
		n += used
		parts = append(parts, part...)
		if !list[n].is(".") || list[n+1].kind != tokenWord && list[n+1].kind != tokenQuoted && list[n+1].kind != tokenNumber {
			return parts, n
		}
		n++
	}
}

// readPart reads one part. One in backticks may hold dots; a first one without
// backticks may hold dashes.
func readPart(list []token, first bool) (parts []string, n int) {
	switch t := list[0]; t.kind {
	case tokenQuoted:
		return splitQuoted(t.text), 1
	case tokenWord, tokenNumber:
		if t.kind == tokenNumber && first {
			return nil, 0
		}
		text, end := t.text, t.end
		n = 1
		for first && list[n].is("-") && list[n].at == end && list[n+1].at == end+1 &&
			(list[n+1].kind == tokenWord || list[n+1].kind == tokenNumber) {
			text += "-" + list[n+1].text
			end = list[n+1].end
			n += 2
			for list[n].at == end && (list[n].kind == tokenWord || list[n].kind == tokenNumber) {
				text, end = text+list[n].text, list[n].end // "1e5" is a number and a word
				n++
			}
		}
		return []string{text}, n
	default:
		return nil, 0
	}
}

// splitQuoted cuts a name in backticks at its dots. The dots of a domain,
// "example.com:p", belong to the project.
func splitQuoted(text string) []string {
	domain, rest, found := strings.Cut(text, ":")
	if !found || !strings.Contains(domain, ".") {
		return strings.Split(text, ".")
	}
	parts := strings.Split(rest, ".")
	parts[0] = domain + ":" + parts[0]
	return parts
}

// A scope completes paths: the default dataset of a query, the project that
// owns a view.
type scope struct {
	project string
	dataset string // of project; empty for none
}

// table returns the table of a path of up to three parts.
func (sc scope) table(parts []string) (TableRef, bool) {
	switch {
	case len(parts) == 3:
		return TableRef{parts[0], parts[1], parts[2]}, true
	case len(parts) == 2:
		return TableRef{sc.project, parts[0], parts[1]}, true
	case len(parts) == 1 && sc.dataset != "":
		return TableRef{sc.project, sc.dataset, parts[0]}, true
	default:
		return TableRef{}, false
	}
}
