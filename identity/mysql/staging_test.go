// SPDX-License-Identifier: Apache-2.0

package mysql_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/mysql"
)

// bare is a server before staging comes.
func bare() *mysql.Snapshot {
	return with(func(s *mysql.Snapshot) {
		s.Databases, s.Accounts, s.Grants = s.Databases[:2], slices.Delete(s.Accounts, 1, 2), slices.Delete(s.Grants, 1, 2)
	})
}

func wanted() mysql.Staging {
	return mysql.Staging{
		Database: "shop_stg",
		Users:    []mysql.User{{Name: name("stg"), Privileges: mysql.ReadWrite(), Credential: bulkhead.Must(mysql.CachingSHA2("secret")), MaxUserConnections: 5}},
		Away:     question().Away,
	}
}

func TestRecipeIsTight(t *testing.T) {
	for sentence, tt := range map[string]struct {
		edit func(*mysql.Snapshot)
		want string // a part of the statements

		database string // empty is that of all
		rest     []string
	}{
		"wildcards are escaped":                      {edit: func(*mysql.Snapshot) {}, want: "GRANT DELETE, INSERT, SELECT, UPDATE ON `shop\\_stg`.* TO `stg`@`%`"},
		"but where they are literal":                 {edit: func(s *mysql.Snapshot) { s.Server.PartialRevokes = true }, want: "ON `shop_stg`.* TO `stg`@`%`"},
		"in small letters, as the server has it":     {edit: func(s *mysql.Snapshot) { s.Server.LowerCaseTableNames = 1 }, database: "Shop_Stg", want: "ON `shop\\_stg`.* TO `stg`@`%`"},
		"TLS and a limit":                            {edit: func(*mysql.Snapshot) {}, want: "REQUIRE SSL WITH MAX_USER_CONNECTIONS 5"},
		"an anonymous account that takes the logins": {edit: func(s *mysql.Snapshot) { s.Accounts = append(s.Accounts, account(mysql.Name{Host: "localhost"})) }, want: "CREATE DATABASE", rest: []string{mysql.Shadowed}},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := bare()
			tt.edit(s)
			st := wanted()
			st.Database = cmp.Or(tt.database, st.Database)
			made, err := s.Recipe(st)
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, statement := range made.Statements {
				all = append(all, statement.String())
				if statement.Changes == "" || statement.Done == "" {
					t.Errorf("%s: does not say what it changes, or when it is done", statement)
				}
			}
			if !strings.Contains(strings.Join(all, "\n"), tt.want) {
				t.Errorf("%q is not in\n%s", tt.want, strings.Join(all, "\n"))
			}
			for _, rule := range tt.rest {
				if !slices.ContainsFunc(made.Findings, func(f bulkhead.Finding) bool { return f.Rule == rule }) {
					t.Errorf("%s is not among %v", rule, made.Findings)
				}
			}
		})
	}
}

// What was open before, and the recipe cannot close, is in its proof.
func TestRecipeSaysWhatItLeavesOpen(t *testing.T) {
	s := bare()
	s.Server.MandatoryRoles = []mysql.Name{name("readers")}
	s.Grants = append(s.Grants, on(name("readers"), "shop%", "SELECT"))
	made, err := s.Recipe(wanted())
	if err != nil {
		t.Fatal(err)
	}
	if made.Proof.Verdict != bulkhead.Breached || made.Proof.Breaches[0].Change.Text != "SET PERSIST mandatory_roles = ''" {
		t.Errorf("got %+v", made.Proof)
	}
}

func TestRecipeTakesTheRoleOfCloudSQLAway(t *testing.T) {
	s := with(func(s *mysql.Snapshot) {
		s.Databases, s.Grants = s.Databases[:2], slices.Delete(s.Grants, 1, 2)
		s.Roles = append(s.Roles, mysql.Membership{Role: name("cloudsqlsuperuser"), Member: name("stg")})
		s.Grants = append(s.Grants, server(name("cloudsqlsuperuser"), "CREATE USER"))
	})
	st := wanted()
	st.Users[0].Credential = mysql.Credential{}
	made, err := s.Recipe(st)
	if err != nil {
		t.Fatal(err)
	}
	if made.Statements[1].Text != "REVOKE `cloudsqlsuperuser`@`%` FROM `stg`@`%`" || made.Proof.Verdict != bulkhead.Sealed {
		t.Errorf("got %v, %+v", made.Statements, made.Proof)
	}
}

func TestRecipeRefuses(t *testing.T) {
	for sentence, tt := range map[string]struct {
		snapshot *mysql.Snapshot
		edit     func(*mysql.Staging)
		fields   []string
	}{
		"nothing":       {bare(), func(st *mysql.Staging) { *st = mysql.Staging{} }, []string{"database", "users"}},
		"no production": {bare(), func(st *mysql.Staging) { st.Away = mysql.Side{} }, []string{"away"}},
		"a user of nothing": {bare(), func(st *mysql.Staging) { st.Users[0] = mysql.User{} }, []string{
			"users[0].credential", "users[0].maxUserConnections", "users[0].name.host", "users[0].name.user", "users[0].privileges",
		}},
		"privileges that staging does not get": {bare(), func(st *mysql.Staging) { st.Users[0].Privileges = []string{"SELECT", "FILE", "GRANT OPTION", "ALL"} }, []string{
			"users[0].privileges[1]", "users[0].privileges[2]", "users[0].privileges[3]",
		}},
		"the database of production":       {bare(), func(st *mysql.Staging) { st.Database = "shop_prod" }, []string{"database"}},
		"the database of the server":       {bare(), func(st *mysql.Staging) { st.Database = "MySQL" }, []string{"database"}},
		"the user of production":           {bare(), func(st *mysql.Staging) { st.Users[0].Name.User = "prod" }, []string{"users[0].name", "users[0].name.user"}},
		"a database of somebody else":      {with(func(s *mysql.Snapshot) { s.Databases = append(s.Databases, "shop_other") }), func(st *mysql.Staging) { st.Database = "shop_other"; st.Users[0].Name.User = "new" }, []string{"database"}},
		"an account that has more":         {tight(), func(st *mysql.Staging) { st.Users[0].Privileges = []string{"SELECT"} }, []string{"users[0].name"}},
		"an account that is not there":     {bare(), func(st *mysql.Staging) { st.Users[0].Credential = mysql.Credential{} }, []string{"users[0].credential"}},
		"a plugin of the other product":    {with(func(s *mysql.Snapshot) { s.Server.Product = mysql.MariaDB }), func(*mysql.Staging) {}, []string{"users[0].credential"}},
		"a host with capitals":             {bare(), func(st *mysql.Staging) { st.Users[0].Name.Host = "App.example.com" }, []string{"users[0].name.host"}},
		"two users of one name":            {bare(), func(st *mysql.Staging) { st.Users = append(st.Users, st.Users[0]) }, []string{"users[1].name"}},
		"a name too long with its escapes": {bare(), func(st *mysql.Staging) { st.Database = strings.Repeat("a_", 30) }, []string{"database"}},
		"lists that were not read": {&mysql.Snapshot{Kind: mysql.SnapshotKind, Server: mysql.Server{Product: mysql.MySQL}}, func(*mysql.Staging) {}, []string{
			"snapshot.accounts", "snapshot.databases", "snapshot.grants", "snapshot.roles",
		}},
	} {
		t.Run(sentence, func(t *testing.T) {
			st := wanted()
			tt.edit(&st)
			_, err := tt.snapshot.Recipe(st)
			if got := fields(err); !slices.Equal(got, tt.fields) {
				t.Errorf("refused %q, want %q: %v", got, tt.fields, err)
			}
		})
	}
}

// What openssl passwd -5 -salt saltstring 'Hello world!' prints. That MySQL takes the
// hashes of a salt of 20 bytes, package live tests.
func TestSHA256Crypt(t *testing.T) {
	if got := mysql.SHA256Crypt("Hello world!", []byte("saltstring")); got != "5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5" {
		t.Errorf("got %s", got)
	}
}

// Neither a password nor its hash comes out of a credential or of what is made of it.
func TestCredentialsAreNotPrinted(t *testing.T) {
	const hash = "*14E65567ABDB5135D0CFD9A70B3032C179A49EE7" // of "secret", by mysql_native_password
	for sentence, credential := range map[string]mysql.Credential{
		"made here": bulkhead.Must(mysql.NativePassword("secret")), "made elsewhere": bulkhead.Must(mysql.Hashed("mysql_native_password", hash)),
	} {
		st := wanted()
		st.Users[0].Credential = credential
		s := bare()
		s.Server.Product = mysql.MariaDB
		made, err := s.Recipe(st)
		if err != nil {
			t.Fatal(err)
		}
		text := string(bulkhead.Must(json.Marshal([]any{st, made})))
		for _, printed := range []string{text, fmt.Sprintf("%v %+v %#v", credential, credential, credential), fmt.Sprintf("%v %+v %#v", st, st, made.Statements)} {
			if strings.Contains(printed, hash[2:]) || strings.Contains(printed, "secret'") {
				t.Errorf("%s: printed %s", sentence, printed)
			}
		}
	}
}

func TestCredentialsRefuse(t *testing.T) {
	for sentence, err := range map[string]error{
		"no password":             second(mysql.CachingSHA2("")),
		"no password of MariaDB":  second(mysql.NativePassword("")),
		"a password with NUL":     second(mysql.CachingSHA2("a\x00b")),
		"a password of 257 bytes": second(mysql.NativePassword(strings.Repeat("a", 257))),
		"no hash":                 second(mysql.Hashed("ed25519", "")),
		"a hash with a quote":     second(mysql.Hashed("ed25519", "a' OR '1")),
		"a plugin with a blank":   second(mysql.Hashed("ed25519 AS", "a")),
		"no plugin":               second(mysql.Hashed("", "a")),
	} {
		if err == nil {
			t.Errorf("%s: no error", sentence)
		}
	}
}
