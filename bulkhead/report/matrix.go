// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A matrix has a row and a column for each namespace, or group of those that are
// alike, and a square where one can connect to the other. It stays readable where
// lines no longer are: a row is who somebody reaches, a column who reaches somebody.
type matrix struct {
	scene *scene
	rows  []int // of the scene, those that are drawn
	cells map[[2]int]cell
	pitch float64
	label float64 // width
}

// A cell is what goes from a row to another: the last of the kinds, and whether some
// of it is sure.
type cell struct {
	kind kind
	sure bool
}

// mostCells is how many rows a matrix has at most.
const mostCells = 300

// newMatrix keeps the rows with the most flows if they are too many.
func newMatrix(s *scene) *matrix {
	m := &matrix{scene: s, cells: make(map[[2]int]cell), pitch: 16}
	flows := make([]int, len(s.rows))
	for i, b := range s.boxes {
		if b.within.flows > 0 {
			m.add(b.first, b.first, inside, b.within.flows > b.within.unknown)
		}
		flows[i] = b.within.flows
	}
	for _, r := range s.rails {
		for _, from := range r.from {
			flows[from] += r.flows
			for _, to := range r.to {
				if from != to || len(r.from) == 1 && len(r.to) == 1 {
					m.add(from, to, r.kind, !r.unknown)
				}
			}
		}
		for _, to := range r.to {
			flows[to] += r.flows
		}
	}
	for i := range s.rows {
		m.rows = append(m.rows, i)
	}
	if len(m.rows) > mostCells {
		slices.SortFunc(m.rows, func(a, b int) int { return cmp.Or(cmp.Compare(flows[b], flows[a]), cmp.Compare(a, b)) })
		m.rows = m.rows[:mostCells]
		slices.Sort(m.rows)
	}
	if len(m.rows) > 60 {
		m.pitch = 11
	}
	for _, r := range m.rows {
		m.label = max(m.label, float64(columns(m.name(r)))*m.letter())
	}
	m.label += 16
	return m
}

// add notes that something goes from a row to another.
func (m *matrix) add(from, to int, k kind, sure bool) {
	was, found := m.cells[[2]int{from, to}]
	if found {
		k, sure = max(k, was.kind), sure || was.sure
	}
	m.cells[[2]int{from, to}] = cell{k, sure}
}

// name is the name of a row as it is drawn.
func (m *matrix) name(row int) string { return shorten(clean(m.scene.rows[row].name), longestName) }

// letter is the width of a letter, of which the size is that of a row but two pixels.
func (m *matrix) letter() float64 { return (min(m.pitch, 14) - 2) * nameWidth / 12 }

// matrix writes the names of the columns, the names of the rows, and the squares, as
// drawings of their own: so the names stay in sight when the squares are scrolled.
func (p *Picture) matrix(b *strings.Builder) {
	groups := p.alike()
	m := newMatrix(p.namespaceScene(groups))
	b.WriteString("<p class=\"soft\">There are too many flows to draw as lines. A row is a namespace and what it can connect to, a column what can connect to it.")
	if len(groups) < len(p.Namespaces) {
		b.WriteString(" Namespaces with the same flows from and to all others are one row.")
	}
	if n := len(m.scene.rows) - len(m.rows); n > 0 {
		fmt.Fprintf(b, " The %s with the fewest flows are not shown, and so %s are not.", count(n, "row"), count(p.hidden(groups, m.rows), "flow"))
	}
	b.WriteString("</p>\n")
	fmt.Fprintf(b, "<div class=\"matrix\" style=\"--letters: %spx\">\n<span class=\"corner\"></span>\n", px(min(m.pitch, 14)-2))
	side := float64(len(m.rows)) * m.pitch
	fmt.Fprintf(b, `<svg class="columns" role="img" aria-label="Names of the columns" width="%s" height="%s">`+"\n", px(side+m.label/2), px(m.label))
	for i, r := range m.rows {
		fmt.Fprintf(b, `<text transform="translate(%s %s) rotate(-60)">%s</text>`+"\n", px((float64(i)+0.75)*m.pitch), px(m.label-6), escape(m.name(r)))
	}
	fmt.Fprintf(b, `</svg>`+"\n"+`<svg class="names" role="img" aria-label="Names of the rows" width="%s" height="%s">`+"\n", px(m.label), px(side+margin))
	for i, r := range m.rows {
		fmt.Fprintf(b, `<text text-anchor="end" x="%s" y="%s">%s</text>`+"\n", px(m.label-6), px((float64(i)+0.75)*m.pitch), escape(m.name(r)))
	}
	fmt.Fprintf(b, `</svg>`+"\n"+`<svg role="img" aria-labelledby="matrix-title matrix-desc" width="%s" height="%s">`+"\n", px(side+m.label/2), px(side+margin))
	fmt.Fprintf(b, "<title id=\"matrix-title\">Who can connect to whom</title>\n<desc id=\"matrix-desc\">%s</desc>\n", escape(p.Summary()))
	m.grid(b, side)
	m.squares(b)
	b.WriteString("</svg>\n</div>\n")
}

// hidden counts the flows with an end that is not among the rows, of which there is one
// for each group and one for the outside.
func (p *Picture) hidden(groups [][]int, rows []int) int {
	shown := map[string]bool{"": slices.Contains(rows, len(groups))}
	for _, r := range rows {
		if r < len(groups) {
			for _, i := range groups[r] {
				shown[p.Namespaces[i].Name] = true
			}
		}
	}
	n := 0
	for _, a := range p.Sums {
		if !shown[a.From.Namespace] || !shown[a.To.Namespace] {
			n += a.Flows
		}
	}
	return n
}

// grid draws the edge, and a line after every five rows.
func (m *matrix) grid(b *strings.Builder, side float64) {
	var d strings.Builder
	for i := 0; i <= len(m.rows); i++ {
		if at := px(float64(i) * m.pitch); i%5 == 0 || i == len(m.rows) {
			fmt.Fprintf(&d, "M0 %sh%sM%s %sv%s", at, px(side), at, px(0), px(side))
		}
	}
	fmt.Fprintf(b, `<path class="grid" d="%s"/>`+"\n", d.String())
}

// squares draws the cells of each kind, and over each row what tells its story.
func (m *matrix) squares(b *strings.Builder) {
	paths := make(map[cell]*strings.Builder)
	for i, from := range m.rows {
		for j, to := range m.rows {
			c, found := m.cells[[2]int{from, to}]
			if !found {
				continue
			}
			if paths[c] == nil {
				paths[c] = &strings.Builder{}
			}
			size := m.pitch - 2
			fmt.Fprintf(paths[c], "M%s %sh%sv%sh-%sz", px(float64(j)*m.pitch+1), px(float64(i)*m.pitch+1), px(size), px(size), px(size))
		}
	}
	for _, c := range slices.SortedFunc(maps.Keys(paths), func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), compareBool(a.sure, b.sure))
	}) {
		class := "cell"
		if !c.sure {
			class = "cell hollow"
		}
		fmt.Fprintf(b, `<g class="rail %s"><path class="%s" d="%s"/></g>`+"\n", rail{edgeSort: edgeSort{kind: c.kind}}.class(), class, paths[c].String())
	}
	for i, from := range m.rows {
		fmt.Fprintf(b, `<rect class="strip" x="0" y="%s" width="%s" height="%s"><title>%s</title></rect>`+"\n",
			px(float64(i)*m.pitch), px(float64(len(m.rows))*m.pitch), px(m.pitch), escape(m.story(from)))
	}
}

// story names what a row can connect to.
func (m *matrix) story(from int) string {
	const few = 12
	var names []string
	more := 0
	for _, to := range m.rows {
		switch _, found := m.cells[[2]int{from, to}]; {
		case !found || to == from:
		case len(names) == few:
			more++
		default:
			names = append(names, m.name(to))
		}
	}
	text := m.name(from) + " → "
	if len(names) == 0 {
		return text + "nobody else"
	}
	text += strings.Join(names, ", ")
	if more > 0 {
		text += " and " + strconv.Itoa(more) + " more"
	}
	return text
}
