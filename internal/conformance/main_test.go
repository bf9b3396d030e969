// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/watertight-go/watertight/internal/conformance/servers"
)

var (
	seed    = flag.Uint64("seed", 1, "first seed of everything random")
	objects = flag.Int("objects", 20_000, "random objects of a kind that are compared in process")
	live    = flag.Int("live", 1_000, "random objects of a kind that the running server judges")
	sets    = flag.Int("sets", 200, "random sets of arguments for each builder")
	queries = flag.Int("queries", 1_000_000, "connections of random clusters about which other engines are asked")
)

// shared is the control plane of all tests of the package.
var shared = sync.OnceValues(func() (*servers.Cluster, error) { return servers.Start(context.Background()) })

// Counted for the summary.
var tests, compared atomic.Int64

func TestMain(m *testing.M) {
	servers.Keep()
	flag.Parse()
	log.SetLogger(logr.Discard())
	code := m.Run()
	if n := compared.Load(); n > 0 {
		version, err := servers.Version(context.Background())
		if err != nil {
			version = err.Error()
		}
		fmt.Printf("kubernetes %s conformance: %d tests, %d objects\n", version[1:], tests.Load(), n)
	}
	if started.Load() {
		if cluster, err := shared(); err == nil {
			if err := cluster.Stop(); err != nil {
				fmt.Println("stopping the servers:", err)
				code = max(code, 1)
			}
		}
	}
	os.Exit(code)
}

// started says that shared was called.
var started atomic.Bool

// cluster returns the running control plane. Where the servers are not built, the
// test is skipped.
func cluster(t *testing.T, programs ...servers.Program) *servers.Cluster {
	t.Helper()
	first := !started.Swap(true)
	c, err := shared()
	for _, program := range programs {
		if err == nil {
			err = c.Run(t.Context(), program)
		}
	}
	if errors.Is(err, servers.ErrNotBuilt) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if first {
		t.Logf("etcd and kube-apiserver answered after %v", c.Startup.Round(10*time.Millisecond))
	}
	return c
}

// count notes a test, and the objects that it compared, for the summary.
func count(n int) {
	tests.Add(1)
	compared.Add(int64(n))
}
