// SPDX-License-Identifier: Apache-2.0

package space

import "slices"

// values are what may stand under a key: some values, all but some, or nothing at
// all.
type values struct {
	absent bool     // the key may be missing
	others bool     // every value but those listed, instead of those listed
	listed []string // in order, each once
}

// anything is what may stand under a key that nobody asks for.
func anything() values { return values{absent: true, others: true} }

// sortedSet returns strings in order, each once.
func sortedSet(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

func (v values) empty() bool { return !v.absent && !v.others && len(v.listed) == 0 }

func (v values) intersect(w values) values {
	out := values{absent: v.absent && w.absent, others: v.others && w.others}
	switch {
	case out.others:
		out.listed = sortedSet(slices.Concat(v.listed, w.listed))
	case v.others:
		out.listed = filter(w.listed, v.listed, false)
	case w.others:
		out.listed = filter(v.listed, w.listed, false)
	default:
		out.listed = filter(v.listed, w.listed, true)
	}
	return out
}

func (v values) covers(w values) bool {
	if w.absent && !v.absent {
		return false
	}
	switch {
	case w.others && !v.others:
		return false // the values that w leaves open have no end
	case w.others:
		return subset(v.listed, w.listed)
	case v.others:
		return disjoint(w.listed, v.listed)
	default:
		return subset(w.listed, v.listed)
	}
}

func (v values) overlaps(w values) bool {
	switch {
	case v.absent && w.absent, v.others && w.others:
		return true
	case v.others:
		return !subset(w.listed, v.listed)
	case w.others:
		return !subset(v.listed, w.listed)
	default:
		return !disjoint(v.listed, w.listed)
	}
}

// filter returns the strings of a that are in b, or those that are not.
func filter(a, b []string, in bool) []string {
	var out []string
	for _, s := range a {
		if has(b, s) == in {
			out = append(out, s)
		}
	}
	return out
}

func subset(a, b []string) bool {
	return !slices.ContainsFunc(a, func(s string) bool { return !has(b, s) })
}

func disjoint(a, b []string) bool {
	return !slices.ContainsFunc(a, func(s string) bool { return has(b, s) })
}

func has(list []string, s string) bool {
	_, found := slices.BinarySearch(list, s)
	return found
}
