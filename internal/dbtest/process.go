// SPDX-License-Identifier: Apache-2.0

package dbtest

import (
	"net"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"
)

const (
	startTime = 60 * time.Second
	stopTime  = 20 * time.Second
)

// start runs a server until the test ends, and returns when ready answers without an
// error. The server writes what it says to a file of its folder, which a failure shows.
func (i installation) start(t testing.TB, folder string, stop syscall.Signal, ready func() error, args ...string) {
	t.Helper()
	log, err := os.Create(i.outside(folder + "/log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := i.command(i.program, args...)
	cmd.Stdout, cmd.Stderr = log, log
	ended, err := run(cmd)
	if err != nil {
		t.Fatalf("starting %s: %v", i.program, err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(stop)
		select {
		case <-ended:
		case <-time.After(stopTime):
			t.Errorf("%s did not stop within %v", i.program, stopTime)
			_ = cmd.Process.Kill()
			<-ended
		}
		_ = log.Close()
	})

	deadline := time.Now().Add(startTime)
	for err = ready(); err != nil; err = ready() {
		select {
		case <-ended:
			t.Fatalf("%s ended before it was ready: %v\n%s", i.program, err, i.said(log))
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s was not ready within %v: %v\n%s", i.program, startTime, err, i.said(log))
		}
	}
}

// run starts a program, and returns what is closed when it has ended. One thread starts
// it and stays: the kernel ends the program when that thread does, and so when the test
// is killed.
func run(cmd *exec.Cmd) (<-chan struct{}, error) {
	started := make(chan error)
	ended := make(chan struct{})
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended says its log
			close(ended)
		}
	}()
	return ended, <-started
}

func (i installation) said(log *os.File) string {
	text, err := os.ReadFile(log.Name())
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// finish runs a program to its end, which has to be a good one.
func finish(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
}

// freePort returns a port of the loopback interface that nobody listens on.
func freePort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	address, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		t.Fatalf("listening on %v", listener.Addr())
	}
	return address.Port
}

// connect connects to a port for one short exchange.
func connect(port int) (net.Conn, error) {
	conn, err := net.DialTimeout("tcp4", Server{Port: port}.Address(), time.Second)
	if err != nil {
		return nil, err
	}
	return conn, conn.SetDeadline(time.Now().Add(time.Second))
}
