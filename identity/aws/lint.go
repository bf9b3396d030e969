// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"fmt"
	"iter"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// Lint returns what in the trust policies of roles reaches further than it seems to, or
// not at all, sorted. It needs no boundary to know, and proves none: [NoAssumption]
// does.
func Lint(roles []Role) bulkhead.Findings {
	var l linter
	for _, role := range roles {
		l.role = role
		for i, s := range role.AssumeRolePolicyDocument.Statement {
			l.literalWildcard(i, s)
			if s.Effect == deny {
				continue
			}
			l.alone(i)
			l.anySubject(i, s)
			l.openNamespace(i, s)
			l.anyAudience(i, s)
			l.absentKey(i, s)
			l.anyAssociation(i)
			l.everyone(i)
		}
	}
	return l.findings.Sorted()
}

type linter struct {
	role     Role
	single   Role // the role if it had one of its statements, and those that deny
	findings bulkhead.Findings
}

// alone prepares to ask what one statement admits by itself.
func (l *linter) alone(statement int) {
	l.single = l.role
	l.single.AssumeRolePolicyDocument.Statement = nil
	for i, s := range l.role.AssumeRolePolicyDocument.Statement {
		if i == statement || s.Effect == deny {
			l.single.AssumeRolePolicyDocument.Statement = append(l.single.AssumeRolePolicyDocument.Statement, s)
		}
	}
}

func (l *linter) report(rule string, at *field.Path, fix, format string, args ...any) {
	l.findings = append(l.findings, bulkhead.Finding{
		Rule: rule, Severity: bulkhead.Warning, Object: l.role.ref(), Field: at.String(), Message: fmt.Sprintf(format, args...), Fix: fix,
	})
}

// A test is one comparison of a condition.
type test struct {
	op     operator
	key    string
	values []string
	at     *field.Path
}

// tests yields the comparisons of a statement.
func (s Statement) tests(i int) iter.Seq[test] {
	return func(yield func(test) bool) {
		for _, name := range sortedKeys(s.Condition) {
			for _, key := range sortedKeys(s.Condition[name]) {
				at := statementPath(i).Child("Condition", name).Key(key)
				if !yield(test{parseOperator(name), key, s.Condition[name][key], at}) {
					return
				}
			}
		}
	}
}

func (t test) isSubject() bool { return strings.HasSuffix(strings.ToLower(t.key), ":sub") }

// providers returns the identity providers whose tokens a statement may admit.
func (s Statement) providers() []string {
	var out []string
	for _, name := range s.Principal["Federated"] {
		if provider, ok := strings.CutPrefix(parseARN(name).resource, "oidc-provider/"); ok {
			out = append(out, provider)
		}
	}
	return out
}

// unheard is a namespace that nobody has.
const unheard = "unheard-of"
