// SPDX-License-Identifier: Apache-2.0

package postgres_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/postgres"
)

func text(t interface{ Fatal(...any) }, s *postgres.Snapshot) string {
	var b strings.Builder
	if err := s.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSnapshotsSurvive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snapshots().Draw(t, "snapshot")
		for i := range s.Memberships {
			s.Memberships[i].Grantor = "postgres"
		}
		written := text(t, s)
		read, err := postgres.ReadSnapshot("s.json", strings.NewReader(written))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(written, text(t, read)); diff != "" {
			t.Fatalf("written again:\n%s", diff)
		}
	})
}

func TestReadSnapshotRefuses(t *testing.T) {
	valid := text(t, naive())
	for name, tt := range map[string]struct{ old, new, want string }{
		"another kind":                     {postgres.SnapshotKind, "MySQLSnapshot/v1", "kind"},
		"a snapshot of MySQL":              {`"kind": "PostgreSQLSnapshot/v1"`, `"kind": "MySQLSnapshot/v1", "server": {}`, "kind: want"},
		"a key that nobody knows":          {`"roles":`, `"rolls": [], "roles":`, "rolls: is no key"},
		"a key that is there twice":        {`"roles":`, `"roles": [], "roles":`, "roles: is there twice"},
		"a key in other letters":           {`"settings": []`, `"Settings": []`, "Settings: is no key"},
		"a list that is not there":         {` "settings": [],`, "", "settings: is missing"},
		"a flag that is not there":         {`"superuser": true,`, "", "superuser: is missing"},
		"a list that is null":              {`"settings": []`, `"settings": null`, "settings: is not there"},
		"a version that is none":           {"180006", "18", "version: 18"},
		"a number where a name is":         {`"name": "prod_app"`, `"name": 7`, "roles[1].name: is no text"},
		"a role that is there twice":       {`"name": "prod_app"`, `"name": "stg_app"`, `roles[2].name: "stg_app" is there twice`},
		"a role named public":              {`"name": "prod_app"`, `"name": "public"`, "a role named public"},
		"a name that is too long":          {`"name": "prod_app"`, `"name": "` + strings.Repeat("a", 64) + `"`, "roles[1].name: 64 bytes"},
		"an empty name":                    {`"name": "prod_app"`, `"name": ""`, "roles[1].name: a name is needed"},
		"a NUL":                            {`"name": "prod_app"`, `"name": "a\u0000b"`, "roles[1].name"},
		"an owner that is no role":         {`"owner": "postgres"`, `"owner": "ghost"`, `databases[0].owner: "ghost" is none of the roles`},
		"a grantee that is no role":        {`"grantee": "public"`, `"grantee": "PUBLIC"`, "databases[0].grants[1].grantee"},
		"a privilege that is SQL":          {`"TEMPORARY"`, `"TEMPORARY; DROP"`, "is no privilege"},
		"a value of a setting that may be": {`"settings": []`, `"settings": [{"role": "", "database": "", "name": "app.jwt", "value": "x"}]`, "settings[0].value"},
		"half a document":                  {"}\n", "", "unexpected EOF"},
		"two documents":                    {"}\n", "}{}", "something behind"},
	} {
		t.Run(name, func(t *testing.T) {
			broken := strings.Replace(valid, tt.old, tt.new, 1)
			if tt.old == "}\n" {
				broken = strings.TrimSuffix(valid, tt.old) + tt.new
			}
			_, err := postgres.ReadSnapshot("s.json", strings.NewReader(broken))
			var wrong *identity.DocumentError
			if !errors.As(err, &wrong) || wrong.Document != "s.json" || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestReadSnapshotOfTooMuch(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 64 MiB")
	}
	_, err := postgres.ReadSnapshot("s.json", strings.NewReader(strings.Repeat(" ", 64<<20+1)))
	var wrong *identity.DocumentError
	if !errors.As(err, &wrong) || !strings.Contains(err.Error(), "more than 67108864 bytes") {
		t.Errorf("error %v", err)
	}
}

// Whatever is read, it is judged or refused, and does not panic.
func FuzzReadSnapshot(f *testing.F) {
	f.Add(text(f, naive()))
	f.Add(`{"kind": "PostgreSQLSnapshot/v1"}`)
	f.Fuzz(func(t *testing.T, document string) {
		s, err := postgres.ReadSnapshot("s.json", strings.NewReader(document))
		if err != nil {
			return
		}
		b := postgres.Boundary{}
		for i, r := range s.Roles {
			if i%2 == 0 {
				b.From = append(b.From, r.Name)
			} else {
				b.Away.Roles = append(b.Away.Roles, r.Name)
			}
		}
		for _, d := range s.Databases {
			b.Away.Databases = append(b.Away.Databases, d.Name)
		}
		_, _ = s.NoAccess(b)
		_, _ = s.SeparateDatabase(postgres.Plan{Owner: "o", Users: []postgres.User{{Name: "u", Connections: 1}}, Database: "d", Connections: 1, Schema: "s", Away: b.Away})
		written := text(t, s)
		if again, err := postgres.ReadSnapshot("s.json", strings.NewReader(written)); err != nil || text(t, again) != written {
			t.Errorf("does not survive: %v", err)
		}
	})
}
