// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/watertight-go/watertight/dataclone"
	"github.com/watertight-go/watertight/dataclone/bqclone"
)

// review reads both datasets, prints the plan, and writes it to a file. It writes
// nothing in BigQuery.
func review(ctx context.Context, s settings, stdout io.Writer) error {
	source, err := dataclone.ParseDataset(s.source)
	if err != nil {
		return fmt.Errorf("-source: %w", err)
	}
	destination, err := dataclone.ParseDataset(s.destination)
	if err != nil {
		return fmt.Errorf("-destination: %w", err)
	}
	r := request(s)
	client, err := bqclone.New(ctx, s.project, bqclone.Options{Protect: r.Protect})
	if err != nil {
		return err
	}
	catalog, err := client.Read(ctx, source, destination)
	if err != nil {
		return err
	}
	p := dataclone.PlanDataset(catalog, r, dataclone.Mapping{From: source, To: destination})
	if err := p.WriteSummary(stdout); err != nil {
		return err
	}
	if err := p.Findings.Err(); err != nil {
		return err
	}
	missing, err := client.Preflight(ctx, p)
	if err != nil {
		return err
	}
	for _, finding := range missing {
		fmt.Fprintln(stdout, finding)
	}
	if err := writePlan(s.plan, p); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "\nwritten to %s; if it is right: -apply -hash %s\n", s.plan, p.Hash())
	return nil
}

// apply runs the plan in a file, if it is the one that was approved, and verifies it.
func apply(ctx context.Context, s settings, stdout, stderr io.Writer) error {
	p, err := readPlan(s.plan)
	if err != nil {
		return err
	}
	client, err := bqclone.New(ctx, s.project, bqclone.Options{Protect: request(s).Protect})
	if err != nil {
		return err
	}
	if err := runPlan(ctx, client, p, s.hash, stdout, stderr); err != nil {
		return err
	}
	return verify(ctx, client, p, bqclone.Counts, stdout)
}

func readPlan(path string) (*dataclone.Plan, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	p, err := dataclone.ReadPlan(file)
	return p, errors.Join(err, file.Close())
}

// writePlan writes a plan where nothing is yet, so that a plan which somebody reads is
// not another one afterwards.
func writePlan(path string, p *dataclone.Plan) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	return errors.Join(p.WriteJSON(file), file.Close())
}
