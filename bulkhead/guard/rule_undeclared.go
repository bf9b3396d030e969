// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// Undeclared is an expression that reads params in a policy without paramKind, or a
// variable that is not declared before it. The API server refuses the policy.
const Undeclared = "guard/undeclared"

func undeclared(p *bulkhead.Pass) {
	for _, policy := range policiesOf(p.Objects) {
		for _, e := range policy.all() {
			if policy.paramKind == nil && e.reads("params") {
				p.Reportf(policy.object, e.at, "name the paramKind",
					"the API server refuses the policy: params is not declared without a paramKind")
			}
			if name, ok := e.undeclaredVariable(); ok {
				p.Reportf(policy.object, e.at, "declare it before",
					"the API server refuses the policy: variables.%s is not declared here", name)
			}
		}
	}
}

// reads reports whether an expression looks at a name that it does not declare.
func (e expression) reads(root string) bool {
	for _, value := range e.Reads {
		for _, path := range value {
			if path[0] == root {
				return true
			}
		}
	}
	return false
}

// undeclaredVariable returns the first variable that nothing before declares: those
// that are declared were replaced by what they stand for.
func (e expression) undeclaredVariable() (string, bool) {
	for _, value := range e.Reads {
		for _, path := range value {
			if below, ok := path.Under("variables"); ok && len(below) > 0 && !slices.Contains(below[:1], "[]") {
				return below[0], true
			}
		}
	}
	return "", false
}
