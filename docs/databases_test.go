// SPDX-License-Identifier: Apache-2.0

package docs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/postgres"
)

// check returns an error unless the snapshot in a file proves that staging is shut out.
func check(name string, boundary postgres.Boundary) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	snapshot, err := postgres.ReadSnapshot(name, file)
	if err != nil {
		return err // names the file, and the place in it
	}
	proof, err := snapshot.NoAccess(boundary)
	if err != nil {
		return err // a mistake in the question
	}
	if proof.Verdict != bulkhead.Sealed { // Undetermined is no pass
		return fmt.Errorf("%s: %s", name, proof)
	}
	return nil
}

// TestDatabasesShowsTheCheck keeps the function of databases.md identical to the one here.
func TestDatabasesShowsTheCheck(t *testing.T) {
	between := func(name, before, after string) string {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(text), before)
		code, _, ok := strings.Cut(rest, after)
		if !ok {
			t.Fatalf("%s has no such function", name)
		}
		return code
	}
	shown, here := between("databases.md", "// check returns", "\n}\n"), between("databases_test.go", "// check returns", "\n}\n")
	if shown != here {
		t.Errorf("databases.md shows\n%s\nand this is\n%s", shown, here)
	}
}

func TestTheCheckOfDatabasesPassesOnlyWhatIsSealed(t *testing.T) {
	server := func(grants ...postgres.Grant) string {
		path, no := "pg_catalog", false
		s := postgres.Snapshot{
			Kind: postgres.SnapshotKind, Version: 180006, SearchPath: &path, LargeObjectCompat: &no,
			Roles: []postgres.Role{{Name: "owner", ConnectionLimit: -1}, {Name: "stg", Login: true, ConnectionLimit: 5}},
			Databases: []postgres.Database{
				{Name: "prod", Owner: "owner", AllowConnections: true, ConnectionLimit: -1, Grants: grants, Contents: &postgres.Contents{}},
			},
		}
		var out strings.Builder
		if err := s.Write(&out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	boundary := postgres.Boundary{From: []string{"stg"}, Away: postgres.Production{Roles: []string{"owner"}, Databases: []string{"prod"}}}
	typo := postgres.Boundary{From: []string{"stage"}, Away: boundary.Away}
	for sentence, tt := range map[string]struct {
		text     string
		boundary postgres.Boundary
		want     string
	}{
		"staging that is shut out passes":   {server(), boundary, ""},
		"a leak is named":                   {server(postgres.Grant{Grantee: "stg", Grantor: "owner", Privileges: []string{"CONNECT"}}), boundary, "CONNECT"},
		"a file that is cut off is refused": {server()[:200], boundary, "server.json"},
		"a name that is misspelled is too":  {server(), typo, `"stage"`},
		"a side that is empty is too":       {server(), postgres.Boundary{}, "from"},
	} {
		t.Run(sentence, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "server.json")
			if err := os.WriteFile(name, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			err := check(name, tt.boundary)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}
