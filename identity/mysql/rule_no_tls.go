// SPDX-License-Identifier: Apache-2.0

package mysql

// NoTLS is an account of staging that sends its password and its rows in the clear if the
// client does not ask for TLS.
const NoTLS = "mysql/no-tls"

func (l *linter) noTLS(a Account) {
	if !a.TLS && !a.Certificate && a.Login != Elsewhere {
		l.report(NoTLS, accountRef(a.Name), "tls", "ALTER USER "+a.String()+" REQUIRE SSL", "may log in without TLS")
	}
}
