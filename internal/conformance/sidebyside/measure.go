// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// A bench holds the programs and where they work.
type bench struct {
	scratch, ci, npguard string
	notes                []string
}

// A run is what one process took, and what it counted.
type run struct {
	wall, user  time.Duration
	rss         int64 // bytes
	Pods, Flows int
}

// Each program is run until patience is spent, at least once and at most thrice. The
// fastest run counts.
const patience = 15 * time.Second

func (b *bench) measure(ctx context.Context, workloads, engine, program string, arguments ...string) (run, error) {
	var best run
	for start, n := time.Now(), 0; n == 0 || n < 3 && time.Since(start) < patience; n++ {
		one, err := b.once(ctx, program, arguments)
		if err != nil {
			return run{}, fmt.Errorf("%s: %w", engine, err)
		}
		if n == 0 || one.wall < best.wall {
			best = one
		}
	}
	fmt.Printf("| %s | %s | %.2f s | %.2f s | %d MiB | %d | %d | %s |\n",
		workloads, engine, best.wall.Seconds(), best.user.Seconds(), best.rss>>20, best.Pods, best.Flows, load())
	return best, nil
}

func (b *bench) once(ctx context.Context, program string, arguments []string) (run, error) {
	cmd := exec.CommandContext(ctx, program, arguments...)
	cmd.Dir = b.scratch // np-guard deletes and writes a file where it is
	var warnings strings.Builder
	cmd.Stderr = &warnings
	start := time.Now()
	out, err := cmd.Output()
	r := run{wall: time.Since(start)}
	if err != nil {
		return r, fmt.Errorf("%w\n%s", err, warnings.String())
	}
	r.user = cmd.ProcessState.UserTime()
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		r.rss = usage.Maxrss << 10 // Linux counts kibibytes
	}
	return r, json.Unmarshal(out, &r)
}

// output runs a program that is not measured.
func output(ctx context.Context, dir, program string, arguments ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, arguments...)
	cmd.Dir = dir
	var warnings strings.Builder
	cmd.Stderr = &warnings
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", program, err, warnings.String())
	}
	return string(out), nil
}

// machine describes where the figures are from, as far as Linux tells.
func machine() string {
	cpu := runtime.GOARCH
	if data, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if _, after, found := strings.Cut(string(data), "model name\t: "); found {
			cpu, _, _ = strings.Cut(after, "\n")
			cpu = strings.TrimSpace(cpu)
		}
	}
	return fmt.Sprintf("%d cores, %s, %s/%s, %s, %s.", runtime.NumCPU(), cpu, runtime.GOOS, runtime.GOARCH, runtime.Version(), time.Now().Format(time.DateOnly))
}

// load is the average number of processes that want to run, over the last minute.
func load() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(data), " ")
	return first
}
