// SPDX-License-Identifier: Apache-2.0

package mysql

// NoConnectionLimit is an account of staging that may take every connection that the
// server has. MAX_USER_CONNECTIONS is a limit that the account cannot change, error 1226
// beyond it; buffers of its sessions have none.
const NoConnectionLimit = "mysql/no-connection-limit"

func (l *linter) noConnectionLimit(a Account) {
	if a.MaxUserConnections == 0 && l.Server.MaxUserConnections == 0 {
		l.report(NoConnectionLimit, accountRef(a.Name), "maxUserConnections", "ALTER USER "+a.String()+" WITH MAX_USER_CONNECTIONS 10",
			"staging may take every connection of the server, and production then gets none")
	}
}
