// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// A personalColumn is a column, or a field of one, that holds personal data.
type personalColumn struct {
	path string
	// column is the column of the table that it is, or is in.
	column string
	// tagged says that a policy tag or a data policy protects it.
	tagged bool
}

// personalColumns returns those of a table: columns with policy tags or data policies,
// and those that the request names, be it in Columns or in Masks. A field stands for
// itself here, and for all of its column when it is masked.
func (p PersonalData) personalColumns(columns []Column) []personalColumn {
	patterns := slices.Concat(p.Columns, slices.Sorted(maps.Keys(p.Masks)))
	var out []personalColumn
	var walk func(column, prefix string, columns []Column)
	walk = func(column, prefix string, columns []Column) {
		for _, c := range columns {
			path := prefix + c.Name
			top := cmp.Or(column, c.Name)
			tagged := len(c.PolicyTags)+len(c.DataPolicies) > 0
			named := slices.ContainsFunc(patterns, func(pattern string) bool { return matchesColumn(pattern, path) })
			if tagged || named {
				out = append(out, personalColumn{path, top, tagged})
			}
			walk(top, path+".", c.Fields)
		}
	}
	walk("", "", columns)
	return out
}

// maskOf returns what a column is replaced by: a hash only if every pattern that matches
// says so.
func (p PersonalData) maskOf(path string) Mask {
	mask := NullMask
	for pattern, m := range p.Masks {
		if !matchesColumn(pattern, path) {
			continue
		}
		if m != HashMask {
			return NullMask
		}
		mask = HashMask
	}
	return mask
}

// matchesColumn matches a pattern with the path of a column. Names of columns are the
// same in both cases ("Specifying a schema", Column names).
func matchesColumn(pattern, path string) bool {
	return matches(strings.ToLower(pattern), strings.ToLower(path))
}

// unknownMasks returns the patterns that have something else than a mask.
func unknownMasks(masks map[string]Mask) []string {
	var out []string
	for _, pattern := range slices.Sorted(maps.Keys(masks)) {
		if m := masks[pattern]; m != NullMask && m != HashMask {
			out = append(out, pattern)
		}
	}
	return out
}
