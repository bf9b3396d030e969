// SPDX-License-Identifier: Apache-2.0

// Command clone clones a dataset of production for staging: it plans, shows the plan,
// runs it, verifies the clones, and tells later what has drifted.
//
//	go run ./examples/clone
//	go run ./examples/clone -break protected       # exit 1
//	go run ./examples/clone -break personal-data   # exit 1
//
// That is on a simulated BigQuery in memory: it also shows that writing to a clone
// leaves production as it was and stores nothing twice, and drops the clones in the
// end. With -project it talks to BigQuery itself. It only reads, prints the plan and
// writes it to a file:
//
//	clone -project stg-one -source prod-1.sales -destination stg-one.sales -protect 'prod-*' -plan plan.json
//
// and with -apply it runs the plan that somebody read, which its hash tells:
//
//	clone -project stg-one -protect 'prod-*' -plan plan.json -apply -hash 3f9a...
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/dataclone"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// Exit statuses.
const (
	fine     = 0
	findings = 1 // the plan is refused, a step failed, or a clone is not like its source
	wrong    = 2 // wrong usage, or BigQuery did not answer
)

// settings are what the flags say.
type settings struct {
	project, source, destination, protect, environment string
	plan, hash, broken                                 string
	ttl                                                time.Duration
	apply                                              bool
}

// run is main without the process, so that tests can call it. It returns the exit
// status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var s settings
	flags := flag.NewFlagSet("clone", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.project, "project", "", "talk to BigQuery, in this `project`; without it BigQuery is simulated")
	flags.StringVar(&s.source, "source", "", "the `project.dataset` to clone")
	flags.StringVar(&s.destination, "destination", "", "the `project.dataset` that holds the clones")
	flags.StringVar(&s.protect, "protect", "", "a `pattern` of projects or datasets that nothing writes")
	flags.StringVar(&s.environment, "environment", "staging", "the `name` of the environment, a label of all that is made")
	flags.DurationVar(&s.ttl, "ttl", 24*time.Hour, "how long the clones live")
	flags.StringVar(&s.plan, "plan", "plan.json", "the `file` of the plan")
	flags.BoolVar(&s.apply, "apply", false, "run the plan that is in the file")
	flags.StringVar(&s.hash, "hash", "", "the `hash` of the plan that was read and approved")
	flags.StringVar(&s.broken, "break", "", "plan a `mistake` on the simulated BigQuery: protected or personal-data")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return fine
		}
		return wrong
	}
	err := checkUsage(s, flags.Args())
	switch {
	case err != nil:
	case s.project == "":
		err = simulate(ctx, s, stdout, stderr)
	case s.apply:
		err = apply(ctx, s, stdout, stderr)
	default:
		err = review(ctx, s, stdout)
	}
	if err == nil {
		return fine
	}
	fmt.Fprintf(stderr, "clone: %v\n", err)
	var refused *bulkhead.FindingsError
	if errors.As(err, &refused) || errors.Is(err, errNotSound) {
		return findings
	}
	return wrong
}

// errNotSound is a run that ended with something failed or different.
var errNotSound = errors.New("the clones are not what was planned")

func checkUsage(s settings, rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("unexpected argument %q", rest[0])
	case s.broken != "" && s.broken != "protected" && s.broken != "personal-data":
		return fmt.Errorf("no mistake is called %q", s.broken)
	case s.project == "" && (s.apply || s.source != "" || s.destination != ""):
		return errors.New("-apply, -source and -destination need -project")
	case s.project != "" && s.broken != "":
		return errors.New("-break is for the simulated BigQuery")
	case s.apply && s.hash == "":
		return errors.New("-apply needs the -hash of the plan that was approved")
	}
	return nil
}

// request is what both sides of this program ask of a plan.
func request(s settings) dataclone.Request {
	r := dataclone.Request{Environment: s.environment, TTL: s.ttl, MaxTTL: 30 * 24 * time.Hour}
	if s.protect != "" {
		r.Protect.Patterns = []string{s.protect}
	}
	return r
}
