// SPDX-License-Identifier: Apache-2.0

// Package engines builds other reachability engines as programs, from the module in
// the folder peers, which has dependencies that do not go with ours. They are asked
// through files: see that module's package cases.
//
// The programs lie in a folder under the user's cache directory, one for each state of
// their sources. [Build] makes them, and [Ready] does so only where tests must not skip.
package engines

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// The programs.
const (
	Cyclonus = "cyclonus"
	NPGuard  = "npguard"
)

// The files of the folder of a case; the answers of a peer are in its name and
// Suffix. They have the same names in the module of the peers.
const (
	Manifests = "cluster.yaml"
	Queries   = "queries.jsonl"
	Suffix    = ".txt"
)

// ErrNotBuilt says that the programs would have to be built first, which takes
// minutes and happens only where it was asked for.
var ErrNotBuilt = errors.New("the peers are not built: WATERTIGHT_REQUIRE_SERVERS=1 builds them, which takes minutes once")

// Ready returns the folder of the programs, and builds them where that is required.
func Ready(ctx context.Context) (string, error) {
	dir, err := folder(ctx)
	if err != nil {
		return "", err
	}
	if !built(dir) && !required() {
		return "", ErrNotBuilt
	}
	return Build(ctx)
}

// required reports whether tests fail where they would skip because a program has to
// be built first.
func required() bool {
	return os.Getenv("WATERTIGHT_REQUIRE_SERVERS") == "1" || os.Getenv("CI") == "true"
}

func built(dir string) bool {
	_, err := os.Stat(dir)
	return err == nil
}

// folder is one for these sources and this Go, so that what is in it never changes.
func folder(ctx context.Context) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	module, err := source(ctx)
	if err != nil {
		return "", err
	}
	sum, err := hash(module)
	if err != nil {
		return "", err
	}
	name := strings.Join([]string{"peers", sum, runtime.Version(), runtime.GOOS, runtime.GOARCH}, "-")
	return filepath.Join(cache, "watertight", name), nil
}

// hash is one of the names and the contents of all files below a folder.
func hash(folder string) (string, error) {
	sum := sha256.New()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(sum, "%s %d\n%s", name, len(data), data)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)[:6]), err
}

// Build builds the programs, if they are not there, and returns their folder. It has
// its name when it is whole.
func Build(ctx context.Context) (string, error) {
	dir, err := folder(ctx)
	if err != nil || built(dir) {
		return dir, err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", err
	}
	scratch, err := os.MkdirTemp(filepath.Dir(dir), ".peers-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	module, err := source(ctx)
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-C", module, "-o", scratch+string(filepath.Separator), "./"+Cyclonus, "./"+NPGuard)
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the peers: %w\n%s", err, out)
	}
	if err := os.Rename(scratch, dir); err != nil && !built(dir) { // another process may have been faster
		return "", err
	}
	return dir, nil
}

// source is the folder of the peers' module.
func source(ctx context.Context) (string, error) {
	const conformance = "github.com/watertight-go/watertight/internal/conformance"
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", conformance).Output()
	if err != nil {
		return "", fmt.Errorf("folder of %s: %w", conformance, err)
	}
	return filepath.Join(strings.TrimSpace(string(out)), "peers"), nil
}

// Run runs a program of the folder. It works in a scratch directory, since np-guard's
// deletes and writes a file where it is.
func Run(ctx context.Context, dir, program string, arguments ...string) error {
	scratch, err := os.MkdirTemp("", "peer-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	cmd := exec.CommandContext(ctx, filepath.Join(dir, program), arguments...)
	cmd.Dir = scratch
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", program, strings.Join(arguments, " "), err, out)
	}
	return nil
}
