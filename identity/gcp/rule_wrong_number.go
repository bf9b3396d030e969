// SPDX-License-Identifier: Apache-2.0

package gcp

import "strconv"

// WrongNumber is a principal of a pool of GKE with another number than that of the
// pool's project. IAM takes it without a word, and it is nobody of the pool.
const WrongNumber = "gcp/wrong-number"

func (l *linter) wrongNumber(g *grant) bool {
	if g.member.ProjectNumber == "" || g.member.Pool == "" {
		return false
	}
	like, known := l.poolOf(g.member.Pool)
	number := strconv.FormatUint(like.Pool.ProjectNumber, 10)
	if !known || number == g.member.ProjectNumber {
		return false
	}
	l.report(WrongNumber, g.on.ref, g.field, "write projects/"+number,
		"nobody of the pool %s is meant by it: the number of its project is %s, not %s", g.member.Pool, number, g.member.ProjectNumber)
	return true
}
