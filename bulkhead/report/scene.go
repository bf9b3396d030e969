// SPDX-License-Identifier: Apache-2.0

package report

import (
	"slices"
	"strings"

	"github.com/watertight-go/watertight/netpol/reach"
)

// A scene is what is drawn, before anything has a place: compartments with rows, and
// rails between rows. Mermaid and SVG are two drawings of one.
type scene struct {
	boxes []box
	rows  []row // of all boxes, one after the other
	rails []rail
	// flows is how many flows the rails stand for.
	flows int
}

// A box is a compartment. One with a heading holds workloads; without, it is its only
// row.
type box struct {
	heading string
	note    string // under the name of a whole namespace, or beside the heading
	within  tally  // flows inside, that are not drawn
	side    string // "from", "away", or neither
	outside bool
	first   int // row
	rows    int
}

// sideNote is the note with the side before it.
func (b box) sideNote() string {
	if b.side == "" {
		return b.note
	}
	return b.side + ", " + b.note
}

// A row is what rails end at: a workload, all workloads of a compartment, a namespace,
// several namespaces that are alike, or the outside.
type row struct {
	name string // as it was read
	full string // if the name stands for more than itself
	box  int
	all  bool // stands for the other rows of its box
}

// workloadScene draws each workload. The picture has to have their arrows.
func (p *Picture) workloadScene() *scene {
	s := &scene{}
	rows := make(map[Place]int)
	for _, n := range p.Namespaces {
		b := box{heading: n.Name, note: count(len(n.Workloads), "workload"), side: p.Boundary.sideOf(n.Name), first: len(s.rows), rows: len(n.Workloads) + 1}
		s.rows = append(s.rows, row{name: "all " + count(len(n.Workloads), "workload"), box: len(s.boxes), all: true})
		for _, w := range n.Workloads {
			rows[Place{n.Name, w}] = len(s.rows)
			s.rows = append(s.rows, row{name: w, box: len(s.boxes)})
		}
		s.boxes = append(s.boxes, b)
	}
	s.draw(p, p.Arrows, rows)
	return s.only(s.used(), s.rails)
}

// namespaceScene draws a row for each group of namespaces. What goes on inside one is a
// number in its note: lines are for what crosses.
func (p *Picture) namespaceScene(groups [][]int) *scene {
	s := &scene{}
	rows := make(map[Place]int)
	within := make(map[string]tally)
	for _, a := range p.Sums {
		if p.kindOf(a) == inside {
			t := within[a.From.Namespace]
			t.add(a)
			within[a.From.Namespace] = t
		}
	}
	for _, group := range groups {
		var names []string
		var all tally
		workloads := 0
		for _, i := range group {
			n := p.Namespaces[i]
			names = append(names, n.Name)
			rows[Place{Namespace: n.Name}] = len(s.rows)
			workloads += len(n.Workloads)
			all.flows += within[n.Name].flows
			all.unknown += within[n.Name].unknown
		}
		note := count(workloads, "workload") + ", " + all.String() + " inside"
		r := row{name: names[0], box: len(s.boxes)}
		if len(group) > 1 {
			r.name, r.full = names[0]+" … "+names[len(names)-1], strings.Join(names, ", ")
			note = grouped(len(group)) + " alike, " + note
		}
		s.boxes = append(s.boxes, box{note: note, within: all, side: p.Boundary.sideOf(names[0]), first: len(s.rows), rows: 1})
		s.rows = append(s.rows, r)
	}
	arrows := slices.DeleteFunc(slices.Clone(p.Sums), func(a Arrow) bool { return p.kindOf(a) == inside })
	s.draw(p, arrows, rows)
	return s
}

// draw adds the outside, if anything goes there, and the rails.
func (s *scene) draw(p *Picture, arrows []Arrow, rows map[Place]int) {
	if slices.ContainsFunc(arrows, func(a Arrow) bool { return p.kindOf(a) == outward }) {
		rows[Place{}] = len(s.rows)
		s.boxes = append(s.boxes, box{note: "addresses of no pod or node", outside: true, first: len(s.rows), rows: 1})
		s.rows = append(s.rows, row{name: outside, box: len(s.boxes) - 1})
	}
	edges := make([]edge, 0, len(arrows))
	for _, a := range arrows {
		e := edge{from: rows[a.From], to: rows[a.To], flows: a.Flows}
		e.sort = edgeSort{kind: p.kindOf(a), unknown: a.Verdict == reach.Unknown, label: a.label()}
		if e.sort.kind == inside {
			e.sort.within = s.rows[e.from].box
		}
		s.flows += a.Flows
		edges = append(edges, e)
	}
	s.rails = bundle(s.folded(edges))
}
