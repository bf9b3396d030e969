// SPDX-License-Identifier: Apache-2.0

package dbtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// An installation is a server's program, on the machine or below a folder that is the
// program's root.
type installation struct {
	root    string // "/", or a folder of its own
	program string // as seen from root
}

// find returns the installations whose program a pattern matches: the machine's first.
// A second name of the same file is left out, as mysqld is where there is MariaDB.
func find(patterns ...string) []installation {
	var out []installation
	seen := make(map[string]bool)
	for _, root := range []string{"/", unpacked()} {
		if root == "" || root != "/" && os.Geteuid() != 0 {
			continue // only root may change its root
		}
		for _, pattern := range patterns {
			// The pattern is well formed, which is all that Glob complains of.
			found, _ := filepath.Glob(filepath.Join(root, pattern))
			for _, path := range found {
				if file, err := filepath.EvalSymlinks(path); err == nil && !seen[file] {
					seen[file] = true
					out = append(out, installation{root: root, program: "/" + strings.TrimPrefix(path[len(root):], "/")})
				}
			}
		}
	}
	return out
}

// unpacked is the folder that the script install unpacks newer servers to.
func unpacked() string {
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(cache, "watertight", "databases")
}

// command returns a program of the installation's folder, run by nobody if we are root.
func (i installation) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC", "HOME=/tmp"}
	cmd.Dir = "/"
	confine(cmd, i.root)
	return cmd
}

// folder makes a folder that the server may write to, and returns its path as the
// server sees it. It is not below that of the test, which nobody but its owner enters.
func (i installation) folder(t testing.TB) string {
	t.Helper()
	path, err := os.MkdirTemp(filepath.Join(i.root, "tmp"), "watertight-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(path); err != nil {
			t.Errorf("removing the server's folder: %v", err)
		}
	})
	if os.Geteuid() == 0 {
		if err := os.Chown(path, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	return "/tmp/" + filepath.Base(path)
}

// outside is the path of a file of the server's, as the test sees it.
func (i installation) outside(path string) string { return filepath.Join(i.root, path) }

// version returns the server's name and version, from what the program says of itself.
func (i installation) version(t testing.TB) string {
	t.Helper()
	out, err := i.command(i.program, "--version").Output()
	if err != nil {
		t.Fatalf("%s --version: %v", i.program, err)
	}
	said := string(out)
	number := regexp.MustCompile(`[0-9]+(\.[0-9]+)+`).FindString(said)
	for _, name := range []string{"PostgreSQL", "MariaDB", "Redis", "Valkey"} {
		if strings.Contains(said, name) {
			return name + " " + number
		}
	}
	return "MySQL " + number
}
