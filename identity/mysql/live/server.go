// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/watertight-go/watertight/identity/mysql"
)

func (r *reader) server(ctx context.Context) error {
	rows, err := r.rows(ctx, `SHOW GLOBAL VARIABLES WHERE Variable_name IN ('version', 'version_comment', 'lower_case_table_names', 'partial_revokes',
		'max_user_connections', 'mandatory_roles', 'check_proxy_users', 'caching_sha2_password_proxy_users', 'mysql_native_password_proxy_users', 'sha256_password_proxy_users')`)
	if err != nil {
		return err
	}
	set := make(map[string]string)
	for _, row := range rows {
		set[row["variable_name"]] = row["value"]
	}
	s := &r.out.Server
	s.Product = mysql.MySQL
	if strings.Contains(set["version"], "MariaDB") {
		s.Product = mysql.MariaDB
	}
	s.Version, _, _ = strings.Cut(set["version"], "-")
	if s.LowerCaseTableNames, err = strconv.Atoi(set["lower_case_table_names"]); err != nil {
		return fmt.Errorf("lower_case_table_names: %w", err)
	}
	if s.MaxUserConnections, err = strconv.Atoi(set["max_user_connections"]); err != nil {
		return fmt.Errorf("max_user_connections: %w", err)
	}
	s.PartialRevokes = set["partial_revokes"] == "ON"
	if s.MandatoryRoles, err = parseRoles(set["mandatory_roles"]); err != nil {
		return fmt.Errorf("mandatory_roles: %w", err)
	}
	s.ProxyPlugins = []string{}
	for _, plugin := range []string{"caching_sha2_password", "mysql_native_password", "sha256_password"} {
		if set["check_proxy_users"] == "ON" && set[plugin+"_proxy_users"] == "ON" {
			s.ProxyPlugins = append(s.ProxyPlugins, plugin)
		}
	}
	return nil
}

// parseRoles reads a list of roles as the setting has it: with quotes of three kinds or
// without, and % for a host that is left out.
func parseRoles(text string) ([]mysql.Name, error) {
	out := []mysql.Name{}
	for rest := strings.TrimSpace(text); rest != ""; {
		var role mysql.Name
		var err error
		if role.User, rest, err = word(rest); err != nil {
			return nil, err
		}
		role.Host = "%"
		if after, ok := strings.CutPrefix(rest, "@"); ok {
			if role.Host, rest, err = word(strings.TrimSpace(after)); err != nil {
				return nil, err
			}
		}
		out = append(out, role)
		if rest != "" {
			after, ok := strings.CutPrefix(rest, ",")
			if !ok {
				return nil, fmt.Errorf("no comma before %q", rest)
			}
			rest = strings.TrimSpace(after)
		}
	}
	return out, nil
}

// word cuts one name off, and the blanks behind it.
func word(text string) (string, string, error) {
	quote := ""
	if text != "" && strings.Contains("`'\"", text[:1]) {
		quote = text[:1]
	}
	if quote == "" {
		end := strings.IndexAny(text, "@, ")
		if end < 0 {
			end = len(text)
		}
		return text[:end], strings.TrimSpace(text[end:]), nil
	}
	var b strings.Builder
	for rest := text[1:]; ; {
		before, after, ok := strings.Cut(rest, quote)
		if !ok {
			return "", "", fmt.Errorf("no end of the quotes in %q", text)
		}
		b.WriteString(before)
		if !strings.HasPrefix(after, quote) {
			return b.String(), strings.TrimSpace(after), nil
		}
		b.WriteString(quote)
		rest = after[1:]
	}
}

// databases reads the names of all databases, if the account may see all of them.
func (r *reader) databases(ctx context.Context) error {
	if !r.may["SHOW DATABASES"] && !r.may["SELECT"] {
		return nil
	}
	rows, err := r.rows(ctx, "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA")
	if err != nil {
		return err
	}
	r.out.Databases = []string{}
	for _, row := range rows {
		r.out.Databases = append(r.out.Databases, row["name"])
	}
	return nil
}

// privileges reads what the account that reads has on the whole server by itself. A
// partial revoke may hide a database, so with one it has nothing.
func (r *reader) privileges(ctx context.Context) error {
	rows, err := r.rows(ctx, "SHOW GRANTS")
	if err != nil {
		return err
	}
	r.may = make(map[string]bool)
	for _, row := range rows {
		for _, text := range row { // the one column has a name of its own for each account
			if strings.HasPrefix(text, "REVOKE ") {
				r.may = nil
				return nil
			}
			text, granted := strings.CutPrefix(text, "GRANT ")
			privileges, _, global := strings.Cut(text, " ON *.* TO ")
			if !granted || !global {
				continue
			}
			for privilege := range strings.SplitSeq(privileges, ",") {
				r.may[strings.TrimSpace(privilege)] = true
			}
			if privileges == "ALL PRIVILEGES" {
				for _, each := range []string{"SELECT", "SHOW VIEW", "TRIGGER", "EVENT", "SHOW DATABASES"} {
					r.may[each] = true
				}
			}
		}
	}
	return nil
}
