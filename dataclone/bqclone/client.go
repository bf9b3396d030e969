// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/api/bigquery/v2"
	"google.golang.org/api/option"

	"github.com/watertight-go/watertight/dataclone"
)

// Options bound what a Client does. The zero value is safe with BigQuery's own quotas
// ("Quotas and limits": 100 requests a second, user and method, 300 at once; 100
// snapshot jobs at once and project) if nobody else uses the account much.
type Options struct {
	// Workers is how many steps are worked on at once, of all runs of the client, and
	// how many tables by each call of its other methods. Zero means 32.
	Workers int
	// RequestsPerSecond is how many calls of one method are begun in a second. Zero
	// means 80.
	RequestsPerSecond int
	// SnapshotJobs is how many jobs that make snapshots run at once. Zero means 50.
	SnapshotJobs int
	// Attempts is how often a call is made that BigQuery could not answer. Zero
	// means 6, which takes about half a minute.
	Attempts int
	// Protect is never written, whatever a plan says. Of it, only Patterns count.
	Protect dataclone.Protection
	// SkipRowPolicies leaves row access policies unread, which take one more call a
	// table. Plans say what they cannot judge without.
	SkipRowPolicies bool
}

// A Client calls BigQuery for one project, which pays for what is not part of a plan.
// It is safe for concurrent use, and all that use it share its limits.
type Client struct {
	project   string
	options   Options
	rest      *bigquery.Service
	limiter   *limiter
	working   slots         // of steps
	snapshots slots         // of snapshot jobs
	access    slots         // of changes of access lists, one at a time
	backoff   time.Duration // the first, between attempts
}

// New returns a client. The options of package option are those of every client of
// Google Cloud: without any it takes the credentials of the environment, and with
// option.WithEndpoint and option.WithoutAuthentication it talks to package bqsim.
// New calls nobody but, to find credentials, the metadata server of the machine.
func New(ctx context.Context, project string, o Options, opts ...option.ClientOption) (*Client, error) {
	if err := (dataclone.DatasetRef{Project: project, Dataset: "any"}).Validate(); err != nil {
		return nil, fmt.Errorf("bqclone: %w", err)
	}
	if min(o.Workers, o.RequestsPerSecond, o.SnapshotJobs, o.Attempts) < 0 {
		return nil, errors.New("bqclone: a limit of Options is negative")
	}
	o.Workers = cmp.Or(o.Workers, 32)
	o.RequestsPerSecond = cmp.Or(o.RequestsPerSecond, 80)
	o.SnapshotJobs = cmp.Or(o.SnapshotJobs, 50)
	o.Attempts = cmp.Or(o.Attempts, 6)
	o.Protect.SameProject = true // plans say that for themselves
	opts = append([]option.ClientOption{option.WithUserAgent("watertight")}, opts...)
	rest, err := bigquery.NewService(ctx, opts...)
	if err != nil {
		return nil, fmt.Errorf("bqclone: %w", err)
	}
	return &Client{
		project:   project,
		options:   o,
		rest:      rest,
		limiter:   newLimiter(o.RequestsPerSecond),
		working:   make(slots, o.Workers),
		snapshots: make(slots, o.SnapshotJobs),
		access:    make(slots, 1),
		backoff:   time.Second,
	}, nil
}
