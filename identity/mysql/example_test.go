// SPDX-License-Identifier: Apache-2.0

package mysql_test

import (
	"fmt"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/mysql"
)

const exported = `{
  "kind": "MySQLSnapshot/v1",
  "server": {"product": "MySQL", "version": "9.7.0", "lowerCaseTableNames": 0, "partialRevokes": false,
    "maxUserConnections": 0, "mandatoryRoles": [], "proxyPlugins": []},
  "databases": ["mysql", "shop_prod", "shop_stg"],
  "accounts": [
    {"user": "prod", "host": "%", "role": false, "locked": false, "login": "plugin", "plugins": ["authentication_cloudsql_iam"],
      "tls": false, "certificate": false, "maxUserConnections": 0, "restrictions": []},
    {"user": "stg", "host": "%", "role": false, "locked": false, "login": "password", "plugins": ["caching_sha2_password"],
      "tls": true, "certificate": false, "maxUserConnections": 10, "restrictions": []}
  ],
  "grants": [
    {"to": {"user": "stg", "host": "%"}, "level": "database", "database": "shop_%", "object": "", "column": "", "privileges": ["SELECT"]}
  ],
  "roles": [], "proxies": [], "definers": []
}`

func ExampleSnapshot_NoAccess() {
	snapshot := bulkhead.Must(mysql.ReadSnapshot("snapshot.json", strings.NewReader(exported)))
	proof, err := snapshot.NoAccess(mysql.Boundary{
		From: []string{"stg"},
		Away: mysql.Side{Databases: []string{"shop_prod"}, Users: []string{"prod"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(proof.Verdict)
	for _, breach := range proof.Breaches {
		fmt.Println(breach.Rule)
		for _, hop := range breach.Path {
			fmt.Println(hop.Object, hop.Field, hop.Text)
		}
		fmt.Println(breach.Change.Text)
	}
	// Output:
	// Breached
	// mysql/reads
	// Account/`stg`@`%` grants[`shop_%`.*] has SELECT on shop_prod
	// REVOKE SELECT ON `shop_%`.* FROM `stg`@`%`
}

func ExampleSnapshot_Lint() {
	snapshot := bulkhead.Must(mysql.ReadSnapshot("snapshot.json", strings.NewReader(exported)))
	findings, err := snapshot.Lint(mysql.Boundary{From: []string{"stg"}, Away: mysql.Side{Users: []string{"prod"}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, finding := range findings {
		fmt.Println(finding.Rule, finding.Object, finding.Field)
	}
	// Output:
	// mysql/open-pattern Account/`stg`@`%` grants[`shop_%`.*]
	// mysql/shared-locks Server/server
}

func ExampleSnapshot_Allows() {
	snapshot := bulkhead.Must(mysql.ReadSnapshot("snapshot.json", strings.NewReader(exported)))
	answer, err := snapshot.Allows(mysql.Question{
		User: "stg", Client: mysql.Client{Host: "pod.example.com"}, Privilege: "SELECT", Database: "shop_prod", Level: mysql.OnTable, Object: "orders",
	})
	fmt.Println(answer, err)
	// Output: yes <nil>
}

func ExampleSnapshot_Recipe() {
	snapshot := &mysql.Snapshot{
		Kind:      mysql.SnapshotKind,
		Server:    mysql.Server{Product: mysql.MySQL, Version: "9.7.0", MandatoryRoles: []mysql.Name{}, ProxyPlugins: []string{}},
		Databases: []string{"shop_prod"},
		Accounts:  []mysql.Account{{Name: mysql.Name{User: "prod", Host: "%"}, Login: mysql.Elsewhere}},
		Grants:    []mysql.Grant{}, Roles: []mysql.Membership{}, Proxies: []mysql.Proxy{}, Definers: []mysql.Definer{},
	}
	made, err := snapshot.Recipe(mysql.Staging{
		Database: "shop_stg",
		Users: []mysql.User{{
			Name: mysql.Name{User: "stg", Host: "%"}, Privileges: mysql.ReadWrite(), MaxUserConnections: 10,
			Credential: bulkhead.Must(mysql.CachingSHA2("a long random text")),
		}},
		Away: mysql.Side{Databases: []string{"shop_prod"}, Users: []string{"prod"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, statement := range made.Statements {
		fmt.Println(statement)
	}
	fmt.Println(made.Proof.Verdict)
	// Output:
	// CREATE USER `stg`@`%` IDENTIFIED WITH caching_sha2_password AS {secret} REQUIRE SSL WITH MAX_USER_CONNECTIONS 10
	// ALTER USER `stg`@`%` REQUIRE SSL WITH MAX_USER_CONNECTIONS 10
	// GRANT DELETE, INSERT, SELECT, UPDATE ON `shop\_stg`.* TO `stg`@`%`
	// CREATE DATABASE `shop_stg`
	// Sealed
}
