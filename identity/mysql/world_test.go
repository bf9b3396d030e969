// SPDX-License-Identifier: Apache-2.0

package mysql_test

import (
	"github.com/watertight-go/watertight/identity/mysql"
)

// name is an account of any host, or a role of MySQL.
func name(user string) mysql.Name { return mysql.Name{User: user, Host: "%"} }

// tight is a server on which staging has its own database alone.
func tight() *mysql.Snapshot {
	return &mysql.Snapshot{
		Kind:      mysql.SnapshotKind,
		Server:    mysql.Server{Product: mysql.MySQL, Version: "9.7.0", MandatoryRoles: []mysql.Name{}, ProxyPlugins: []string{}},
		Databases: []string{"mysql", "shop_prod", "shop_stg"},
		Accounts: []mysql.Account{
			account(name("prod")), account(name("stg")),
			{Name: mysql.Name{User: "root", Host: "localhost"}, Login: mysql.Password, Plugins: []string{"caching_sha2_password"}},
		},
		Grants: []mysql.Grant{
			on(name("prod"), `shop\_prod`, "SELECT", "INSERT"), on(name("stg"), `shop\_stg`, "SELECT", "INSERT"),
			server(mysql.Name{User: "root", Host: "localhost"}, "SELECT", "SUPER"),
		},
		Roles: []mysql.Membership{}, Proxies: []mysql.Proxy{}, Definers: []mysql.Definer{},
	}
}

func account(n mysql.Name) mysql.Account {
	return mysql.Account{Name: n, Login: mysql.Password, Plugins: []string{"caching_sha2_password"}, TLS: true, MaxUserConnections: 5}
}

func on(to mysql.Name, database string, privileges ...string) mysql.Grant {
	return mysql.Grant{To: to, Level: mysql.OnDatabase, Database: database, Privileges: privileges}
}

func server(to mysql.Name, privileges ...string) mysql.Grant {
	return mysql.Grant{To: to, Level: mysql.OnServer, Privileges: privileges}
}

func question() mysql.Boundary {
	return mysql.Boundary{From: []string{"stg"}, Away: mysql.Side{Databases: []string{"shop_prod"}, Users: []string{"prod"}}}
}

// with returns a tight server with one edit.
func with(edit func(*mysql.Snapshot)) *mysql.Snapshot {
	s := tight()
	edit(s)
	return s
}

func grant(g mysql.Grant) func(*mysql.Snapshot) {
	return func(s *mysql.Snapshot) { s.Grants = append(s.Grants, g) }
}
