// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"cmp"
	"slices"
	"strings"
)

// key joins names to one that orders as they do, one after the other. No name of
// PostgreSQL holds a NUL.
func key(names ...string) string { return strings.Join(names, "\x00") }

// byKey returns a sorted copy, which is not nil.
func byKey[T any](list []T, key func(T) string) []T {
	out := append([]T{}, list...)
	slices.SortStableFunc(out, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
	return out
}
