// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	goredis "github.com/redis/go-redis/v9"

	"github.com/watertight-go/watertight/identity/redis"
	"github.com/watertight-go/watertight/internal/dbtest"
)

var update = flag.Bool("update", false, "rewrite the snapshots of the servers")

// TestStoredSnapshotsAreThoseOfTheServers is about the snapshots that the tests of
// package redis start from: fresh servers, one a version.
func TestStoredSnapshotsAreThoseOfTheServers(t *testing.T) {
	eachServer(t, func(t *testing.T, s dbtest.Server, client *goredis.Client) {
		path := filepath.Join("..", "testdata", strings.ToLower(strings.ReplaceAll(s.Version, " ", "-"))+".json")
		now := snapshot(t, client)
		now.Connections = map[string]int{} // the one that waited for the server may still be there
		if *update {
			text, err := json.Marshal(now)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, bytes.ReplaceAll(append(text, '\n'), []byte(`},{"name"`), []byte("},\n{\"name\"")), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		file, err := os.Open(path)
		if os.IsNotExist(err) {
			t.Skip("none is stored of this version, which is newer than those that package redis is tested with")
		}
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = file.Close() }()
		stored, err := redis.ReadSnapshot(path, file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(stored, now); diff != "" {
			t.Errorf("the server has changed (-stored +now):\n%s", diff)
		}
	})
}
