// SPDX-License-Identifier: Apache-2.0

package report

import (
	"math"
	"slices"
)

// Measures of the drawing, in pixels. Every line has a slot of its own at a row, with
// its label above it, and all heights are whole slots: so no line meets a text. The
// right column is half a slot lower, so that lines from both never lie on each other.
const (
	slot        = 20
	lineAt      = 15 // of a line within its slot
	heading     = 2 * slot
	foot        = slot / 2
	boxGap      = slot
	wall        = 10 // between a row and the wall of its compartment
	trackGap    = 12
	nameWidth   = 7.3 // of a column of a name
	labelWidth  = 6.7 // of a column of a label
	longestName = 30  // columns
	longestNote = 52
	longestTag  = 34 // columns of a label
	headLength  = 9
	margin      = 8
)

// A layout is where everything of a scene stands.
type layout struct {
	*scene
	width, height float64
	boxAt         []rect
	rowAt         []rect
	right         []bool // of a box, whether it is in the right column
	ends          []end
	railAt        []float64 // x of the vertical line
}

type rect struct{ x, y, w, h float64 }

// An end is where a rail meets a row: in a slot of its own, so that no two lines meet a
// row at the same height.
type end struct {
	rail, row int
	out, in   bool // the row is among the sources, among the targets
	y         float64
	slot      int
}

// newLayout places a scene in one column or two. In the gutter of a compartment run
// the rails that stay in it; the others leave through its inner wall to the channel,
// which is in the middle of two columns and to the right of one.
func newLayout(s *scene, columns int) *layout {
	l := &layout{scene: s, boxAt: make([]rect, len(s.boxes)), rowAt: make([]rect, len(s.rows)), right: make([]bool, len(s.boxes)), railAt: make([]float64, len(s.rails))}
	slots := l.findEnds()
	l.stack(columns, slots)
	for i := range l.ends {
		e := &l.ends[i]
		e.y = l.rowAt[e.row].y + float64(e.slot*slot+lineAt)
	}
	l.spread()
	return l
}

// findEnds makes the ends and returns how many slots each row needs. Lines inside a
// compartment and those that leave it are on different sides of the row, so the larger
// number of the two decides.
func (l *layout) findEnds() []int {
	inner, outer := make([]int, len(l.rows)), make([]int, len(l.rows))
	for i, r := range l.rails {
		rows := slices.Compact(slices.Sorted(slices.Values(slices.Concat(r.from, r.to))))
		for _, at := range rows {
			e := end{rail: i, row: at}
			_, e.out = slices.BinarySearch(r.from, at)
			_, e.in = slices.BinarySearch(r.to, at)
			side := inner
			if r.kind == inside {
				side = outer
			}
			e.slot = side[at]
			side[at]++
			l.ends = append(l.ends, e)
		}
	}
	slots := make([]int, len(l.rows))
	for i := range slots {
		slots[i] = max(inner[i], outer[i], 1)
		if b := l.boxes[l.rows[i].box]; b.heading == "" {
			slots[i] = max(slots[i], 2)
		}
	}
	return slots
}

// stack gives boxes and rows their columns and heights. Both columns get about the
// same height; a named side has one for itself as far as possible.
func (l *layout) stack(columns int, slots []int) {
	var bottom [2]float64
	place := func(i, column int) {
		b := l.boxes[i]
		y := bottom[column]
		l.boxAt[i].y, l.right[i] = y, column == 1
		if b.heading != "" {
			y += heading
		}
		for r := b.first; r < b.first+b.rows; r++ {
			h := float64(slots[r] * slot)
			l.rowAt[r].y, l.rowAt[r].h = y, h
			y += h
		}
		if b.heading != "" {
			y += foot
		}
		l.boxAt[i].h = y - l.boxAt[i].y
		bottom[column] = math.Ceil(y/slot)*slot + boxGap
	}
	for _, side := range []string{"from", "away", ""} {
		for i, b := range l.boxes {
			if b.side == side {
				place(i, columnOf(side == "away" || side == "" && bottom[1] < bottom[0], columns))
			}
		}
	}
	l.height = max(bottom[0], bottom[1]) - boxGap
	for i := range l.boxes {
		if l.right[i] {
			l.boxAt[i].y += slot / 2
		}
	}
	for i := range l.rows {
		if l.right[l.rows[i].box] {
			l.rowAt[i].y += slot / 2
		}
	}
	if bottom[1] > 0 {
		l.height = max(bottom[0], bottom[1]+slot/2) - boxGap
	}
}

// columnOf is 1 for the right column, if there is one.
func columnOf(right bool, columns int) int {
	if right && columns > 1 {
		return 1
	}
	return 0
}

// spread gives everything its x. From the outside in, a column has the gutter with the
// rails that stay inside and their labels, the rows, the wall, and the labels of the
// lines that leave; then comes the channel. The right column is its mirror.
func (l *layout) spread() {
	nameW, innerW, outerW := l.textWidths()
	gutters := l.gutterTracks()
	most := 0
	for _, g := range gutters {
		most = max(most, g.tracks)
	}
	gutterW := outerW + float64(most)*trackGap
	boxW := gutterW + nameW + 2*wall
	two := slices.Contains(l.right, true)

	left, mixed, right := l.channel()
	channelX := margin + boxW + innerW
	channelW := float64(left.tracks+mixed.tracks+right.tracks+1) * trackGap
	l.width = channelX + channelW + margin
	if two {
		l.width += innerW + boxW
	}
	rightX := l.width - margin - boxW
	hasGutter := make([]bool, len(l.boxes))
	for _, r := range l.rails {
		hasGutter[r.within] = hasGutter[r.within] || r.kind == inside
	}
	for i, b := range l.boxes {
		x := float64(margin)
		if l.right[i] {
			x = rightX
		}
		l.boxAt[i].x, l.boxAt[i].w = x, boxW
		rowX, rowW := x+wall, boxW-2*wall
		switch {
		case b.heading == "": // the box is its row
			rowX, rowW = x, boxW
		case hasGutter[i] && l.right[i]:
			rowW = nameW
		case hasGutter[i]:
			rowX, rowW = rowX+gutterW, nameW
		}
		for r := b.first; r < b.first+b.rows; r++ {
			l.rowAt[r].x, l.rowAt[r].w = rowX, rowW
		}
	}
	for i, g := range gutters {
		for rail, track := range g.of {
			inset := wall + gutterW - outerW - float64(track+1)*trackGap + trackGap/2
			l.railAt[rail] = l.boxAt[i].x + inset
			if l.right[i] {
				l.railAt[rail] = l.boxAt[i].x + boxW - inset
			}
		}
	}
	for rail, track := range left.of {
		l.railAt[rail] = channelX + float64(track+1)*trackGap
	}
	for rail, track := range mixed.of {
		l.railAt[rail] = channelX + float64(left.tracks+track+1)*trackGap
	}
	for rail, track := range right.of {
		l.railAt[rail] = channelX + channelW - float64(track+1)*trackGap
	}
}

// textWidths returns the room for names, and for labels on either side of them.
func (l *layout) textWidths() (name, inner, outer float64) {
	for _, r := range l.rows {
		name = max(name, nameWidth*float64(columns(shorten(clean(r.name), longestName))))
	}
	for _, b := range l.boxes {
		note := labelWidth * float64(min(columns(b.sideNote()), longestNote))
		if b.heading != "" { // both on one line
			note += nameWidth*float64(columns(shorten(clean(b.heading), longestName))) + 2*wall
		}
		name = max(name, note+headLength)
	}
	for _, r := range l.rails {
		w := labelWidth*float64(columns(r.tag())) + 2*headLength + wall
		if r.kind == inside {
			outer = max(outer, w)
		} else {
			inner = max(inner, w)
		}
	}
	return name + 2*wall, inner, outer
}

// tag is the label of a rail as it is drawn.
func (r rail) tag() string {
	text := r.label
	if len(r.from) == 1 && slices.Equal(r.from, r.to) {
		text += ", each other"
	}
	return shorten(cut(clean(text), 2*longestTag), longestTag)
}
