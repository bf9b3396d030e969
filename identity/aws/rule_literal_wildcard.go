// SPDX-License-Identifier: Apache-2.0

package aws

// LiteralWildcard is a star or a question mark in a value that is compared letter by
// letter, so that it matches nothing.
const LiteralWildcard = "aws/literal-wildcard"

func (l *linter) literalWildcard(i int, s Statement) {
	for t := range s.tests(i) {
		if t.op.base != "StringEquals" && t.op.base != "StringEqualsIgnoreCase" {
			continue
		}
		for j, value := range t.values {
			if isPattern(value) {
				l.report(LiteralWildcard, t.at.Index(j), "name what is meant, or compare with StringLike", "the value stands for itself, wildcards included, and nothing has it under %s", t.key)
			}
		}
	}
}
