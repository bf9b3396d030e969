// SPDX-License-Identifier: Apache-2.0

package mysql

// OpenOnServer is an account without a password that the server's own machine alone may
// use, as may a proxy that runs there.
const OpenOnServer = "mysql/open-on-server"

func (l *linter) openOnServer(a Account) {
	l.report(OpenOnServer, accountRef(a.Name), "login", "give it a password, or lock it", "lets in whoever connects from the server's own machine, without a password")
}
