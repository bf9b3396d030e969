// SPDX-License-Identifier: Apache-2.0

package mysql

// ProductionPassword is an account of production that a password opens: whoever learns it
// is production, from staging as well. Accounts of IAM have none.
const ProductionPassword = "mysql/production-password"

func (l *linter) productionPassword(a Account) {
	if a.Login != Elsewhere && !a.Certificate && !loopback(a.Host) {
		l.report(ProductionPassword, accountRef(a.Name), "login", "let it log in with IAM or a certificate, or keep staging off the server's port for it",
			"a password is all that it takes to be this user, from wherever its host admits")
	}
}
