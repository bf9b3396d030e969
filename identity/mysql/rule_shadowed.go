// SPDX-License-Identifier: Apache-2.0

package mysql

// Shadowed is an account that clients do not get, although they give its name: an
// account without a name, of a host that the server looks at first, takes them.
const Shadowed = "mysql/shadowed"

func (l *linter) shadowed(a Account) {
	for _, other := range l.Accounts {
		if other.User == "" && !l.isRole(other.Name) && overlap(other.Host, a.Host) && compareHosts(l.Server, other.Host, a.Host) < 0 {
			l.report(Shadowed, accountRef(a.Name), "", "DROP USER "+other.String(),
				"clients from %s that give this name log in as %s, or are refused", other.Host, other.Name)
		}
	}
}
