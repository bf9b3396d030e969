// SPDX-License-Identifier: Apache-2.0

package aws

import "strings"

// OpenNamespace is a subject with a wildcard in its namespace, such as
// system:serviceaccount:prod*:app, which admits prod-staging.
const OpenNamespace = "aws/open-namespace"

func (l *linter) openNamespace(i int, s Statement) {
	for t := range s.tests(i) {
		if !t.isSubject() || t.op.base != "StringLike" || t.op.negated {
			continue
		}
		for j, value := range t.values {
			rest, ok := strings.CutPrefix(value, accountPrefix)
			namespace, _, _ := strings.Cut(rest, ":")
			if ok && isPattern(namespace) {
				l.report(OpenNamespace, t.at.Index(j), "name the namespace", "accounts of every namespace that fits %s may assume the role, also of those that are yet to come", namespace)
			}
		}
	}
}
