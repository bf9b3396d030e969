// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/identity/mysql"
)

func (r *reader) grants(ctx context.Context) error {
	if r.out.Grants == nil {
		r.out.Grants = []mysql.Grant{}
	}
	if r.out.Server.Product == mysql.MySQL {
		if err := r.globalGrants(ctx); err != nil {
			return err
		}
	}
	databases, err := r.rows(ctx, "SELECT * FROM mysql.db")
	if err != nil {
		return err
	}
	for _, row := range databases {
		r.add(mysql.Grant{To: row.name("user", "host"), Level: mysql.OnDatabase, Database: row["db"], Privileges: row.columnPrivileges()})
	}
	tables, err := r.rows(ctx, "SELECT User, Host, Db, Table_name, Table_priv FROM mysql.tables_priv")
	if err != nil {
		return err
	}
	for _, row := range tables {
		r.add(mysql.Grant{To: row.name("user", "host"), Level: mysql.OnTable, Database: row["db"], Object: row["table_name"], Privileges: members(row["table_priv"])})
	}
	columns, err := r.rows(ctx, "SELECT User, Host, Db, Table_name, Column_name, Column_priv FROM mysql.columns_priv")
	if err != nil {
		return err
	}
	for _, row := range columns {
		r.add(mysql.Grant{
			To: row.name("user", "host"), Level: mysql.OnColumn, Database: row["db"], Object: row["table_name"], Column: row["column_name"],
			Privileges: members(row["column_priv"]),
		})
	}
	return r.routineGrants(ctx)
}

func (r *reader) routineGrants(ctx context.Context) error {
	rows, err := r.rows(ctx, "SELECT User, Host, Db, Routine_name, Routine_type, Proc_priv FROM mysql.procs_priv")
	if err != nil {
		return err
	}
	for _, row := range rows {
		level := mysql.OnPackage
		switch row["routine_type"] {
		case "PROCEDURE":
			level = mysql.OnProcedure
		case "FUNCTION":
			level = mysql.OnFunction
		}
		r.add(mysql.Grant{To: row.name("user", "host"), Level: level, Database: row["db"], Object: row["routine_name"], Privileges: members(row["proc_priv"])})
	}
	return nil
}

// globalGrants reads what accounts of MySQL have on *.*.
func (r *reader) globalGrants(ctx context.Context) error {
	users, err := r.rows(ctx, "SELECT * FROM mysql.user")
	if err != nil {
		return err
	}
	dynamic, err := r.rows(ctx, "SELECT USER, HOST, PRIV FROM mysql.global_grants")
	if err != nil {
		return err
	}
	of := make(map[mysql.Name][]string)
	for _, row := range users {
		of[row.name("user", "host")] = row.columnPrivileges()
	}
	for _, row := range dynamic {
		of[row.name("user", "host")] = append(of[row.name("user", "host")], strings.ToUpper(row["priv"]))
	}
	for name, privileges := range of {
		r.add(mysql.Grant{To: name, Level: mysql.OnServer, Privileges: privileges})
	}
	return nil
}

// add adds a grant of something.
func (r *reader) add(g mysql.Grant) {
	if len(g.Privileges) > 0 {
		r.out.Grants = append(r.out.Grants, g)
	}
}

// columnPrivileges returns the privileges of a row that has a column for each, such as
// Select_priv. A column that is not known keeps its name, which then is a privilege that
// nobody knows.
func (r record) columnPrivileges() []string {
	var out []string
	for column, value := range r {
		name, ok := strings.CutSuffix(column, "_priv")
		if !ok || value != "Y" {
			continue
		}
		switch name {
		case "grant":
			name = "grant option"
		case "create_tmp_table":
			name = "create temporary tables"
		case "show_db":
			name = "show databases"
		case "repl_slave":
			name = "replication slave"
		case "repl_client":
			name = "replication client"
		default:
			name = strings.ReplaceAll(name, "_", " ")
		}
		out = append(out, strings.ToUpper(name))
	}
	slices.Sort(out)
	return out
}

// members returns the privileges of a column of type SET.
func members(set string) []string {
	var out []string
	for member := range strings.SplitSeq(set, ",") {
		switch member = strings.ToUpper(member); member {
		case "":
		case "GRANT":
			out = append(out, "GRANT OPTION")
		case "DELETE VERSIONING ROWS":
			out = append(out, "DELETE HISTORY")
		default:
			out = append(out, member)
		}
	}
	return out
}

func (r *reader) roles(ctx context.Context) error {
	query := "SELECT FROM_USER AS role_user, FROM_HOST AS role_host, TO_USER AS user, TO_HOST AS host, WITH_ADMIN_OPTION AS admin FROM mysql.role_edges"
	if r.out.Server.Product == mysql.MariaDB {
		query = "SELECT Role AS role_user, '' AS role_host, User AS user, Host AS host, Admin_option AS admin FROM mysql.roles_mapping"
	}
	rows, err := r.rows(ctx, query)
	if err != nil {
		return err
	}
	r.out.Roles = []mysql.Membership{}
	for _, row := range rows {
		r.out.Roles = append(r.out.Roles, mysql.Membership{Role: row.name("role_user", "role_host"), Member: row.name("user", "host"), Admin: row["admin"] == "Y"})
	}
	return nil
}

func (r *reader) proxies(ctx context.Context) error {
	rows, err := r.rows(ctx, "SELECT User, Host, Proxied_user, Proxied_host FROM mysql.proxies_priv")
	if err != nil {
		return fmt.Errorf("mysql.proxies_priv: %w", err)
	}
	r.out.Proxies = []mysql.Proxy{}
	for _, row := range rows {
		r.out.Proxies = append(r.out.Proxies, mysql.Proxy{Account: row.name("user", "host"), Proxied: row.name("proxied_user", "proxied_host")})
	}
	return nil
}
