// SPDX-License-Identifier: Apache-2.0

// Package spelling tells how much two words are alike, for rules that suspect a
// misspelling.
package spelling

// Distance is the number of bytes to replace, insert or remove to make b of a
// (Levenshtein's distance). Its cost is the product of the lengths.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := diagonal
			if a[i] != b[j] {
				next = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
