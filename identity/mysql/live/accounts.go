// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/watertight-go/watertight/identity/mysql"
)

func (r *reader) accounts(ctx context.Context) error {
	if r.out.Server.Product == mysql.MariaDB {
		return r.accountsOfMariaDB(ctx)
	}
	rows, err := r.rows(ctx, `SELECT User, Host, plugin, COALESCE(authentication_string, '') = '' AS no_hash, account_locked, ssl_type, max_user_connections,
		JSON_EXTRACT(User_attributes, '$.Restrictions') AS restrictions FROM mysql.user`)
	if err != nil {
		return err
	}
	r.out.Accounts = []mysql.Account{}
	for _, row := range rows {
		a := mysql.Account{
			Name: row.name("user", "host"), Locked: row["account_locked"] == "Y", Plugins: []string{row["plugin"]}, Restrictions: []mysql.Restriction{},
			Login: login(row["plugin"], row["no_hash"] == "1"),
		}
		a.TLS, a.Certificate = transport(row["ssl_type"])
		if a.MaxUserConnections, err = strconv.Atoi(row["max_user_connections"]); err != nil {
			return err
		}
		if text := row["restrictions"]; text != "" {
			if err := json.Unmarshal([]byte(text), &a.Restrictions); err != nil {
				return fmt.Errorf("the restrictions of %s: %w", a.Name, err)
			}
		}
		r.out.Accounts = append(r.out.Accounts, a)
	}
	return nil
}

// transport reads mysql.user.ssl_type: X509 and SPECIFIED ask for a certificate.
func transport(kind string) (tls, certificate bool) {
	return kind != "", kind == "X509" || kind == "SPECIFIED"
}

// login says what an account of a plugin shows, whose hash is empty or not.
func login(plugin string, empty bool) mysql.Login {
	switch plugin {
	case "", "caching_sha2_password", "sha256_password", "mysql_native_password", "mysql_old_password":
		if empty {
			return mysql.NoPassword
		}
		return mysql.Password
	case "ed25519", "parsec": // of MariaDB; they take no empty hash
		return mysql.Password
	default:
		return mysql.Elsewhere
	}
}

// A privileges is what mysql.global_priv of MariaDB says of an account (scripts/
// mariadb_system_tables.sql and sql/sql_acl.cc of MariaDB 10.11).
type globalPrivileges struct {
	Access             uint64 `json:"access"`
	IsRole             bool   `json:"is_role"`
	Locked             bool   `json:"account_locked"`
	SSLType            int    `json:"ssl_type"` // 1 is ANY, 2 X509, 3 SPECIFIED
	MaxUserConnections int    `json:"max_user_connections"`
	credential
	Either []credential `json:"auth_or"`
}

type credential struct {
	Plugin string `json:"plugin"`
	Hash   string `json:"authentication_string"`
}

func (r *reader) accountsOfMariaDB(ctx context.Context) error {
	rows, err := r.rows(ctx, "SELECT User, Host, Priv FROM mysql.global_priv")
	if err != nil {
		return err
	}
	r.out.Accounts, r.out.Grants = []mysql.Account{}, []mysql.Grant{}
	for _, row := range rows {
		var p globalPrivileges
		if err := json.Unmarshal([]byte(row["priv"]), &p); err != nil {
			return fmt.Errorf("mysql.global_priv of %s: no JSON as MariaDB writes it", row.name("user", "host"))
		}
		name := row.name("user", "host")
		r.out.Accounts = append(r.out.Accounts, p.account(name))
		if held := privilegesOf(p.Access); len(held) > 0 {
			r.out.Grants = append(r.out.Grants, mysql.Grant{To: name, Level: mysql.OnServer, Privileges: held})
		}
	}
	return nil
}

func (p globalPrivileges) account(name mysql.Name) mysql.Account {
	a := mysql.Account{
		Name: name, Role: p.IsRole, Locked: p.Locked, TLS: p.SSLType > 0, Certificate: p.SSLType > 1,
		MaxUserConnections: max(p.MaxUserConnections, 0), Plugins: []string{}, Restrictions: []mysql.Restriction{},
	}
	credentials := []credential{p.credential}
	for _, c := range p.Either { // one without a plugin stands for the account's own
		if c.Plugin != "" {
			credentials = append(credentials, c)
		}
	}
	var logins []mysql.Login
	for _, c := range credentials {
		a.Plugins = append(a.Plugins, c.Plugin)
		logins = append(logins, login(c.Plugin, c.Hash == ""))
	}
	// One of them is enough, so the weakest counts.
	for _, weakest := range []mysql.Login{mysql.NoPassword, mysql.Password, mysql.Elsewhere} {
		if slices.Contains(logins, weakest) {
			a.Login = weakest
			break
		}
	}
	return a
}

// privilegesOf names the bits of mysql.global_priv (sql/privilege.h of MariaDB 10.11). A
// bit without a name is a privilege that nobody knows; all bits are every privilege.
func privilegesOf(access uint64) []string {
	names := []string{
		"SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "RELOAD", "SHUTDOWN", "PROCESS", "FILE", "GRANT OPTION", "REFERENCES", "INDEX", "ALTER",
		"SHOW DATABASES", "SUPER", "CREATE TEMPORARY TABLES", "LOCK TABLES", "EXECUTE", "REPLICATION SLAVE", "BINLOG MONITOR", "CREATE VIEW", "SHOW VIEW",
		"CREATE ROUTINE", "ALTER ROUTINE", "CREATE USER", "EVENT", "TRIGGER", "CREATE TABLESPACE", "DELETE HISTORY", "SET USER", "FEDERATED ADMIN",
		"CONNECTION ADMIN", "READ_ONLY ADMIN", "REPLICATION SLAVE ADMIN", "REPLICATION MASTER ADMIN", "BINLOG ADMIN", "BINLOG REPLAY", "SLAVE MONITOR",
		"SHOW CREATE ROUTINE",
	}
	var out []string
	for bit := range 64 {
		switch {
		case access&(1<<bit) == 0:
		case bit < len(names):
			out = append(out, names[bit])
		case access != ^uint64(0):
			out = append(out, "bit "+strconv.Itoa(bit)+" of access")
		}
	}
	return out
}
