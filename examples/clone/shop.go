// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/bigquery"
	"google.golang.org/api/option"

	"github.com/watertight-go/watertight/dataclone"
	"github.com/watertight-go/watertight/dataclone/bqsim"
)

// A shop is a simulated BigQuery with the data of production in it.
type shop struct {
	sim    *bqsim.Server
	url    string
	client *bigquery.Client // as the shop's own programs have one
	stop   func() error
	opened int // how many writes opening it took
}

// openShop starts a BigQuery and fills production's dataset.
func openShop(ctx context.Context) (*shop, error) {
	s := &shop{sim: bqsim.New(bqsim.Options{Start: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)})}
	var err error
	if s.url, s.stop, err = s.sim.Listen(); err != nil {
		return nil, err
	}
	s.client, err = bigquery.NewClient(ctx, sales().Project, option.WithEndpoint(s.url), option.WithoutAuthentication())
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	if err := s.fill(ctx); err != nil {
		return nil, errors.Join(err, s.close())
	}
	s.opened = len(s.sim.Writes())
	return s, nil
}

func (s *shop) close() error { return errors.Join(s.client.Close(), s.stop()) }

func (s *shop) fill(ctx context.Context) error {
	dataset := s.client.Dataset(sales().Dataset)
	if err := dataset.Create(ctx, &bigquery.DatasetMetadata{Location: "US"}); err != nil {
		return err
	}
	email := &bigquery.PolicyTagList{Names: []string{"projects/prod-shop/locations/us/taxonomies/1/policyTags/2"}}
	tables := map[string]*bigquery.TableMetadata{
		"customers": {Schema: bigquery.Schema{
			{Name: "id", Type: bigquery.IntegerFieldType, Required: true},
			{Name: "email", Type: bigquery.StringFieldType, PolicyTags: email},
		}},
		"orders": {
			Schema: bigquery.Schema{
				{Name: "id", Type: bigquery.IntegerFieldType, Required: true},
				{Name: "customer", Type: bigquery.IntegerFieldType},
				{Name: "day", Type: bigquery.DateFieldType},
				{Name: "amount", Type: bigquery.NumericFieldType},
			},
			TimePartitioning: &bigquery.TimePartitioning{Type: bigquery.DayPartitioningType, Field: "day"},
		},
		"events_20261121": {Schema: bigquery.Schema{{Name: "name", Type: bigquery.StringFieldType}}},
		"events_20261122": {Schema: bigquery.Schema{{Name: "name", Type: bigquery.StringFieldType}}},
	}
	for name, meta := range tables {
		if err := dataset.Table(name).Create(ctx, meta); err != nil {
			return err
		}
	}
	var orders, customers []map[string]any
	for i := range 1000 {
		orders = append(orders, map[string]any{"id": i, "customer": i % 100, "day": "2026-11-21", "amount": "9.90"})
	}
	for i := range 100 {
		customers = append(customers, map[string]any{"id": i, "email": fmt.Sprintf("customer-%d@example.com", i)})
	}
	err := errors.Join(s.load("orders", orders...), s.load("customers", customers...),
		s.load("events_20261121", map[string]any{"name": "opened"}), s.load("events_20261122", map[string]any{"name": "sold"}))
	if err != nil {
		return err
	}
	revenue := "SELECT day, SUM(amount) AS revenue FROM `prod-shop.sales.orders` GROUP BY day"
	if err := dataset.Table("revenue").Create(ctx, &bigquery.TableMetadata{ViewQuery: revenue}); err != nil {
		return err
	}
	return s.sim.Advance(minutes)
}

// minutes is how long the shop waits between what happens in it.
const minutes = 5 * time.Minute

// load adds rows to a table of production.
func (s *shop) load(table string, rows ...map[string]any) error {
	return s.sim.Load(bqsim.TableRef(sales().Table(table)), rows...)
}

// writeToClone adds a row to a clone, and prints how many rows both sides have.
func (s *shop) writeToClone(ctx context.Context, stdout io.Writer) error {
	fmt.Fprintln(stdout, "\n== staging writes to its clone of orders")
	row := map[string]any{"id": 5000, "customer": 1, "day": "2026-11-22", "amount": "1.00"}
	if err := errors.Join(s.sim.Advance(minutes), s.sim.Load(bqsim.TableRef(staging().Table("orders")), row)); err != nil {
		return err
	}
	for _, d := range []dataclone.DatasetRef{sales(), staging()} {
		meta, err := s.client.DatasetInProject(d.Project, d.Dataset).Table("orders").Metadata(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s.orders: %d rows\n", d, meta.NumRows)
	}
	fmt.Fprintf(stdout, "stored: %d bytes, with the row\n", s.sim.StoredBytes())
	return nil
}

// moveProduction lets production go on.
func (s *shop) moveProduction(stdout io.Writer) error {
	fmt.Fprintln(stdout, "\n== production goes on; what has drifted")
	return errors.Join(s.sim.Advance(minutes), s.load("customers", map[string]any{"id": 100, "email": "late@example.com"}))
}

// untouched says whether anything but the shop itself wrote production.
func (s *shop) untouched(stdout io.Writer) error {
	production := func(w bqsim.Write) bool { return strings.HasPrefix(w.Target, sales().Project) }
	if i := slices.IndexFunc(s.sim.Writes()[s.opened:], production); i >= 0 {
		return fmt.Errorf("%w: production was written: %v", errNotSound, s.sim.Writes()[s.opened+i])
	}
	fmt.Fprintf(stdout, "no call wrote anything of %s\n", sales().Project)
	return nil
}
