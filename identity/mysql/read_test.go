// SPDX-License-Identifier: Apache-2.0

package mysql_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/mysql"
)

func written(t interface{ Fatal(...any) }, s *mysql.Snapshot) []byte {
	var b bytes.Buffer
	if err := s.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestEqualSnapshotsGiveEqualBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snapshots().Draw(t, "snapshot")
		other := *s
		other.Accounts = rapid.Permutation(s.Accounts).Draw(t, "accounts")
		other.Databases = rapid.Permutation(s.Databases).Draw(t, "databases")
		if diff := cmp.Diff(string(written(t, s.Sorted())), string(written(t, &other))); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestSnapshotsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := snapshots().Draw(t, "snapshot")
		if rapid.Bool().Draw(t, "unread") {
			want.Roles, want.Definers = nil, nil
		}
		seen := make(map[mysql.Name]bool)
		for _, a := range want.Accounts {
			if seen[a.Name] {
				return // refused
			}
			seen[a.Name] = true
		}
		got, err := mysql.ReadSnapshot("s.json", bytes.NewReader(written(t, want)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Sorted(), got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestReadSnapshotNamesTheFirstMistake(t *testing.T) {
	whole := string(bulkhead.Must(json.Marshal(with(func(s *mysql.Snapshot) {
		s.Definers = append(s.Definers, mysql.Definer{Kind: mysql.View, Database: "d", Object: "v", Databases: []string{}})
		s.Roles = append(s.Roles, mysql.Membership{})
		s.Proxies = append(s.Proxies, mysql.Proxy{})
		s.Accounts[1].Restrictions = []mysql.Restriction{{Database: "d", Privileges: []string{"SELECT"}}}
	}))))
	if _, err := mysql.ReadSnapshot("s.json", strings.NewReader(whole)); err != nil {
		t.Fatal(err)
	}
	for sentence, tt := range map[string]struct{ before, after, place string }{
		"another kind":              {`"kind":"MySQLSnapshot/v1"`, `"kind":"MySQLSnapshot/v9"`, "kind"},
		"a snapshot of PostgreSQL":  {`"kind":"MySQLSnapshot/v1","server":{`, `"kind":"PostgreSQLSnapshot/v1","version":{`, "kind"},
		"a key that is missing":     {`"databases":["mysql","shop_prod","shop_stg"],`, ``, "databases"},
		"a key that is not known":   {`"kind":`, `"more":1,"kind":`, "more"},
		"a key in another case":     {`"partialRevokes":false`, `"partialrevokes":false`, "server.partialrevokes"},
		"a key that is there twice": {`"partialRevokes":false`, `"partialRevokes":false,"partialRevokes":true`, "server.partialRevokes"},
		"a number that is text":     {`"maxUserConnections":5`, `"maxUserConnections":"5"`, "accounts[0].maxUserConnections"},
		"a number below 0":          {`"maxUserConnections":5`, `"maxUserConnections":-5`, "accounts[0].maxUserConnections"},
		"a number in a list":        {`"maxUserConnections":5`, `"maxUserConnections":[5]`, "accounts[0].maxUserConnections"},
		"a fraction":                {`"lowerCaseTableNames":0`, `"lowerCaseTableNames":0.5`, "server.lowerCaseTableNames"},
		"a flag that is null":       {`"locked":false`, `"locked":null`, "accounts[0].locked"},
		"a text that is a number":   {`"user":"prod"`, `"user":5`, "accounts[0].user"},
		"another login":             {`"login":"password"`, `"login":"hash"`, "accounts[0].login"},
		"an account twice":          {`"user":"stg"`, `"user":"prod"`, "accounts[1]"},
		"privileges that are null":  {`"privileges":["SELECT","INSERT"]`, `"privileges":null`, "grants[0].privileges"},
		"a list that is a text":     {`"roles":[`, `"roles":"x","more":[`, "roles"},
		"a name without a host":     {`"proxied":{"user":"","host":""}`, `"proxied":{"user":""}`, "proxies[0].proxied.host"},
		"a restriction of nothing":  {`{"database":"d","privileges":["SELECT"]}`, `{"database":"d"}`, "accounts[1].restrictions[0].privileges"},
		"a name that is too long":   {`"database":"d"`, `"database":"` + strings.Repeat("d", 1025) + `"`, "accounts[1].restrictions[0].database"},
		"another level":             {`"level":"database"`, `"level":"schema"`, "grants[0].level"},
		"another event":             {`"event":""`, `"event":"TRUNCATE"`, "definers[0].event"},
		"no object":                 {whole, `[]`, ""},
		"no document":               {whole, ``, ""},
		"two documents":             {whole, whole + whole, ""},
		"no JSON":                   {`{"kind"`, `{kind`, ""},
		"half a document":           {`"definers":[{`, `"definers":[{"`, "definers[0]"},
	} {
		t.Run(sentence, func(t *testing.T) {
			text := strings.Replace(whole, tt.before, tt.after, 1)
			if text == whole {
				t.Fatal("the case edits nothing")
			}
			_, err := mysql.ReadSnapshot("s.json", strings.NewReader(text))
			var wrong *identity.DocumentError
			if !errors.As(err, &wrong) || wrong.Document != "s.json" || !strings.HasPrefix(wrong.Place, tt.place) {
				t.Errorf("got %v, want a mistake at %q", err, tt.place)
			}
		})
	}
}

func FuzzReadSnapshot(f *testing.F) {
	f.Add(bulkhead.Must(json.Marshal(tight())))
	f.Add([]byte(`{"kind":"MySQLSnapshot/v1"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := mysql.ReadSnapshot("s.json", bytes.NewReader(data))
		if err != nil {
			if _, ok := errors.AsType[*identity.DocumentError](err); !ok {
				t.Fatalf("an error of another type: %v", err)
			}
			return
		}
		again, err := mysql.ReadSnapshot("s.json", bytes.NewReader(bulkhead.Must(json.Marshal(s))))
		if err != nil || !cmp.Equal(s, again) {
			t.Fatalf("does not read back: %v", err)
		}
		_, _ = s.NoAccess(question())
		_, _ = s.Lint(question())
	})
}
