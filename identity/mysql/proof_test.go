// SPDX-License-Identifier: Apache-2.0

package mysql_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/mysql"
)

func TestNoAccess(t *testing.T) {
	root := mysql.Name{User: "root", Host: "localhost"}
	steals := func(d mysql.Definer) func(*mysql.Snapshot) {
		return func(s *mysql.Snapshot) {
			s.Grants = append(s.Grants, on(name("stg"), `shop\_stg`, "EXECUTE"))
			s.Definers = append(s.Definers, d)
		}
	}
	proxy := func(plugin string, login mysql.Login, maps ...string) func(*mysql.Snapshot) {
		return func(s *mysql.Snapshot) {
			s.Accounts[1].Plugins, s.Accounts[1].Login = []string{plugin}, login
			s.Server.ProxyPlugins = append(s.Server.ProxyPlugins, maps...)
			s.Proxies = append(s.Proxies, mysql.Proxy{Account: name("stg"), Proxied: name("prod")})
		}
	}
	for sentence, tt := range map[string]struct {
		edit    func(*mysql.Snapshot)
		rules   []string
		missing string // a part of it
	}{
		"a tight server":                {edit: func(*mysql.Snapshot) {}},
		"a pattern without a backslash": {edit: grant(on(name("stg"), "shop____d", "SELECT")), rules: []string{mysql.Reads}},
		"the same, where partial_revokes is on": {edit: func(s *mysql.Snapshot) {
			s.Server.PartialRevokes = true
			grant(on(name("stg"), "shop____d", "SELECT"))(s)
		}},
		"another case, where it matters": {edit: grant(on(name("stg"), `SHOP\_PROD`, "SELECT"))},
		"another case, where it does not": {edit: func(s *mysql.Snapshot) {
			s.Server.LowerCaseTableNames = 1
			grant(on(name("stg"), `SHOP\_PROD`, "SELECT"))(s)
		}, rules: []string{mysql.Reads}},
		"a grant to the name from a host inside": {edit: grant(on(mysql.Name{User: "stg", Host: "10.0.0.0/255.0.0.0"}, `shop\_prod`, "DELETE")), rules: []string{mysql.Changes}},
		"a grant to the name from another host": {edit: func(s *mysql.Snapshot) {
			s.Accounts[1].Host = "10.0.0.1"
			grant(on(mysql.Name{User: "stg", Host: "10.0.0.2"}, `shop\_prod`, "DELETE"))(s)
		}},
		"a grant on a database to an account without a name": {edit: func(s *mysql.Snapshot) {
			s.Accounts = append(s.Accounts, account(name("")))
			grant(on(name(""), `shop\_prod`, "SELECT"))(s)
		}, rules: []string{mysql.Reads}},
		"the same, on a table, which is its own alone": {edit: func(s *mysql.Snapshot) {
			s.Accounts = append(s.Accounts, account(name("")))
			grant(mysql.Grant{To: name(""), Level: mysql.OnTable, Database: "shop_prod", Object: "t", Privileges: []string{"SELECT"}})(s)
		}},
		"an administrator":              {edit: grant(server(name("stg"), "SYSTEM_USER", "SET_USER_ID")), rules: []string{mysql.Administers}},
		"a privilege that nobody knows": {edit: grant(server(name("stg"), "TIME_TRAVEL_ADMIN")), missing: "TIME_TRAVEL_ADMIN"},
		"all on everything":             {edit: grant(server(name("stg"), "SELECT", "UPDATE", "EXECUTE")), rules: []string{mysql.Changes, mysql.Reads, mysql.Runs, mysql.Watches}},
		"the role of Cloud SQL": {edit: func(s *mysql.Snapshot) {
			s.Accounts = append(s.Accounts, account(name("cloudsqlsuperuser")))
			s.Grants = append(s.Grants, server(name("cloudsqlsuperuser"), "SELECT", "CREATE USER"))
			s.Roles = append(s.Roles, mysql.Membership{Role: name("cloudsqlsuperuser"), Member: name("stg")})
		}, rules: []string{mysql.Administers, mysql.Reads, mysql.Watches}},
		"the server's time zones": {edit: grant(mysql.Grant{To: name("stg"), Level: mysql.OnTable, Database: "mysql", Object: "time_zone_name", Privileges: []string{"SELECT"}})},
		"restricted away from production": {edit: func(s *mysql.Snapshot) {
			grant(server(name("stg"), "SELECT"))(s)
			for _, d := range []string{"shop_prod", "mysql", "performance_schema"} {
				s.Accounts[1].Restrictions = append(s.Accounts[1].Restrictions, mysql.Restriction{Database: d, Privileges: []string{"SELECT"}})
			}
		}},
		"an account of production without a password": {edit: func(s *mysql.Snapshot) { s.Accounts[0].Login = mysql.NoPassword }, rules: []string{mysql.Becomes, mysql.Changes, mysql.Reads}},
		"the same, for the server's machine alone":    {edit: func(s *mysql.Snapshot) { s.Accounts[0].Login, s.Accounts[0].Host = mysql.NoPassword, "127.0.0.1" }},
		"the same, that needs a certificate":          {edit: func(s *mysql.Snapshot) { s.Accounts[0].Login, s.Accounts[0].Certificate = mysql.NoPassword, true }},
		"PROXY on production that the server maps":    {edit: proxy("sha256_password", mysql.Password, "sha256_password"), rules: []string{mysql.Becomes}},
		"PROXY on production that it does not map":    {edit: proxy("caching_sha2_password", mysql.Password, "sha256_password")},
		"PROXY on production with another plugin":     {edit: proxy("authentication_pam", mysql.Elsewhere), missing: "authentication_pam"},
		"a routine of root that names production": {
			edit:  steals(mysql.Definer{Kind: mysql.Procedure, Database: "shop_stg", Object: "p", Definer: root, Databases: []string{"shop_prod"}}),
			rules: []string{mysql.BorrowsRights},
		},
		"a routine of root that names nothing": {edit: steals(mysql.Definer{Kind: mysql.Procedure, Database: "shop_stg", Object: "p", Definer: root, Databases: []string{}})},
		"the same, beside routines that staging may make": {edit: func(s *mysql.Snapshot) {
			steals(mysql.Definer{Kind: mysql.Procedure, Database: "shop_stg", Object: "p", Definer: root, Databases: []string{}})(s)
			grant(on(name("stg"), `shop\_stg`, "CREATE ROUTINE"))(s)
		}, missing: "put a routine of its own"},
		"a routine of root whose text was not read":   {edit: steals(mysql.Definer{Kind: mysql.Procedure, Database: "shop_stg", Object: "p", Definer: root}), missing: "Procedure/shop_stg/p"},
		"a routine of nobody whose text was not read": {edit: steals(mysql.Definer{Kind: mysql.Procedure, Database: "shop_stg", Object: "p", Definer: name("gone")})},
		"a routine of an account that may run one of root's, whose text was not read": {edit: func(s *mysql.Snapshot) {
			steals(mysql.Definer{Kind: mysql.Procedure, Database: "shop_stg", Object: "p", Definer: name("middle")})(s)
			s.Grants = append(s.Grants, on(name("middle"), "other", "EXECUTE"))
			s.Definers = append(s.Definers, mysql.Definer{Kind: mysql.Procedure, Database: "other", Object: "q", Definer: root, Databases: []string{"shop_prod"}})
		}, missing: "Procedure/shop_stg/p"},
		"the same, whose text names only its own database": {edit: func(s *mysql.Snapshot) {
			steals(mysql.Definer{Kind: mysql.Procedure, Database: "shop_stg", Object: "p", Definer: name("middle"), Databases: []string{}})(s)
			s.Grants = append(s.Grants, on(name("middle"), "other", "EXECUTE"))
			s.Definers = append(s.Definers, mysql.Definer{Kind: mysql.Procedure, Database: "other", Object: "q", Definer: root, Databases: []string{"shop_prod"}})
		}},
		"the same, whose text names the other": {edit: func(s *mysql.Snapshot) {
			steals(mysql.Definer{Kind: mysql.Procedure, Database: "shop_stg", Object: "p", Definer: name("middle"), Databases: []string{"other"}})(s)
			s.Grants = append(s.Grants, on(name("middle"), "other", "EXECUTE"))
			s.Definers = append(s.Definers, mysql.Definer{Kind: mysql.Procedure, Database: "other", Object: "q", Definer: root, Databases: []string{"shop_prod"}})
		}, rules: []string{mysql.BorrowsRights}},
		"a routine in another case than its grant": {edit: func(s *mysql.Snapshot) {
			grant(mysql.Grant{To: name("stg"), Level: mysql.OnProcedure, Database: "shop_stg", Object: "STEAL", Privileges: []string{"EXECUTE"}})(s)
			s.Definers = append(s.Definers, mysql.Definer{Kind: mysql.Procedure, Database: "shop_stg", Object: "steal", Definer: root, Databases: []string{"shop_prod"}})
		}, rules: []string{mysql.BorrowsRights}},
		"a view in another case than its grant, where case matters": {edit: func(s *mysql.Snapshot) {
			grant(mysql.Grant{To: name("stg"), Level: mysql.OnTable, Database: "shop_stg", Object: "V", Privileges: []string{"SELECT"}})(s)
			s.Grants = slices.DeleteFunc(s.Grants, func(g mysql.Grant) bool { return g.To == name("stg") && g.Level == mysql.OnDatabase })
			s.Definers = append(s.Definers, mysql.Definer{Kind: mysql.View, Database: "shop_stg", Object: "v", Definer: root, Databases: []string{"shop_prod"}})
		}},
		"the same, where it does not": {edit: func(s *mysql.Snapshot) {
			s.Server.LowerCaseTableNames = 1
			grant(mysql.Grant{To: name("stg"), Level: mysql.OnTable, Database: "shop_stg", Object: "V", Privileges: []string{"SELECT"}})(s)
			s.Grants = slices.DeleteFunc(s.Grants, func(g mysql.Grant) bool { return g.To == name("stg") && g.Level == mysql.OnDatabase })
			s.Definers = append(s.Definers, mysql.Definer{Kind: mysql.View, Database: "shop_stg", Object: "v", Definer: root, Databases: []string{"shop_prod"}})
		}, rules: []string{mysql.BorrowsRights}},
		"a routine of root that calls one of its caller's, which names production": {edit: func(s *mysql.Snapshot) {
			steals(mysql.Definer{Kind: mysql.Procedure, Database: "shop_stg", Object: "p", Definer: root, Databases: []string{}})(s)
			grant(server(root, "EXECUTE"))(s)
			s.Definers = append(s.Definers, mysql.Definer{Kind: mysql.Procedure, Database: "shop_stg", Object: "q", Invoker: true, Databases: []string{"shop_prod"}})
		}, rules: []string{mysql.BorrowsRights}},
		"the same, whose text was not read": {edit: func(s *mysql.Snapshot) {
			steals(mysql.Definer{Kind: mysql.Procedure, Database: "shop_stg", Object: "p", Definer: root, Databases: []string{}})(s)
			grant(server(root, "EXECUTE"))(s)
			s.Definers = append(s.Definers, mysql.Definer{Kind: mysql.Procedure, Database: "shop_stg", Object: "q", Invoker: true})
		}, missing: "Procedure/shop_stg/q"},
		"a routine with the rights of its caller, which is staging": {edit: steals(mysql.Definer{Kind: mysql.Procedure, Database: "shop_stg", Object: "q", Invoker: true, Databases: []string{"shop_prod"}})},
		"the same, where staging may read production itself": {edit: func(s *mysql.Snapshot) {
			steals(mysql.Definer{Kind: mysql.Procedure, Database: "shop_stg", Object: "q", Invoker: true, Databases: []string{"shop_prod"}})(s)
			grant(on(name("stg"), `shop\_prod`, "SELECT"))(s)
		}, rules: []string{mysql.Reads}},
		"a grant that writes the server's time zones": {edit: grant(mysql.Grant{To: name("stg"), Level: mysql.OnTable, Database: "mysql", Object: "time_zone_name", Privileges: []string{"INSERT"}}), rules: []string{mysql.Changes}},
		"staging that is a role alone": {edit: func(s *mysql.Snapshot) {
			s.Server.Product = mysql.MariaDB
			s.Accounts[1].Role, s.Accounts[1].Login = true, mysql.NoPassword
		}, missing: `user "stg"`},
		"a view of production's that staging may select from": {edit: func(s *mysql.Snapshot) {
			grant(mysql.Grant{To: name("stg"), Level: mysql.OnTable, Database: "shop_prod", Object: "v", Privileges: []string{"SELECT"}})(s)
			s.Definers = append(s.Definers, mysql.Definer{Kind: mysql.View, Database: "shop_prod", Object: "v", Definer: root, Databases: []string{}})
		}, rules: []string{mysql.BorrowsRights, mysql.Reads}},
		"PROXY on an administrator, that the server maps": {edit: func(s *mysql.Snapshot) {
			s.Server.ProxyPlugins = []string{"caching_sha2_password"}
			s.Proxies = append(s.Proxies, mysql.Proxy{Account: name("stg"), Proxied: root})
		}, rules: []string{mysql.Administers, mysql.Reads, mysql.Watches}},
		"PROXY on an administrator with one of two plugins that nobody knows": {edit: func(s *mysql.Snapshot) {
			s.Accounts[1].Plugins = append(s.Accounts[1].Plugins, "pam")
			s.Proxies = append(s.Proxies, mysql.Proxy{Account: name("stg"), Proxied: root})
		}, missing: "pam"},
		"PROXY on somebody who has nothing of production's": {edit: func(s *mysql.Snapshot) {
			s.Server.ProxyPlugins = []string{"caching_sha2_password"}
			s.Accounts = append(s.Accounts, account(name("other")))
			s.Proxies = append(s.Proxies, mysql.Proxy{Account: name("stg"), Proxied: name("other")})
		}},
		"a routine that it may not run": {edit: func(s *mysql.Snapshot) {
			s.Definers = append(s.Definers, mysql.Definer{Kind: mysql.Procedure, Database: "shop_stg", Object: "p", Definer: root, Databases: []string{"shop_prod"}})
		}},
		"no account of staging":      {edit: func(s *mysql.Snapshot) { s.Accounts = s.Accounts[:1] }, missing: `user "stg"`},
		"no database of production":  {edit: func(s *mysql.Snapshot) { s.Databases = []string{"mysql"} }, missing: `database "shop_prod"`},
		"no list of databases":       {edit: func(s *mysql.Snapshot) { s.Databases = nil }, missing: "databases"},
		"no list of accounts":        {edit: func(s *mysql.Snapshot) { s.Accounts = nil }, missing: "accounts"},
		"no list of grants":          {edit: func(s *mysql.Snapshot) { s.Grants = nil }, missing: "grants"},
		"no list of roles":           {edit: func(s *mysql.Snapshot) { s.Roles = nil }, missing: "roles"},
		"no list of proxies":         {edit: func(s *mysql.Snapshot) { s.Proxies = nil }, missing: "PROXY"},
		"no list of definers":        {edit: func(s *mysql.Snapshot) { s.Definers = nil }, missing: "definers"},
		"no list of mandatory roles": {edit: func(s *mysql.Snapshot) { s.Server.MandatoryRoles = nil }, missing: "mandatoryRoles"},
		"a circle of roles": {edit: func(s *mysql.Snapshot) {
			s.Roles = append(s.Roles, mysql.Membership{Role: name("a"), Member: name("stg")}, mysql.Membership{Role: name("b"), Member: name("a")}, mysql.Membership{Role: name("a"), Member: name("b")})
		}},
	} {
		t.Run(sentence, func(t *testing.T) {
			proof, err := with(tt.edit).NoAccess(question())
			if err != nil {
				t.Fatal(err)
			}
			var rules []string
			for _, b := range proof.Breaches {
				rules = append(rules, b.Rule)
				if b.Change.Text == "" || len(b.Path) == 0 {
					t.Errorf("no change or no path: %+v", b)
				}
			}
			if !slices.Equal(rules, tt.rules) {
				t.Errorf("found %q, want %q: %+v", rules, tt.rules, proof)
			}
			want := bulkhead.Sealed
			switch {
			case tt.rules != nil:
				want = bulkhead.Breached
			case tt.missing != "":
				want = bulkhead.Undetermined
			}
			if proof.Verdict != want || !strings.Contains(strings.Join(proof.Missing, "\n"), tt.missing) || (tt.missing == "") != (len(proof.Missing) == 0) {
				t.Errorf("%s, missing %q; want %s, missing %q", proof.Verdict, proof.Missing, want, tt.missing)
			}
		})
	}
}

// What a breach proposes does not take from production what is its own.
func TestChangesSpareProduction(t *testing.T) {
	for sentence, tt := range map[string]struct {
		edit func(*mysql.Snapshot)
		want string
	}{
		"a view of production's": {func(s *mysql.Snapshot) {
			grant(on(name("stg"), `shop\_prod`, "SELECT"))(s)
			s.Definers = append(s.Definers, mysql.Definer{Kind: mysql.View, Database: "shop_prod", Object: "v", Definer: name("prod"), Databases: []string{}})
		}, "REVOKE SELECT ON `shop\\_prod`.* FROM `stg`@`%`"},
		"an account of production without a password": {func(s *mysql.Snapshot) { s.Accounts[0].Login = mysql.NoPassword }, "give `prod`@`%` a password"},
	} {
		t.Run(sentence, func(t *testing.T) {
			proof, err := with(tt.edit).NoAccess(question())
			if err != nil || len(proof.Breaches) < 2 {
				t.Fatalf("%+v, %v", proof, err)
			}
			for _, b := range proof.Breaches {
				if !strings.HasPrefix(b.Change.Text, tt.want) {
					t.Errorf("%s proposes %s, want %s", b.Rule, b.Change.Text, tt.want)
				}
			}
		})
	}
}

func TestNoAccessRefusesQuestions(t *testing.T) {
	for sentence, tt := range map[string]struct {
		snapshot *mysql.Snapshot
		question mysql.Boundary
		fields   []string
	}{
		"nothing at all":       {&mysql.Snapshot{}, mysql.Boundary{}, []string{"snapshot.kind", "snapshot.server.product", "from", "away"}},
		"a user on both sides": {tight(), mysql.Boundary{From: []string{"stg"}, Away: mysql.Side{Users: []string{"prod", "stg"}}}, []string{"away.users[1]"}},
		"names that no server has": {
			tight(),
			mysql.Boundary{From: []string{"", strings.Repeat("s", 33)}, Away: mysql.Side{Databases: []string{"a\x00b", "a ", "\xff", "😀", strings.Repeat("d", 65)}}},
			[]string{"from[0]", "from[1]", "away.databases[0]", "away.databases[1]", "away.databases[2]", "away.databases[3]", "away.databases[4]"},
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			for ask, err := range map[string]error{
				"NoAccess": second(tt.snapshot.NoAccess(tt.question)), "Lint": second(tt.snapshot.Lint(tt.question)),
			} {
				if got := fields(err); !slices.Equal(got, tt.fields) {
					t.Errorf("%s refused %q, want %q", ask, got, tt.fields)
				}
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }

func fields(err error) []string {
	var wrong *bulkhead.InvalidError
	if !errors.As(err, &wrong) {
		return nil
	}
	var out []string
	for _, e := range wrong.Errs {
		out = append(out, e.Field)
	}
	return out
}
