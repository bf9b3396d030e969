// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"slices"
)

// Tracks are the vertical lines of rails side by side, those of which nothing
// overlaps on one.
type tracks struct {
	tracks int
	of     map[int]int // of a rail
}

// gutterTracks returns the tracks in the gutter of each box.
func (l *layout) gutterTracks() []tracks {
	byBox := make([][]int, len(l.boxes))
	for i, r := range l.rails {
		if r.kind == inside {
			byBox[r.within] = append(byBox[r.within], i)
		}
	}
	out := make([]tracks, len(l.boxes))
	for i, rails := range byBox {
		out[i] = l.fit(rails)
	}
	return out
}

// channel returns the tracks of the other rails: those with ends only on the left,
// those with ends on both sides, and those with ends only on the right.
func (l *layout) channel() (left, mixed, right tracks) {
	sides := make([][2]bool, len(l.rails))
	for _, e := range l.ends {
		sides[e.rail][columnOf(l.right[l.rows[e.row].box], 2)] = true
	}
	var lists [3][]int
	for i, r := range l.rails {
		switch {
		case r.kind == inside:
		case sides[i][0] && sides[i][1]:
			lists[1] = append(lists[1], i)
		case sides[i][1]:
			lists[2] = append(lists[2], i)
		default:
			lists[0] = append(lists[0], i)
		}
	}
	return l.fit(lists[0]), l.fit(lists[1]), l.fit(lists[2])
}

// fit gives rails tracks, short ones first and each the nearest that is free: so short
// lines stay close to what they join, and cross few others.
func (l *layout) fit(rails []int) tracks {
	top, bottom := l.spans()
	out := tracks{of: make(map[int]int)}
	sorted := slices.SortedStableFunc(slices.Values(rails), func(a, b int) int {
		return cmp.Or(cmp.Compare(bottom[a]-top[a], bottom[b]-top[b]), cmp.Compare(top[a], top[b]))
	})
	var used [][]int
	for _, rail := range sorted {
		if top[rail] == bottom[rail] { // it has one end, and no vertical line
			continue
		}
		at := slices.IndexFunc(used, func(others []int) bool {
			return !slices.ContainsFunc(others, func(o int) bool { return top[rail] < bottom[o]+trackGap && top[o] < bottom[rail]+trackGap })
		})
		if at < 0 {
			at = len(used)
			used = append(used, nil)
		}
		used[at] = append(used[at], rail)
		out.of[rail] = at
	}
	out.tracks = len(used)
	return out
}

// spans returns the highest and lowest end of each rail.
func (l *layout) spans() (top, bottom []float64) {
	top, bottom = make([]float64, len(l.rails)), make([]float64, len(l.rails))
	seen := make([]bool, len(l.rails))
	for _, e := range l.ends {
		if !seen[e.rail] {
			seen[e.rail], top[e.rail], bottom[e.rail] = true, e.y, e.y
		}
		top[e.rail], bottom[e.rail] = min(top[e.rail], e.y), max(bottom[e.rail], e.y)
	}
	return top, bottom
}
