// SPDX-License-Identifier: Apache-2.0

package mysql

import "strings"

// OpenPattern is a grant of staging on a database whose name has a wildcard in it: _ is
// any character in a grant, and % any text, unless a backslash stands before it or
// partial_revokes is on. It opens databases that are yet to be made.
const OpenPattern = "mysql/open-pattern"

func (l *linter) openPattern(a Account) {
	if l.Server.PartialRevokes {
		return
	}
	for _, with := range l.sessions(a.Name) {
		ways := []*way{nil}
		if with.role != nil {
			ways = l.closure(*with.role)
		}
		for _, way := range ways {
			holder := a.Name
			if way != nil {
				holder = way.Role
			}
			for _, g := range l.granted[holder] {
				if g.Level == OnDatabase && specificity(g.Database) < 128 {
					plain := strings.NewReplacer(`\_`, `_`, `\%`, `%`).Replace(g.Database)
					l.reportOnce(OpenPattern, holder, g.field(), "grant on "+quote(escape(plain))+".*, which is one database, and revoke this",
						"reaches every database that matches the pattern, also one that is yet to be made")
				}
			}
		}
	}
}

// reportOnce passes over what another account of staging has through the same role.
func (l *linter) reportOnce(rule string, holder Name, at, fix, message string) {
	for _, f := range l.findings {
		if f.Rule == rule && f.Object == accountRef(holder) && f.Field == at {
			return
		}
	}
	l.report(rule, accountRef(holder), at, fix, "%s", message)
}
