// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/watertight-go/watertight/bulkhead/manifest"
)

// TestHostileInputOfAHundredMegabytes reads each flood in a process of its own,
// which has to stay within time and memory.
func TestHostileInputOfAHundredMegabytes(t *testing.T) {
	const (
		size     = 100 * megabyte
		maxTime  = 10 * time.Second
		maxBytes = 512 * megabyte // the larger of 512 MB and 4 times the input
	)
	if name := os.Getenv("WATERTIGHT_FLOOD"); name != "" {
		set, err := manifest.Read("flood", floods()[name].reader(size))
		wantTyped(t, err)
		fmt.Printf("%d objects, %.100v\n", len(set.Objects), err)
		return
	}
	if testing.Short() || os.Getenv("WATERTIGHT_FLOODS") == "" {
		t.Skip("set WATERTIGHT_FLOODS=1 to read 100 MB of each kind")
	}
	for name := range floods() {
		t.Run(name, func(t *testing.T) {
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHostileInputOfAHundredMegabytes$", "-test.count=1")
			child.Env = append(os.Environ(), "WATERTIGHT_FLOOD="+name)
			began := time.Now()
			out, err := child.CombinedOutput()
			// On a busy machine the process waits, which is not its doing: what it
			// computes counts then.
			took := min(time.Since(began), child.ProcessState.UserTime()+child.ProcessState.SystemTime())
			if err != nil {
				t.Fatalf("%v\n%s", err, out[:min(len(out), 4000)])
			}
			used := maxRSS(child.ProcessState)
			t.Logf("%v, %d MB, %s", took.Round(time.Millisecond), used/megabyte, bytes.SplitN(out, []byte("\n"), 2)[0])
			if took > maxTime || used > maxBytes {
				t.Errorf("took %v and %d MB, want at most %v and %d MB", took, used/megabyte, maxTime, maxBytes/megabyte)
			}
		})
	}
}

// maxRSS returns the most memory in bytes that an ended process has held.
func maxRSS(state *os.ProcessState) int {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return int(usage.Maxrss) * 1024 // Linux counts in kilobytes
}

// TestAListOfAClusterIsRead reads 15,000 pods from one List.
func TestAListOfAClusterIsRead(t *testing.T) {
	if testing.Short() || os.Getenv("WATERTIGHT_FLOODS") == "" {
		t.Skip("set WATERTIGHT_FLOODS=1 to read 30 MB")
	}
	set, err := manifest.Read("pods", floods()["a List of pods"].reader(30*megabyte))
	if err != nil || len(set.Objects) < 15_000 || len(set.Findings()) > 0 {
		t.Errorf("got %d objects and %v", len(set.Objects), err)
	}
}

func TestInputThatNeverEndsIsRefused(t *testing.T) {
	if testing.Short() || os.Getenv("WATERTIGHT_FLOODS") == "" {
		t.Skip("set WATERTIGHT_FLOODS=1 to read 256 MB")
	}
	set, err := manifest.ReadFiles("/dev/zero")
	limit, ok := errors.AsType[*manifest.LimitError](err)
	if !ok || limit.Max != manifest.MaxInput || len(set.Objects) != 0 {
		t.Errorf("got %d objects and %v, want a limit of %d", len(set.Objects), err, manifest.MaxInput)
	}
}
