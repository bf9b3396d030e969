// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"maps"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// change returns what to take away from a role so that one of its statements admits
// nobody any more whom it should not: one value of a condition where that is enough,
// and else the statement.
func (r Role) change(a admission, closed func(Role) bool) bulkhead.Change {
	at := statementPath(a.statement)
	condition := r.AssumeRolePolicyDocument.Statement[a.statement].Condition
	for _, name := range sortedKeys(condition) {
		for _, key := range sortedKeys(condition[name]) {
			values := condition[name][key]
			op, has := parseOperator(name), a.ask.value(strings.ToLower(key))
			if op.negated || len(values) < 2 {
				continue
			}
			for i, value := range values {
				admits := op.holds(key, []string{value}, has).Answer == identity.Yes
				if admits && closed(r.without(a.statement, name, key, i)) {
					return bulkhead.Change{
						Object: r.ref(), Field: at.Child("Condition", name).Key(key).Index(i).String(), Text: "remove the value from the condition",
					}
				}
			}
		}
	}
	return bulkhead.Change{
		Object: r.ref(), Field: at.String(), Text: "remove the statement, and admit who needs the role by namespace and account, compared with StringEquals",
	}
}

// without returns a copy of the role without one value of a condition.
func (r Role) without(statement int, name, key string, i int) Role {
	trust := &r.AssumeRolePolicyDocument
	trust.Statement = slices.Clone(trust.Statement)
	s := &trust.Statement[statement]
	s.Condition = maps.Clone(s.Condition)
	s.Condition[name] = maps.Clone(s.Condition[name])
	s.Condition[name][key] = slices.Delete(slices.Clone(s.Condition[name][key]), i, i+1)
	return r
}
