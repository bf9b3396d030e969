// SPDX-License-Identifier: Apache-2.0

package aws

// AbsentKey is a comparison that holds where the request does not have the key:
// ForAllValues, IfExists and Not.
const AbsentKey = "aws/absent-key"

func (l *linter) absentKey(i int, s Statement) {
	for t := range s.tests(i) {
		if t.op.base == "Null" || !t.op.known() || t.op.holds(t.key, t.values, value{presence: absent}).Answer != yes().Answer {
			continue
		}
		l.report(AbsentKey, t.at, "compare with StringEquals or StringLike", "the comparison holds for requests that have no %s", t.key)
	}
}
