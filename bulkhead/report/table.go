// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Rows that a table has at most, and the bytes of the ports in one of them. A comment
// on GitHub has at most 65,536 characters; the diagram and the table share them.
const (
	pageLines     = 500
	markdownLines = 50
	markdownSize  = 12_000 // bytes before the last row
	longestPorts  = 160
	longestText   = 640 // columns of a cell: "namespace/kind/name" has 330 at most
)

// lines returns the arrows of a table, red ones first and what is outside the cluster
// last, and how many are left out: those of workloads if all have room, else the sums.
func (p *Picture) lines(most int, shown func(Arrow) bool) (kept []Arrow, more int) {
	rank := [...]int{crossing: 0, between: 1, inside: 2, outward: 3}
	for _, arrows := range [][]Arrow{p.Arrows, p.Sums} {
		kept = slices.DeleteFunc(slices.Clone(arrows), func(a Arrow) bool { return !shown(a) })
		if arrows != nil && len(kept) <= most {
			break
		}
	}
	slices.SortStableFunc(kept, func(a, b Arrow) int { return cmp.Compare(rank[p.kindOf(a)], rank[p.kindOf(b)]) })
	more = max(0, len(kept)-most)
	return kept[:len(kept)-more], more
}

// pageTable says in words what is drawn, for those who do not see it and for those who
// search. It is unfolded if there is something red in it.
func (p *Picture) pageTable(b *strings.Builder) {
	arrows, more := p.lines(pageLines, func(Arrow) bool { return true })
	if len(arrows) == 0 {
		b.WriteString("<h2>Flows</h2>\n<p>None: no workload can connect to another, nor to anything outside.</p>\n")
		return
	}
	red := slices.ContainsFunc(arrows, p.Crosses)
	open := ""
	if red {
		open = ` open="open"`
	}
	fmt.Fprintf(b, "<details%s>\n<summary><h2 style=\"display:inline-block\">Flows</h2></summary>\n<table>\n", open)
	b.WriteString("<thead><tr><th scope=\"col\">From</th><th scope=\"col\">To</th><th scope=\"col\">Ports</th><th scope=\"col\">Verdict</th><th scope=\"col\">Where</th></tr></thead>\n<tbody>\n")
	for _, a := range arrows {
		class := ""
		if p.Crosses(a) {
			class = ` class="crossing"`
		}
		fmt.Fprintf(b, "<tr><td><code>%s</code></td><td><code>%s</code></td><td><code>%s</code></td><td>%s</td><td%s>%s</td></tr>\n",
			escape(a.From.String()), escape(a.To.String()), escape(cut(a.label(), longestPorts)), a.Verdict, class, p.where(a))
	}
	b.WriteString("</tbody>\n</table>\n")
	if more > 0 {
		fmt.Fprintf(b, "<p>%s not listed.</p>\n", count(more, "more row"))
	}
	b.WriteString("</details>\n")
}

// where says what kind of arrow it is.
func (p *Picture) where(a Arrow) string {
	switch p.kindOf(a) {
	case crossing:
		return "crosses a boundary"
	case between:
		return "between namespaces"
	case outward:
		return "outside the cluster"
	default:
		return "inside a namespace"
	}
}
