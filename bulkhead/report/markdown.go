// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"io"
	"strings"
)

// WriteMarkdown writes the picture as a comment on a pull request: the summary, the
// diagram of [Picture.WriteMermaid] in a fenced block, and a table of what is red, the
// first of it if it is long, and what it rests on.
func (p *Picture) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "**Who can connect to whom:** %s\n", markdownText(p.Summary()))
	if len(p.Namespaces) > 0 {
		fmt.Fprintf(&b, "\n```mermaid\n%s```\n\n", p.mermaid())
		p.markdownTable(&b)
		fmt.Fprintf(&b, "\n%s\n", assumptions)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// markdownTable lists what is red. Where nothing is, it says so: an empty table could
// be a mistake.
func (p *Picture) markdownTable(b *strings.Builder) {
	if len(p.Sums) == 0 {
		b.WriteString("None: no workload can connect to another, nor to anything outside.\n")
		return
	}
	red, more := p.lines(markdownLines, p.Crosses)
	if len(red) == 0 {
		fmt.Fprintf(b, "Nothing crosses%s.\n", p.crossed())
		return
	}
	fmt.Fprintf(b, "What crosses%s:\n\n| from | to | ports | verdict |\n|---|---|---|---|\n", p.crossed())
	start := b.Len()
	for i, a := range red {
		if b.Len()-start > markdownSize {
			more += len(red) - i
			break
		}
		fmt.Fprintf(b, "| <code>%s</code> | <code>%s</code> | %s | %s |\n", markdownText(a.From.String()), markdownText(a.To.String()), markdownText(cut(a.label(), longestPorts)), a.Verdict)
	}
	if more > 0 {
		fmt.Fprintf(b, "\n%s not listed.\n", count(more, "more row"))
	}
}

// crossed names the boundary.
func (p *Picture) crossed() string {
	if p.Boundary.named() {
		return " from " + markdownText(p.Boundary.sides(" to "))
	}
	return " from one namespace to another"
}

// markdownText writes any text so that Markdown takes nothing in it for its own: what
// is neither letter, digit nor harmless becomes a character reference (CommonMark 0.31,
// "Entity and numeric character references").
func markdownText(text string) string {
	var b strings.Builder
	runes := []rune(shorten(clean(text), longestText))
	for i, r := range runes {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune(" ,.;()/-", r):
			b.WriteRune(r)
		case r == ':' && i+1 < len(runes) && runes[i+1] == ' ': // in no address of a page
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "&#%d;", r)
		}
	}
	return b.String()
}
