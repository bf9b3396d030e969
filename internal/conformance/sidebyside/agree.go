// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/watertight-go/watertight/internal/conformance/engines"
)

func (b *bench) ours(ctx context.Context, n, folder string) (run, error) {
	return b.measure(ctx, n, "watertight `ci flows --count`", b.ci, "flows", "--count", "--profile", "reference", folder)
}

// beside measures both engines with a cluster, and explains where they count
// differently.
func (b *bench) beside(ctx context.Context, n string) error {
	folder, err := b.cluster(ctx, n)
	if err != nil {
		return err
	}
	ours, err := b.ours(ctx, n, folder)
	if err != nil {
		return err
	}
	theirs, err := b.measure(ctx, n, "netpol-analyzer v1.4.4 `list`", b.npguard, "count", folder)
	if err != nil {
		return err
	}
	note := fmt.Sprintf("- %s workloads: %.0f times faster, 1/%.1f of the memory; ", n,
		theirs.wall.Seconds()/ours.wall.Seconds(), float64(theirs.rss)/float64(ours.rss))
	if ours.Pods != theirs.Pods || ours.Flows != theirs.Flows {
		why, err := b.explain(ctx, folder)
		if err != nil {
			return err
		}
		b.notes = append(b.notes, note+why)
		return nil
	}
	b.notes = append(b.notes, note+"the same pairs are counted.")
	return nil
}

// A flow is a line of ci flows.
type flow struct{ From, To, Ports string }

// explain asks netpol-analyzer itself, connection by connection, about each pair that
// its list does not have. Pairs that it has and we do not are an error.
func (b *bench) explain(ctx context.Context, folder string) (string, error) {
	listed, err := output(ctx, b.scratch, b.npguard, "pairs", folder)
	if err != nil {
		return "", err
	}
	theirs := make(map[string]bool)
	for line := range strings.Lines(listed) {
		theirs[strings.TrimSpace(line)] = true
	}
	lines, err := output(ctx, b.scratch, b.ci, "flows", "--profile", "reference", folder)
	if err != nil {
		return "", err
	}
	var missing []flow
	for line := range strings.Lines(lines) {
		var f flow
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			return "", err
		}
		if pair := f.From + " " + f.To; theirs[pair] {
			delete(theirs, pair)
		} else {
			missing = append(missing, f)
		}
	}
	if len(theirs) > 0 {
		return "", fmt.Errorf("%s: netpol-analyzer lists %d pairs that netpol/reach does not have: %v", folder, len(theirs), theirs)
	}
	confirmed, err := b.confirm(ctx, folder, missing)
	if err != nil {
		return "", err
	}
	if confirmed != len(missing) {
		return "", fmt.Errorf("%s: netpol-analyzer does not list %d pairs, and allows only %d of them when it is asked: %v", folder, len(missing), confirmed, missing)
	}
	return fmt.Sprintf("`list` leaves out %d pairs that the same engine's `eval` allows, where ranges of ports overlap in part.", confirmed), nil
}

// confirm counts the flows that netpol-analyzer allows when it is asked about their
// first port.
func (b *bench) confirm(ctx context.Context, folder string, flows []flow) (int, error) {
	root, err := os.MkdirTemp(b.scratch, "eval-")
	if err != nil {
		return 0, err
	}
	if err := os.Rename(folder, filepath.Join(root, "case")); err != nil {
		return 0, err
	}
	folder = filepath.Join(root, "case")
	var queries strings.Builder
	for _, f := range flows {
		protocol, ports, _ := strings.Cut(f.Ports, " ")
		var port int
		if _, err := fmt.Sscanf(ports, "%d", &port); err != nil {
			return 0, fmt.Errorf("ports %q: %w", f.Ports, err)
		}
		// np-guard calls the pods of a workload by its name and a number.
		fmt.Fprintf(&queries, "{\"from\":%q,\"to\":%q,\"port\":%d,\"protocol\":%q}\n", f.From+"-1", f.To+"-1", port, protocol)
	}
	if err := os.WriteFile(filepath.Join(folder, engines.Queries), []byte(queries.String()), 0o600); err != nil {
		return 0, err
	}
	if _, err := output(ctx, b.scratch, b.npguard, "eval", root); err != nil {
		return 0, err
	}
	answers, err := os.ReadFile(filepath.Join(folder, "npguard-eval"+engines.Suffix))
	return strings.Count(string(answers), "allowed\n"), err
}
