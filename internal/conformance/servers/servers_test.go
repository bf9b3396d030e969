// SPDX-License-Identifier: Apache-2.0

package servers_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"k8s.io/client-go/discovery"

	"github.com/watertight-go/watertight/internal/conformance/servers"
)

// victim makes the test binary start a cluster, say where, and wait to be killed.
const victim = "WATERTIGHT_VICTIM"

func TestMain(m *testing.M) {
	servers.Keep()
	if os.Getenv(victim) != "" {
		cluster, err := servers.Start(context.Background())
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(cluster.Config.Host)
		select {}
	}
	os.Exit(m.Run())
}

// start starts a cluster that ends with the test.
func start(t *testing.T) *servers.Cluster {
	t.Helper()
	cluster, err := servers.Start(t.Context())
	if errors.Is(err, servers.ErrNotBuilt) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return cluster
}

func TestTheServerIsTheVersionThatTheModuleRequires(t *testing.T) {
	cluster := start(t)
	defer func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	}()
	client, err := discovery.NewDiscoveryClientForConfig(cluster.Config)
	if err != nil {
		t.Fatal(err)
	}
	got, err := client.ServerVersion()
	if err != nil {
		t.Fatal(err)
	}
	want, err := servers.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got.GitVersion != want {
		t.Errorf("the server says %s, want %s", got.GitVersion, want)
	}
	t.Logf("started in %v", cluster.Startup.Round(10*time.Millisecond))
}

// Neither a panic nor a kill leaves anything behind, nor does what timeout(1) and CI
// systems do: ask the whole process group to end.
func TestServersEndWithTheProcessThatStartedThem(t *testing.T) {
	if err := start(t).Stop(); err != nil { // skips where there is nothing to start
		t.Fatal(err)
	}
	for name, end := range map[string]func(*os.Process) error{
		"a kill":                    (*os.Process).Kill,
		"a signal to all its group": func(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGTERM) },
	} {
		t.Run(name, func(t *testing.T) { testServersEnd(t, end) })
	}
}

func testServersEnd(t *testing.T, end func(*os.Process) error) {
	cmd := exec.Command(os.Args[0])
	cmd.Env, cmd.Stderr = append(os.Environ(), victim+"=1"), os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := bufio.NewScanner(out)
	if !line.Scan() {
		t.Fatal("no cluster was started")
	}
	host, err := url.Parse(line.Text())
	if err != nil {
		t.Fatal(err)
	}
	answers := func() bool {
		conn, err := net.DialTimeout("tcp", host.Host, time.Second)
		if err != nil {
			return false
		}
		return conn.Close() == nil
	}
	if !answers() {
		t.Fatalf("nobody answers at %s", host)
	}
	if err := end(cmd.Process); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it did not end by itself
	for deadline := time.Now().Add(time.Minute); answers(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the API server still answers a minute after the test was killed")
		}
	}
}
