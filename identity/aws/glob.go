// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"strings"
)

// glob reports whether a text matches a pattern, in which * stands for any text and ?
// for one character (IAM documentation, "IAM JSON policy elements: Condition
// operators").
func glob(pattern, text string) bool {
	star, retry, i := -1, 0, 0
	for j := 0; j < len(text); {
		switch {
		case i < len(pattern) && pattern[i] == '*':
			star, retry = i, j
			i++
		case i < len(pattern) && (pattern[i] == '?' || pattern[i] == text[j]):
			i++
			j++
		case star >= 0:
			retry++
			i, j = star+1, retry
		default:
			return false
		}
	}
	return strings.Trim(pattern[i:], "*") == ""
}

// like reports whether a name matches a pattern, part by part: no wildcard reaches from
// one part into the next (IAM documentation, as above, "Amazon Resource Name (ARN)
// condition operators"). A pattern that is no ARN matches none.
func (a arn) like(name arn) bool {
	return glob(a.partition, name.partition) && glob(a.service, name.service) && glob(a.region, name.region) &&
		glob(a.account, name.account) && glob(a.resource, name.resource)
}

func isPattern(text string) bool { return strings.ContainsAny(text, "*?") }
