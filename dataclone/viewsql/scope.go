// SPDX-License-Identifier: Apache-2.0

package viewsql

import "strings"

// A scope holds the names that a SELECT and what is nested in it can see: the aliases of
// its FROM clause, explicit or implied.
type scope struct {
	outer *scope
	names map[string]int // in lower case, with the token that declares the name first
}

func newScope(outer *scope) *scope { return &scope{outer: outer, names: map[string]int{}} }

func (s *scope) declare(name string, token int) {
	name = strings.ToLower(name)
	if _, there := s.names[name]; !there {
		s.names[name] = token
	}
}

// sees tells whether a path that begins at a token may go on from a name. In a FROM
// clause that is a name to the left of it; further out, any.
func (s *scope) sees(name string, token int) bool {
	if at, there := s.names[name]; there && at < token {
		return true
	}
	for s = s.outer; s != nil; s = s.outer {
		if _, there := s.names[name]; there {
			return true
		}
	}
	return false
}
