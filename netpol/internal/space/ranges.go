// SPDX-License-Identifier: Apache-2.0

package space

import "slices"

// A point is what ranges are made of. Next and Prev are only asked for within a
// line of points; beyond its ends they may return anything that is in no range.
type point[T any] interface {
	comparable
	Compare(T) int
	Next() T
	Prev() T
}

// A span is the points from first to last, both included.
type span[T point[T]] struct{ first, last T }

// ranges is a set of points: spans in order, which neither overlap nor touch.
type ranges[T point[T]] []span[T]

// join returns the points of some spans, which it may sort.
func join[T point[T]](spans []span[T]) ranges[T] {
	slices.SortFunc(spans, func(a, b span[T]) int { return a.first.Compare(b.first) })
	var out ranges[T]
	for _, s := range spans {
		end := len(out) - 1
		if end < 0 || !out[end].touches(s.first) {
			out = append(out, s)
		} else if out[end].last.Compare(s.last) < 0 {
			out[end].last = s.last
		}
	}
	return out
}

// touches reports whether a span that begins at a point of s, or after it, overlaps
// or touches s.
func (s span[T]) touches(first T) bool { return s.last.Compare(first) >= 0 || s.last.Next() == first }

// intersect returns the points of both.
func (a ranges[T]) intersect(b ranges[T]) ranges[T] {
	var out ranges[T]
	for i, j := 0, 0; i < len(a) && j < len(b); {
		both := a[i]
		if both.first.Compare(b[j].first) < 0 {
			both.first = b[j].first
		}
		if both.last.Compare(b[j].last) > 0 {
			both.last = b[j].last
		}
		if both.first.Compare(both.last) <= 0 {
			out = append(out, both)
		}
		if a[i].last.Compare(b[j].last) < 0 {
			i++
		} else {
			j++
		}
	}
	return out
}

// minus returns the points of a that are not in b.
func (a ranges[T]) minus(b ranges[T]) ranges[T] {
	var out ranges[T]
	for _, rest := range a {
		for len(b) > 0 && b[0].last.Compare(rest.first) < 0 {
			b = b[1:]
		}
		left := true
		for _, hole := range b {
			if rest.last.Compare(hole.first) < 0 {
				break
			}
			if rest.first.Compare(hole.first) < 0 {
				out = append(out, span[T]{rest.first, hole.first.Prev()})
			}
			if left = rest.last.Compare(hole.last) > 0; !left {
				break
			}
			rest.first = hole.last.Next()
		}
		if left {
			out = append(out, rest)
		}
	}
	return out
}

// overlaps reports whether a point is in both.
func (a ranges[T]) overlaps(b ranges[T]) bool {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].last.Compare(b[j].first) < 0:
			i++
		case b[j].last.Compare(a[i].first) < 0:
			j++
		default:
			return true
		}
	}
	return false
}

// covers reports whether every point of b is in a. It looks the spans of b up, so
// that a few of them are found fast in many.
func (a ranges[T]) covers(b ranges[T]) bool {
	return !slices.ContainsFunc(b, func(s span[T]) bool { return !a.holds(s) })
}

// holds reports whether a span is in a: then it is in a single one of a's, since
// these do not touch. It takes time logarithmic in their number.
func (a ranges[T]) holds(s span[T]) bool {
	after, _ := slices.BinarySearchFunc(a, s.first, func(x span[T], first T) int {
		if first.Compare(x.first) < 0 {
			return 1
		}
		return -1
	})
	return after > 0 && s.last.Compare(a[after-1].last) <= 0
}
