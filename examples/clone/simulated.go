// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/api/option"

	"github.com/watertight-go/watertight/dataclone"
	"github.com/watertight-go/watertight/dataclone/bqclone"
)

// simulate does it all on a BigQuery in memory.
func simulate(ctx context.Context, s settings, stdout, stderr io.Writer) error {
	shop, err := openShop(ctx)
	if err != nil {
		return err
	}
	return errors.Join(tell(ctx, shop, s, stdout, stderr), shop.close())
}

// tell tells the story of a clone, from the plan to the drop.
func tell(ctx context.Context, shop *shop, s settings, stdout, stderr io.Writer) error {
	fmt.Fprintln(stdout, "simulated BigQuery (in memory)\n\n== plan")
	r := request(s)
	r.Protect.Patterns = []string{"prod-*"}
	r.Data = dataclone.PersonalData{
		Mode:    dataclone.MaskedViews,
		Private: private(),
		Masks:   map[string]dataclone.Mask{"email": dataclone.HashMask},
	}
	switch s.broken {
	case "protected":
		r.Protect.Patterns = append(r.Protect.Patterns, "stg-*")
	case "personal-data":
		r.Data = dataclone.PersonalData{}
	}
	client, err := bqclone.New(ctx, staging().Project, bqclone.Options{Protect: r.Protect, RequestsPerSecond: 10_000},
		option.WithEndpoint(shop.url), option.WithoutAuthentication())
	if err != nil {
		return err
	}
	catalog, err := client.Read(ctx, sales(), staging(), private())
	if err != nil {
		return err
	}
	p := dataclone.PlanDataset(catalog, r, dataclone.Mapping{From: sales(), To: staging()})
	if err := p.WriteSummary(stdout); err != nil {
		return err
	}
	if err := p.Findings.Err(); err != nil {
		return err
	}

	fmt.Fprintln(stdout, "\n== run and verify")
	before := shop.sim.StoredBytes()
	if err := runPlan(ctx, client, p, p.Hash(), stdout, stderr); err != nil {
		return err
	}
	if err := verify(ctx, client, p, bqclone.Fingerprints, stdout); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "stored: %d bytes before, %d after\n", before, shop.sim.StoredBytes())

	if err := shop.writeToClone(ctx, stdout); err != nil {
		return err
	}
	if err := shop.moveProduction(stdout); err != nil {
		return err
	}
	if err := printDrift(ctx, client, p, stdout); err != nil {
		return err
	}

	fmt.Fprintln(stdout, "\n== drop")
	for removal, err := range client.Drop(ctx, p.Environment, staging(), private()) {
		if err != nil {
			return err
		}
		fmt.Fprintln(stdout, removal)
	}
	return shop.untouched(stdout)
}

// sales is production's dataset, staging holds what staging sees, and private the clones
// of what has personal data.
func sales() dataclone.DatasetRef {
	return dataclone.DatasetRef{Project: "prod-shop", Dataset: "sales"}
}

func staging() dataclone.DatasetRef {
	return dataclone.DatasetRef{Project: "stg-shop", Dataset: "sales"}
}

func private() dataclone.DatasetRef {
	return dataclone.DatasetRef{Project: "stg-shop", Dataset: "sales_private"}
}
