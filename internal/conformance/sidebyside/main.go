// SPDX-License-Identifier: Apache-2.0

// Command sidebyside measures netpol/reach beside netpol-analyzer of np-guard: whole
// processes that read the same manifests and count the pairs of workloads with an open
// port. It prints a Markdown table.
//
//	go -C internal/conformance run ./sidebyside
//
// The first run builds the other engine, which takes minutes; measuring takes some
// more. Run it where nothing else does: the load of the machine is a column.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/internal/conformance/engines"
	"github.com/watertight-go/watertight/internal/large"
)

func main() {
	both := flag.String("both", "100,500,1000", "numbers of workloads for both engines")
	alone := flag.String("alone", "10000", "numbers of workloads for netpol/reach alone")
	write := flag.Int("write", 0, "only write the manifests of so many workloads to the folder that is the argument")
	flag.Parse()
	err := func() error {
		if *write > 0 {
			return writeCluster(flag.Arg(0), *write)
		}
		return compare(context.Background(), *both, *alone)
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// writeCluster writes a file for each namespace.
func writeCluster(folder string, workloads int) error {
	files := make(map[string][]bulkhead.Object)
	for _, obj := range large.Cluster(workloads) {
		name := obj.GetNamespace()
		if name == "" {
			name = obj.GetName()
		}
		files[name] = append(files[name], obj)
	}
	for name, objs := range files {
		if err := manifest.WriteFile(filepath.Join(folder, name+".yaml"), objs...); err != nil {
			return err
		}
	}
	return nil
}

func compare(ctx context.Context, both, alone string) error {
	scratch, err := os.MkdirTemp("", "sidebyside-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	b := bench{scratch: scratch, ci: filepath.Join(scratch, "ci")}
	if err := b.build(ctx); err != nil {
		return err
	}
	fmt.Printf("%s\n\n", machine())
	fmt.Println("| workloads | engine | wall | user | peak RSS | pods | flows | load |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	for n := range strings.SplitSeq(both, ",") {
		if err := b.beside(ctx, n); err != nil {
			return err
		}
	}
	for n := range strings.SplitSeq(alone, ",") {
		folder, err := b.cluster(ctx, n)
		if err != nil {
			return err
		}
		if _, err := b.ours(ctx, n, folder); err != nil {
			return err
		}
	}
	fmt.Println()
	for _, note := range b.notes {
		fmt.Println(note)
	}
	return nil
}

// build makes both programs.
func (b *bench) build(ctx context.Context) error {
	peers, err := engines.Build(ctx)
	if err != nil {
		return err
	}
	b.npguard = filepath.Join(peers, engines.NPGuard)
	root, err := output(ctx, b.scratch, "go", "list", "-C", source(), "-m", "-f", "{{.Dir}}", "github.com/watertight-go/watertight")
	if err != nil {
		return err
	}
	_, err = output(ctx, b.scratch, "go", "build", "-C", strings.TrimSpace(root), "-o", b.ci, "./examples/ci")
	return err
}

// source is the folder of this module, in which the command is run.
func source() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	return dir
}

// cluster writes manifests in a process of its own: the peak of a process that is
// started counts what the one that starts it holds, so this one has to stay small.
func (b *bench) cluster(ctx context.Context, n string) (string, error) {
	if _, err := strconv.Atoi(n); err != nil {
		return "", err
	}
	folder := filepath.Join(b.scratch, n)
	if err := os.Mkdir(folder, 0o755); err != nil {
		return "", err
	}
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	_, err = output(ctx, b.scratch, self, "-write", n, folder)
	return folder, err
}
