// SPDX-License-Identifier: Apache-2.0

package report

import (
	_ "embed"
	"fmt"
	"io"
	"strings"
)

//go:embed page.css
var pageCSS string

// WriteHTML writes the picture as a page that needs nothing else: no script, no font,
// no network. It follows the reader's choice of light or dark. Workloads are drawn
// while their lines can be followed, then namespaces, those that are alike as one, and
// then a matrix of namespaces. A table below has the same in words.
func (p *Picture) WriteHTML(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
<title>Who can connect to whom</title>
<style>
%s</style>
</head>
<body>
<main>
<h1>Who can connect to whom</h1>
<p>%s</p>
`, pageCSS, escape(p.Summary()))
	if len(p.Namespaces) > 0 {
		p.pagePicture(&b)
		p.pageTable(&b)
		fmt.Fprintf(&b, "<p class=\"soft\">%s</p>\n", assumptions)
	}
	b.WriteString("</main>\n</body>\n</html>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// assumptions is what every picture rests on, and says.
const assumptions = "As the policies of the input say, if the network plugin enforces them. Replies are no flows. " +
	"Traffic of privileged pods and of nodes, and traffic inside one pod, is not seen."

// What a reader can follow: lines on a page, and namespaces that fit on it.
const (
	pageEnds   = 400
	pageTracks = 24
	pageRows   = 120
	pageAlone  = 16 // namespaces of which each has a compartment, also those that are alike
)

// pagePicture draws twice where there are two columns: once for a wide window, and once
// with one column for a narrow one; the style sheet shows the one that fits. A matrix
// scrolls instead.
func (p *Picture) pagePicture(b *strings.Builder) {
	s, note := p.pageScene()
	if s == nil {
		p.legend(b, false)
		p.matrix(b)
		return
	}
	p.legend(b, true)
	if note != "" {
		fmt.Fprintf(b, "<p class=\"soft\">%s</p>\n", escape(note))
	}
	description := p.Summary()
	b.WriteString("<div class=\"picture\">\n")
	if len(s.boxes) == 1 {
		b.WriteString(newLayout(s, 1).svg("picture", "single", description))
	} else {
		b.WriteString(newLayout(s, 2).svg("picture", "wide", description))
		b.WriteString(newLayout(s, 1).svg("column", "narrow", description))
	}
	b.WriteString("</div>\n")
}

// pageScene returns the most detailed scene that can be read, and what to say of it;
// none if only a matrix can.
func (p *Picture) pageScene() (*scene, string) {
	if p.detailed() {
		if s := p.workloadScene(); s.readable() {
			return s, ""
		}
	}
	note := "There are too many flows to draw each workload: every compartment is a whole namespace, and every line stands for the flows of its workloads."
	if len(p.Namespaces) <= pageAlone {
		if s := p.namespaceScene(p.single()); s.readable() {
			return s, note
		}
	}
	if s := p.namespaceScene(p.alike()); s.readable() {
		return s, note + " Namespaces with the same flows from and to all others are one compartment."
	}
	return nil, ""
}

// readable reports whether an eye can follow the lines.
func (s *scene) readable() bool {
	if len(s.rows) > pageRows || endsOf(s.rails) > pageEnds {
		return false
	}
	left, mixed, right := newLayout(s, 2).channel()
	return left.tracks+mixed.tracks+right.tracks <= pageTracks
}

// legend explains the lines, those that the picture has.
func (p *Picture) legend(b *strings.Builder, lines bool) {
	counts := p.tallies()
	unknown := 0
	red := "from one namespace to another: crosses a boundary"
	if p.Boundary.named() {
		red = "from " + p.Boundary.sides(" to ")
	}
	b.WriteString("<ul class=\"legend\">\n")
	for _, l := range []struct {
		kind kind
		text string
	}{{crossing, red}, {inside, "inside a namespace"}, {between, "between other namespaces"}, {outward, "to or from outside the cluster"}} {
		unknown += counts[l.kind].unknown
		if counts[l.kind].flows > 0 || l.kind == crossing {
			legendLine(b, rail{edgeSort: edgeSort{kind: l.kind}}.class(), l.text, lines)
		}
	}
	if unknown > 0 {
		legendLine(b, "between unknown", "may be open: the input does not tell, or dataplanes differ", lines)
	}
	b.WriteString("</ul>\n")
	if lines {
		b.WriteString("<p class=\"soft\">A line goes from its circles to its arrowheads: each place with a circle can connect to each other place with an arrowhead on it, on the ports beside it.</p>\n")
	}
}

// legendLine shows a line, or a square of a matrix, as it is drawn.
func legendLine(b *strings.Builder, class, text string, line bool) {
	shape := `<path class="line" d="M7 7H32"/><circle class="tail" cx="5" cy="7" r="2.6"/><path class="head" d="M41 7l-9 -4.5v9z"/>`
	if !line {
		shape = `<rect class="cell" x="15" y="2" width="10" height="10"/>`
		if strings.HasSuffix(class, "unknown") {
			shape = strings.Replace(shape, "cell", "cell hollow", 1)
		}
	}
	fmt.Fprintf(b, `<li><svg width="42" height="14" aria-hidden="true"><g class="rail %s">%s</g></svg>%s</li>`+"\n", class, shape, escape(text))
}
