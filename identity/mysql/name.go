// SPDX-License-Identifier: Apache-2.0

package mysql

import "strings"

// A Name is that of an account or of a role: who, and from where. Roles of MariaDB
// have no host.
type Name struct {
	User string `json:"user"`
	Host string `json:"host"`
}

// public is the role that every account of MariaDB has (MariaDB documentation, "GRANT",
// "TO PUBLIC"; since 10.11).
const public = "PUBLIC"

// String quotes the name as statements take it: `staging`@`%`.
func (n Name) String() string { return quote(n.User) + "@" + quote(n.Host) }

// grantee is the name in GRANT and REVOKE.
func (n Name) grantee(s Server) string {
	switch {
	case s.Product == MySQL || n.Host != "":
		return n.String()
	case n.User == public:
		return public // quoted it would be a role of that name
	default:
		return quote(n.User)
	}
}

// quote makes an identifier of any text without the character NUL (MySQL 9.7 Reference
// Manual, "Schema Object Names").
func quote(identifier string) string {
	return "`" + strings.ReplaceAll(identifier, "`", "``") + "`"
}

// literal makes a string of any text, for sessions without NO_BACKSLASH_ESCAPES.
func literal(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(text) + "'"
}
