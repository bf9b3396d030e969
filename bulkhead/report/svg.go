// SPDX-License-Identifier: Apache-2.0

package report

import (
	"encoding/xml"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A drawing writes SVG. Colours are classes, which the page explains.
type drawing struct {
	output
	*layout
}

// svg draws a layout. The title and the description are for readers that do not see it.
func (l *layout) svg(id, class, description string) string {
	d := &drawing{layout: l}
	d.printf(`<svg xmlns="http://www.w3.org/2000/svg" class="%s" role="img" aria-labelledby="%s-title %s-desc" width="%s" height="%s" viewBox="0 0 %s %s">`+"\n",
		class, id, id, px(l.width), px(l.height+2*margin), px(l.width), px(l.height+2*margin))
	d.printf("<title id=\"%s-title\">Who can connect to whom</title>\n<desc id=\"%s-desc\">%s</desc>\n", id, id, escape(description))
	d.printf("<g transform=\"translate(0 %d)\">\n", margin)
	for i := range d.boxes {
		d.box(i)
	}
	order := make([]int, len(d.rails)) // red last, on top
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return compareBool(d.rails[a].kind == crossing, d.rails[b].kind == crossing) })
	byRail := make([][]end, len(d.rails))
	for _, e := range d.ends {
		byRail[e.rail] = append(byRail[e.rail], e)
	}
	for _, i := range order {
		d.rail(i, byRail[i])
	}
	d.WriteString("</g>\n</svg>\n")
	return d.String()
}

// box draws a compartment: its wall, its name, how large it is, and its rows.
func (d *drawing) box(i int) {
	b, at := d.boxes[i], d.boxAt[i]
	class := "box"
	if b.side != "" {
		class += " " + b.side
	}
	if b.outside {
		class += " outside"
	}
	d.printf(`<g class="%s"><rect class="wall" x="%s" y="%s" width="%s" height="%s" rx="8"/>`, class, px(at.x), px(at.y), px(at.w), px(at.h))
	if b.heading != "" {
		d.text("heading", at.x+wall+4, at.y+24, shorten(clean(b.heading), longestName), b.heading)
		d.printf(`<text class="note" text-anchor="end" x="%s" y="%s">%s</text>`, px(at.x+at.w-wall-4), px(at.y+24), escape(b.sideNote()))
	}
	for r := b.first; r < b.first+b.rows; r++ {
		d.row(b, r)
	}
	d.WriteString("</g>\n")
}

// row draws what lines end at. The row of a whole namespace has the wall of its box
// already, and only needs its two lines of text.
func (d *drawing) row(b box, r int) {
	at, name := d.rowAt[r], d.rows[r].name
	full := name
	if d.rows[r].full != "" {
		full = d.rows[r].full
	}
	if b.heading == "" {
		d.text("heading", at.x+wall+4, at.y+at.h/2-3, shorten(clean(name), longestName), full)
		d.text("note", at.x+wall+4, at.y+at.h/2+12, shorten(b.sideNote(), longestNote), b.sideNote())
		return
	}
	class := "row"
	if d.rows[r].all {
		class = "row all"
	}
	d.printf(`<rect class="%s" x="%s" y="%s" width="%s" height="%s" rx="4"/>`, class, px(at.x), px(at.y+2), px(at.w), px(at.h-3))
	d.text("name", at.x+wall, at.y+at.h/2+4.5, shorten(clean(name), longestName), full)
}

// text writes a text, with the whole of it as what is shown on hovering if it differs.
func (d *drawing) text(class string, x, y float64, text, full string) {
	d.printf(`<text class="%s" x="%s" y="%s">%s`, class, px(x), px(y), escape(text))
	if full = cut(clean(full), 2000); full != text {
		d.printf("<title>%s</title>", escape(full))
	}
	d.WriteString("</text>")
}

// rail draws a vertical line and a line to each end. The outermost ends bend into it;
// those between meet it in a dot, which tells them from lines that only cross it. A
// rail with one end, of what stands for several, is a line as long as its label.
func (d *drawing) rail(i int, ends []end) {
	r := d.rails[i]
	d.printf(`<g class="rail %s">`, r.class())
	d.printf("<title>%s</title>", escape(d.story(r)))
	x := d.railAt[i]
	top, bottom := ends[0].y, ends[0].y
	for _, e := range ends {
		top, bottom = min(top, e.y), max(bottom, e.y)
	}
	var lines, heads, tails, dots strings.Builder
	const bend = 5
	if top < bottom {
		fmt.Fprintf(&lines, "M%s %sV%s", px(x), px(top+bend), px(bottom-bend))
	}
	for _, e := range ends {
		at := d.rowAt[e.row]
		from, ahead := at.x+at.w, 1.0
		if d.right[d.rows[e.row].box] != (r.kind == inside) {
			from, ahead = at.x, -1
		}
		switch {
		case top == bottom:
			fmt.Fprintf(&lines, "M%s %sh%s", px(from), px(e.y), px(ahead*(labelWidth*float64(columns(r.tag()))+wall)))
		case e.y == top || e.y == bottom:
			turn := float64(bend)
			if e.y == bottom {
				turn = -bend
			}
			fmt.Fprintf(&lines, "M%s %sH%sQ%s %s %s %s", px(from), px(e.y), px(x-ahead*bend), px(x), px(e.y), px(x), px(e.y+turn))
		default:
			fmt.Fprintf(&lines, "M%s %sH%s", px(from), px(e.y), px(x))
			fmt.Fprintf(&dots, `<circle class="dot" cx="%s" cy="%s" r="2.2"/>`, px(x), px(e.y))
		}
		tail := from + ahead*3
		if e.in {
			fmt.Fprintf(&heads, "M%s %sl%s -4.5v9z", px(from+ahead), px(e.y), px(ahead*headLength))
			tail += ahead * (headLength + 1)
		}
		if e.out {
			fmt.Fprintf(&tails, `<circle class="tail" cx="%s" cy="%s" r="2.6"/>`, px(tail), px(e.y))
		}
		d.tag(&dots, r, from+ahead*(wall+6), ahead, e.y-4)
	}
	d.printf(`<path class="line" d="%s"/>`, lines.String())
	if heads.Len() > 0 {
		d.printf(`<path class="head" d="%s"/>`, heads.String())
	}
	d.WriteString(tails.String() + dots.String() + "</g>\n")
}

// tag writes the label above the line, on the side of the wall that the line runs on.
func (d *drawing) tag(b *strings.Builder, r rail, x, ahead, y float64) {
	anchor := ""
	if ahead < 0 {
		anchor = ` text-anchor="end"`
	}
	fmt.Fprintf(b, `<text class="tag"%s x="%s" y="%s">%s</text>`, anchor, px(x), px(y), escape(r.tag()))
}

// class is what the style sheet knows a line by.
func (r rail) class() string {
	class := [...]string{inside: "inside", between: "between", crossing: "crossing", outward: "outward"}[r.kind]
	if r.unknown {
		class += " unknown"
	}
	return class
}

// story says in words what a rail stands for. A browser shows it on hovering, and
// tests add up its numbers.
func (d *drawing) story(r rail) string {
	text := d.names(r.from) + " → " + d.names(r.to) + ": " + cut(r.label, 200)
	if r.unknown {
		text += ", unknown"
	}
	return text + " (" + count(r.flows, "flow") + ")"
}

// names lists rows, the first of them if they are many.
func (d *drawing) names(rows []int) string {
	const few = 8
	var out []string
	for _, r := range rows[:min(few, len(rows))] {
		name := d.rows[r].name
		if heading := d.boxes[d.rows[r].box].heading; heading != "" {
			name = heading + "/" + name
		}
		out = append(out, shorten(clean(name), 2*longestName))
	}
	if len(rows) > few {
		out = append(out, "and "+strconv.Itoa(len(rows)-few)+" more")
	}
	return strings.Join(out, ", ")
}

// px writes a coordinate, to a tenth of a pixel.
func px(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

// escape makes any text fit for XML and HTML, in content and in quotes.
func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(clean(text))) // a strings.Builder takes all
	return b.String()
}
