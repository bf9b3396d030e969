// SPDX-License-Identifier: Apache-2.0

package servers

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// A Program is a server that [Build] can make.
type Program string

// The programs, by the names that envtest looks for.
const (
	Etcd              Program = "etcd"
	APIServer         Program = "kube-apiserver"
	ControllerManager Program = "kube-controller-manager"
	Scheduler         Program = "kube-scheduler"
)

const (
	thisModule       = "github.com/watertight-go/watertight/internal/conformance"
	kubernetesModule = "k8s.io/kubernetes"
	etcdModule       = "go.etcd.io/etcd/server/v3"
)

func (p Program) pkg() string {
	if p == Etcd {
		return thisModule + "/etcd"
	}
	return kubernetesModule + "/cmd/" + string(p)
}

// required reports whether tests fail where they would skip because a server has
// to be built first.
func required() bool {
	return os.Getenv("WATERTIGHT_REQUIRE_SERVERS") == "1" || os.Getenv("CI") == "true"
}

// Folder returns where programs of the versions that this module requires lie,
// once they are built.
func Folder(ctx context.Context) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	kubernetes, err := moduleVersion(ctx, kubernetesModule)
	if err != nil {
		return "", err
	}
	etcd, err := moduleVersion(ctx, etcdModule)
	if err != nil {
		return "", err
	}
	name := strings.Join([]string{"servers", kubernetes, "etcd", etcd, runtime.Version(), runtime.GOOS, runtime.GOARCH}, "-")
	return filepath.Join(cache, "watertight", name), nil
}

// Version returns the version of Kubernetes that this module requires.
func Version(ctx context.Context) (string, error) { return moduleVersion(ctx, kubernetesModule) }

func moduleVersion(ctx context.Context, module string) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Version}}", module).Output()
	if err != nil {
		return "", fmt.Errorf("version of %s: %w", module, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// Build makes the programs that are not there yet and returns their folder. Two
// processes may build at once: the second waits for the first.
func Build(ctx context.Context, programs ...Program) (string, error) {
	dir, err := Folder(ctx)
	if err != nil {
		return "", err
	}
	if built(dir, programs...) {
		return dir, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	unlock, err := lockedfile.MutexAt(filepath.Join(dir, ".lock")).Lock()
	if err != nil {
		return "", err
	}
	defer unlock()
	for _, program := range programs {
		if built(dir, program) {
			continue
		}
		if err := build(ctx, dir, program); err != nil {
			return "", err
		}
	}
	return dir, nil
}

func built(dir string, programs ...Program) bool {
	for _, program := range programs {
		if _, err := os.Stat(filepath.Join(dir, string(program))); err != nil {
			return false
		}
	}
	return true
}

// build compiles under a temporary name, so that what has the program's name is
// whole. It gives way to other work on the machine.
func build(ctx context.Context, dir string, program Program) error {
	kubernetes, err := Version(ctx)
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp(dir, ".build-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	start, made := time.Now(), filepath.Join(scratch, string(program))
	fmt.Fprintf(os.Stderr, "building %s\n", program)
	cmd := exec.CommandContext(ctx, "nice", "-n", "10", "go", "build", "-ldflags", linkerFlags(kubernetes), "-o", made, program.pkg())
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %w\n%s", program, err, out)
	}
	fmt.Fprintf(os.Stderr, "built %s in %v\n", program, time.Since(start).Round(time.Second))
	return os.Rename(made, filepath.Join(dir, string(program)))
}

// linkerFlags leave out debugging information and let a server say its version,
// which Kubernetes' own build sets the same way.
func linkerFlags(kubernetes string) string {
	const pkg = "k8s.io/component-base/version"
	major, minor, _ := strings.Cut(strings.TrimPrefix(kubernetes, "v"), ".")
	minor, _, _ = strings.Cut(minor, ".")
	return fmt.Sprintf("-s -w -X %[1]s.gitVersion=%[2]s -X %[1]s.gitMajor=%[3]s -X %[1]s.gitMinor=%[4]s", pkg, kubernetes, major, minor)
}
