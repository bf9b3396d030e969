// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A page is what a browser would find in one.
type page struct {
	elements map[string]int
	titles   []string // of rails
	notes    []string // of compartments
	texts    []box    // where text is, in the drawing for a wide window
	lines    []box    // where lines are
}

type box struct {
	text           string
	x0, y0, x1, y1 float64
}

// parsePage fails unless a page is well-formed, loads nothing and runs nothing.
func parsePage(t failer, text string) page {
	t.Helper()
	p := page{elements: make(map[string]int)}
	decoder := xml.NewDecoder(strings.NewReader(text))
	var open []xml.StartElement
	ids := make(map[string]bool)
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("page is not well-formed: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			open = append(open, token.Copy())
			p.elements[token.Name.Local]++
			for _, a := range token.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || slices.Contains([]string{"href", "src", "srcset", "action", "data"}, a.Name.Local) {
					t.Errorf("<%s %s=%q> loads or runs something", token.Name.Local, a.Name.Local, a.Value)
				}
				if a.Name.Local == "id" && ids[a.Value] {
					t.Errorf("two elements have the id %q", a.Value)
				}
				ids[a.Value] = ids[a.Value] || a.Name.Local == "id"
			}
			if class(open, 0) == "line" && inDrawing(open) {
				p.lines = append(p.lines, segments(t, attribute(token, "d"))...)
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			switch {
			case len(open) == 0:
			case open[len(open)-1].Name.Local == "title" && strings.HasPrefix(class(open, 1), "rail") && inDrawing(open):
				p.titles = append(p.titles, string(token))
			case open[len(open)-1].Name.Local == "text" && inDrawing(open) && strings.TrimSpace(string(token)) != "":
				p.texts = append(p.texts, textBox(t, open[len(open)-1], string(token)))
				if class(open, 0) == "note" {
					p.notes = append(p.notes, string(token))
				}
			}
		}
	}
	for element := range p.elements {
		if !slices.Contains([]string{
			"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "ul", "li", "div", "span", "svg", "g", "path", "circle", "rect", "text", "desc",
			"details", "summary", "table", "thead", "tbody", "tr", "th", "td", "code",
		}, element) {
			t.Errorf("a page has no business with <%s>", element)
		}
	}
	return p
}

// inDrawing reports whether an element is in the drawing of lines for a wide window.
func inDrawing(open []xml.StartElement) bool {
	return slices.ContainsFunc(open, func(e xml.StartElement) bool {
		return e.Name.Local == "svg" && (attribute(e, "class") == "wide" || attribute(e, "class") == "single")
	})
}

func class(open []xml.StartElement, up int) string {
	if len(open) <= up {
		return ""
	}
	return attribute(open[len(open)-1-up], "class")
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func number(t failer, text string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// textBox is where a text is at most: 12 pixels high, and a letter of a monospaced font
// is 0.6 of its size wide.
func textBox(t failer, e xml.StartElement, text string) box {
	size := 12.0
	if c := attribute(e, "class"); c == "tag" || c == "note" {
		size = 11
	}
	x, y := number(t, attribute(e, "x")), number(t, attribute(e, "y"))
	width := 0.0
	for _, r := range text {
		if width += 0.6 * size; r > 0x1100 && r != '…' && r != '�' {
			width += 0.6 * size
		}
	}
	if attribute(e, "text-anchor") == "end" {
		x -= width
	}
	return box{text, x, y - size*0.75, x + width, y + size*0.2}
}

// segments are the straight parts of a path, which are horizontal or vertical, and the
// bends, as boxes.
func segments(t failer, d string) []box {
	t.Helper()
	var out []box
	var x, y float64
	for _, m := range regexp.MustCompile(`([MHVQhv])([^MHVQhv]*)`).FindAllStringSubmatch(d, -1) {
		var at []float64
		for f := range strings.FieldsSeq(m[2]) {
			at = append(at, number(t, f))
		}
		nx, ny := x, y
		switch m[1] {
		case "M":
			x, y = at[0], at[1]
			continue
		case "H":
			nx = at[0]
		case "h":
			nx = x + at[0]
		case "V":
			ny = at[0]
		case "Q":
			nx, ny = at[2], at[3]
		default:
			t.Fatalf("path %q has a step that is not known here", d)
		}
		out = append(out, box{d, min(x, nx), min(y, ny), max(x, nx), max(y, ny)})
		x, y = nx, ny
	}
	return out
}

func (b box) meets(c box) bool { return b.x0 < c.x1 && c.x0 < b.x1 && b.y0 < c.y1 && c.y0 < b.y1 }

// A diagram is what Mermaid would draw.
type diagram struct {
	edges, size int
	nodes       map[string]string // labels by identifier, with the namespace before that of a workload
	flows       []string          // "from to: ports", with workloads expanded, those in red with a mark
}

// parseMermaid fails unless every line is of a shape that we write, every name is in
// quotes and harmless, and every identifier is unique.
func parseMermaid(t failer, text string) diagram {
	t.Helper()
	d := diagram{size: len(text), nodes: make(map[string]string)}
	const label = `"((?:[A-Za-z0-9 ,/().-]|#[0-9]+;|<br>)*)"`
	subgraph := regexp.MustCompile(`^  subgraph (c\d+) \[` + label + `\]$`)
	node := regexp.MustCompile(`^ +([nhr]\d+|note)(?:\[|\(\[|\[\[|\(\()` + label + `(?:\]\]|\]\)|\)\)|\])(?::::[a-z]+)?$`)
	edge := regexp.MustCompile(`^  ([nh]\d+) (-->|-\.->|<-->|<-\.->|---|-\.-)(?:\|` + label + `\|)? ([nh]\d+)$`)
	other := regexp.MustCompile(`^(flowchart LR|  accTitle: Who can connect to whom|  end|  class c\d+ [a-z]+|  classDef [a-z]+ [a-z0-9:,#-]+( \d)?|  classDef [a-z]+ .*)$`)
	members := make(map[string][]string)
	var edges [][]string
	heading := ""
	red := make(map[string]bool)
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		switch {
		case subgraph.MatchString(line):
			m := subgraph.FindStringSubmatch(line)
			heading = strings.TrimSuffix(strings.TrimSuffix(unescape(m[2]), " (from)"), " (away)") + "/"
			if _, found := d.nodes[m[1]]; found {
				t.Errorf("two compartments are %s", m[1])
			}
			d.nodes[m[1]] = heading
		case line == "  end":
			heading = ""
		case node.MatchString(line):
			m := node.FindStringSubmatch(line)
			if _, found := d.nodes[m[1]]; found {
				t.Errorf("two nodes are %s", m[1])
			}
			name, _, _ := strings.Cut(m[2], "<br>") // a note follows
			d.nodes[m[1]] = heading + strings.TrimSuffix(strings.TrimSuffix(unescape(name), " (from)"), " (away)")
			switch {
			case strings.HasPrefix(m[1], "r"):
				_, names, _ := strings.Cut(m[2], "<br>")
				for name := range strings.SplitSeq(unescape(names), ", ") {
					members[heading] = append(members[heading], heading+name)
				}
			case strings.HasPrefix(m[1], "n") && heading != "" && !strings.HasPrefix(m[2], "all "):
				members[heading] = append(members[heading], d.nodes[m[1]])
			}
		case edge.MatchString(line):
			edges = append(edges, edge.FindStringSubmatch(line)[1:])
		case strings.HasPrefix(line, "  linkStyle "):
			for n := range strings.SplitSeq(strings.Fields(line)[1], ",") {
				red[n] = true
			}
		case !other.MatchString(line):
			t.Errorf("line %q", line)
		}
	}
	d.edges = len(edges)
	d.expand(edges, members, red)
	return d
}

// expand works out which flows the edges stand for. Those that meet in a small node go
// from each place to each other one; an edge from a place to itself is among its
// workloads.
func (d *diagram) expand(edges [][]string, members map[string][]string, red map[string]bool) {
	workloads := func(id string) []string {
		name := d.nodes[id]
		if at := strings.LastIndex(name, "/all "); at >= 0 {
			return members[name[:at+1]]
		}
		return []string{name}
	}
	add := func(from, to, label string) {
		for _, f := range workloads(from) {
			for _, t := range workloads(to) {
				if f != t {
					d.flows = append(d.flows, f+" "+t+": "+label)
				}
			}
		}
	}
	type hub struct {
		from, to []string
		mark     string
	}
	hubs := make(map[string]hub)
	for i, e := range edges {
		from, arrow, label, to := e[0], e[1], e[2], e[3]
		mark := ""
		if strings.Contains(arrow, ".") {
			mark = " unknown"
		}
		if red[strconv.Itoa(i)] {
			mark += " red"
		}
		switch {
		case strings.HasPrefix(to, "h"):
			h := hubs[to]
			h.mark, h.from = mark, append(h.from, from)
			if strings.HasPrefix(arrow, "<") {
				h.to = append(h.to, from)
			}
			hubs[to] = h
		case strings.HasPrefix(from, "h"):
			h := hubs[from]
			h.to = append(h.to, to)
			hubs[from] = h
		default:
			add(from, to, unescape(label)+mark)
		}
	}
	for id, h := range hubs {
		for _, from := range h.from {
			for _, to := range h.to {
				if from != to {
					add(from, to, d.nodes[id]+h.mark)
				}
			}
		}
	}
	slices.Sort(d.flows)
}

// unescape reads Mermaid's entity codes.
func unescape(text string) string {
	return regexp.MustCompile(`#([0-9]+);`).ReplaceAllStringFunc(text, func(code string) string {
		n, _ := strconv.Atoi(code[1 : len(code)-1])
		return string(rune(n))
	})
}
