// SPDX-License-Identifier: Apache-2.0

package bulkhead

import (
	"cmp"
	"strings"
)

// compareFields orders field paths as people count: byte for byte, but where both
// have a number, by its value. Paths that differ only in leading zeros are ordered
// as text, so that only equal paths compare as equal.
func compareFields(a, b string) int {
	restA, restB := a, b
	for restA != "" && restB != "" {
		numberA, numberB := leadingDigits(restA), leadingDigits(restB)
		if numberA == "" || numberB == "" {
			if c := cmp.Compare(restA[0], restB[0]); c != 0 {
				return c
			}
			restA, restB = restA[1:], restB[1:]
			continue
		}
		if c := compareNumbers(numberA, numberB); c != 0 {
			return c
		}
		restA, restB = restA[len(numberA):], restB[len(numberB):]
	}
	return cmp.Or(cmp.Compare(len(restA), len(restB)), cmp.Compare(a, b))
}

// leadingDigits returns the number that s begins with, or "".
func leadingDigits(s string) string {
	return s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
}

// compareNumbers compares two texts of digits by value, however long they are.
func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}
