// SPDX-License-Identifier: Apache-2.0

package mysql

import "slices"

// SeesNames is SHOW DATABASES, which shows the names of all databases. Without it an
// account sees those that it has something on.
const SeesNames = "mysql/sees-names"

func (l *linter) seesNames(a Account) {
	for _, with := range l.sessions(a.Name) {
		for _, h := range l.global(with) {
			if slices.Contains(h.Privileges, "SHOW DATABASES") {
				l.reportOnce(SeesNames, h.To, h.field(), withPrivileges(h.Grant, []string{"SHOW DATABASES"}).revoke(l.Server), "sees the names of all databases")
			}
		}
	}
}
