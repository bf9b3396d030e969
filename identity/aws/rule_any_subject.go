// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"slices"

	"github.com/watertight-go/watertight/identity"
)

// AnySubject is a statement that admits every subject of an issuer: every account of a
// cluster.
const AnySubject = "aws/any-subject"

func (l *linter) anySubject(i int, s Statement) {
	for _, provider := range s.providers() {
		subject := slices.Values([]string{accountPrefix + unheard + ":" + unheard})
		if l.single.admitsSubject(provider, subject).Answer == identity.Yes {
			l.report(AnySubject, statementPath(i), "compare "+provider+":sub with StringEquals", "every account of every namespace may assume the role with a token of %s", provider)
		}
	}
}
