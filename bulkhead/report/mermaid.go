// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// GitHub draws a Mermaid diagram of at most 500 edges and 50,000 characters (the
// defaults of maxEdges and maxTextSize in Mermaid 11, "Mermaid Config Schema"). Long
// before that it is no longer read.
const (
	mermaidEdges    = 450
	mermaidSize     = 40_000
	mermaidReadable = 80 // edges, before more is collapsed
	mermaidLabel    = 40 // columns of a label
	mermaidNodes    = 60 // nodes, before more is collapsed
)

// WriteMermaid writes the picture as a flowchart in the language of Mermaid, which
// GitHub draws in a comment when it stands in a fenced block. It shows workloads while
// they are few, else namespaces, else only what crosses in red, and of that at last
// only what few namespaces take part in; a note in the diagram then counts what is left
// out.
func (p *Picture) WriteMermaid(w io.Writer) error {
	_, err := io.WriteString(w, p.mermaid())
	return err
}

// mermaid takes the first diagram that can be read, or at least be drawn.
func (p *Picture) mermaid() string {
	if len(p.Namespaces) == 0 {
		return "flowchart LR\n  n0[" + mermaidText(p.Summary()) + "]\n"
	}
	workloads := 0
	for _, n := range p.Namespaces {
		workloads += len(n.Workloads)
	}
	if p.detailed() && workloads <= mermaidNodes {
		if m := newMermaid(p.workloadScene(), ""); m.edges <= mermaidReadable && m.fits() {
			return m.String()
		}
	}
	if len(p.Namespaces) <= mermaidNodes {
		if m := newMermaid(p.namespaceScene(p.single()), ""); m.edges <= mermaidReadable && m.fits() {
			return m.String()
		}
	}
	s := p.namespaceScene(p.alike())
	if m := newMermaid(s, ""); m.fits() {
		return m.String()
	}
	return crossingMermaid(s)
}

// crossingMermaid leaves out all that is not red, and then what the most namespaces
// take part in, such as DNS: the exceptions are what a reader looks for.
func crossingMermaid(s *scene) string {
	kept := slices.DeleteFunc(slices.Clone(s.rails), func(r rail) bool { return r.kind != crossing })
	slices.SortStableFunc(kept, func(a, b rail) int { return cmp.Compare(a.ends(), b.ends()) })
	for n := len(kept); ; n = n * 7 / 8 {
		keep := make([]bool, len(s.rows))
		for _, r := range kept[:n] {
			for _, i := range slices.Concat(r.from, r.to) {
				keep[i] = true
			}
		}
		part := s.only(keep, kept[:n])
		note := fmt.Sprintf("Too many flows for a diagram: %s of %s between compartments are not drawn", grouped(s.flows-part.flows), count(s.flows, "flow"))
		if m := newMermaid(part, note); m.fits() || n == 0 {
			return m.String()
		}
	}
}

// A mermaid is a drawing of a scene.
type mermaid struct {
	output
	*scene
	ended []bool // of each row, whether a rail ends there
	edges int
	red   []string // numbers of edges
}

// newMermaid writes a scene, with a note on top if there is something to say of it.
func newMermaid(s *scene, note string) *mermaid {
	m := &mermaid{scene: s, ended: make([]bool, len(s.rows))}
	for _, r := range s.rails {
		for _, i := range slices.Concat(r.from, r.to) {
			m.ended[i] = true
		}
	}
	m.WriteString("flowchart LR\n  accTitle: Who can connect to whom\n")
	if note != "" {
		m.printf("  note[%s]:::rest\n", mermaidText(note))
	}
	for i, b := range s.boxes {
		m.box(i, b)
	}
	for i, r := range s.rails {
		m.rail(i, r)
	}
	m.style()
	return m
}

// fits reports whether GitHub draws it.
func (m *mermaid) fits() bool { return m.edges <= mermaidEdges && m.Len() <= mermaidSize }

// box writes a compartment. Workloads without a line share one node, since Mermaid
// spreads nodes that nothing holds together all over the place.
func (m *mermaid) box(i int, b box) {
	switch {
	case b.outside:
		m.printf("  n%d([%s]):::outside\n", b.first, mermaidText(outside))
	case b.heading == "":
		text := m.rows[b.first].name + sideNote(b.side)
		m.printf("  n%d[[%s]]:::%s\n", b.first, mermaidLines(text, b.note), className(b.side))
	default:
		m.printf("  subgraph c%d [%s]\n", i, mermaidText(b.heading+sideNote(b.side)))
		var rest []string
		for r := b.first; r < b.first+b.rows; r++ {
			if m.ended[r] {
				m.printf("    n%d[%s]\n", r, mermaidText(m.rows[r].name))
			} else {
				rest = append(rest, m.rows[r].name)
			}
		}
		if len(rest) > 0 {
			m.printf("    r%d([%s]):::rest\n", i, mermaidLines(count(len(rest), "workload")+" without a line of "+verb(len(rest), "its", "their")+" own:", strings.Join(rest, ", ")))
		}
		m.WriteString("  end\n")
		m.printf("  class c%d %s\n", i, className(b.side))
	}
}

// rail writes an edge, or edges that meet at a small node if that takes fewer.
func (m *mermaid) rail(i int, r rail) {
	pairs := 0
	for _, from := range r.from {
		for _, to := range r.to {
			if from != to || len(r.from) == 1 && len(r.to) == 1 {
				pairs++
			}
		}
	}
	if pairs <= r.ends() {
		for _, from := range r.from {
			for _, to := range r.to {
				if from != to || pairs == 1 {
					m.edge(r, fmt.Sprint("n", from), fmt.Sprint("n", to), true, r.label)
				}
			}
		}
		return
	}
	hub := fmt.Sprint("h", i)
	m.printf("  %s((%s))\n", hub, mermaidText(r.label))
	for _, from := range r.from {
		_, both := slices.BinarySearch(r.to, from)
		m.edge(r, fmt.Sprint("n", from), hub, both, "")
	}
	for _, to := range r.to {
		if _, both := slices.BinarySearch(r.from, to); !both {
			m.edge(r, hub, fmt.Sprint("n", to), true, "")
		}
	}
}

// edge writes one edge. The end at a hub has a head only if something comes back.
func (m *mermaid) edge(r rail, from, to string, head bool, label string) {
	arrow := "-->"
	hub := strings.HasPrefix(to, "h")
	switch {
	case hub && head && r.unknown:
		arrow = "<-.->"
	case hub && head:
		arrow = "<-->"
	case hub && r.unknown:
		arrow = "-.-"
	case hub:
		arrow = "---"
	case r.unknown:
		arrow = "-.->"
	}
	if label != "" {
		arrow += "|" + mermaidText(label) + "|"
	}
	m.printf("  %s %s %s\n", from, arrow, to)
	if r.kind == crossing {
		m.red = append(m.red, strconv.Itoa(m.edges))
	}
	m.edges++
}

// style gives the colours. Fills are left out, so that the text can be read on the
// white and the black of a reader's choice.
func (m *mermaid) style() {
	if len(m.red) > 0 {
		m.printf("  linkStyle %s stroke:#d1242f,stroke-width:2px\n", strings.Join(m.red, ","))
	}
	m.WriteString("  classDef default fill:none,stroke:#8c959f\n")
	m.WriteString("  classDef other fill:none,stroke:#8c959f\n")
	m.WriteString("  classDef from fill:none,stroke:#bf8700,stroke-width:3px\n")
	m.WriteString("  classDef away fill:none,stroke:#0969da,stroke-width:3px\n")
	m.WriteString("  classDef outside fill:none,stroke:#8c959f,stroke-dasharray:5 4\n")
	m.WriteString("  classDef rest fill:none,stroke:none\n")
}

// className is the class of a compartment; side notes below are for those who do not
// see its colour.
func className(side string) string {
	if side == "" {
		return "other"
	}
	return side
}

func sideNote(side string) string {
	if side == "" {
		return ""
	}
	return " (" + side + ")"
}

// mermaidText writes a label in quotes. Letters, digits and a few signs stand for
// themselves; of all else nothing is left that Mermaid, Markdown or HTML could take for
// its own: Mermaid's entity codes carry it ("Flowcharts Syntax", "Entity codes to escape
// characters").
func mermaidText(text string) string { return `"` + mermaidEscape(text) + `"` }

// mermaidLines writes a label of several lines.
func mermaidLines(lines ...string) string {
	for i := range lines {
		lines[i] = mermaidEscape(lines[i])
	}
	return `"` + strings.Join(lines, "<br>") + `"`
}

// mermaidEscape writes text without quotes. A hyphen or a dot between letters makes
// neither a list nor an arrow, and names are full of them.
func mermaidEscape(text string) string {
	var b strings.Builder
	runes := []rune(shorten(clean(text), 2*mermaidLabel))
	plain := func(i int) bool {
		return i >= 0 && i < len(runes) && (runes[i] >= 'a' && runes[i] <= 'z' || runes[i] >= 'A' && runes[i] <= 'Z' || runes[i] >= '0' && runes[i] <= '9')
	}
	for i, r := range runes {
		switch {
		case plain(i), r == ' ', r == ',', r == '/', r == '(', r == ')':
			b.WriteRune(r)
		case (r == '-' || r == '.') && plain(i-1) && plain(i+1): // no list, no arrow
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}
