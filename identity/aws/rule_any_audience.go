// SPDX-License-Identifier: Apache-2.0

package aws

import "strings"

// AnyAudience is a statement that admits tokens for whomever they were made, as far as
// the identity provider lists the audience.
const AnyAudience = "aws/any-audience"

func (l *linter) anyAudience(i int, s Statement) {
	for _, provider := range s.providers() {
		asked := false
		for t := range s.tests(i) {
			asked = asked || strings.EqualFold(t.key, provider+":aud")
		}
		if !asked {
			l.report(AnyAudience, statementPath(i), "compare "+provider+":aud with sts.amazonaws.com", "tokens of %s that were made for another service may assume the role too", provider)
		}
	}
}
