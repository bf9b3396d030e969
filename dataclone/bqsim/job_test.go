// SPDX-License-Identifier: Apache-2.0

package bqsim_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"cloud.google.com/go/bigquery"
	raw "google.golang.org/api/bigquery/v2"

	"github.com/watertight-go/watertight/dataclone/bqsim"
)

// cloneJob is a clone of prod-1.sales.orders under a job ID.
func cloneJob(id, table, operation string) *raw.Job {
	return &raw.Job{
		JobReference: &raw.JobReference{JobId: id},
		Configuration: &raw.JobConfiguration{Copy: &raw.JobConfigurationTableCopy{
			OperationType: operation, SourceTable: &raw.TableReference{ProjectId: "prod-1", DatasetId: "sales", TableId: "orders"},
			DestinationTable: &raw.TableReference{ProjectId: "stg-1", DatasetId: "stg", TableId: table},
		}},
	}
}

func TestSlowJobIsSeenPendingAndRunningAndThenDone(t *testing.T) {
	s, client, service := serve(t, bqsim.Options{JobPolls: 3})
	seed(t, s, client)
	job, err := service.Jobs.Insert("stg-1", cloneJob("j", "t", "CLONE")).Do()
	must(t, err)
	states := []string{job.Status.State}
	for range 4 {
		if _, err := service.Tables.Get("stg-1", "stg", "t").Do(); reason(err) != "notFound" {
			t.Errorf("destination of an unfinished job: %v", err)
		}
		job, err = service.Jobs.Get("stg-1", "j").Location("US").Fields("status", "statistics").Do()
		must(t, err)
		states = append(states, job.Status.State)
	}
	if got := strings.Join(states, " "); got != "PENDING PENDING RUNNING RUNNING DONE" {
		t.Errorf("states: %s", got)
	}
	if job.Status.ErrorResult != nil || job.Statistics.EndTime != s.Now().UnixMilli() {
		t.Errorf("done job: %+v %+v", job.Status, job.Statistics)
	}
}

func TestRunningCopyCannotBeStoppedAndAQueryCan(t *testing.T) {
	s, client, service := serve(t, bqsim.Options{JobPolls: 1})
	seed(t, s, client)
	_, err := service.Jobs.Insert("stg-1", cloneJob("copy", "t", "CLONE")).Do()
	must(t, err)
	query := client.Query("CREATE TABLE `stg-1.stg.u` CLONE `prod-1.sales.orders`")
	query.JobID = "query"
	job, err := query.Run(t.Context())
	must(t, err)
	must(t, job.Cancel(t.Context()))
	_, err = service.Jobs.Cancel("stg-1", "copy").Do()
	must(t, err)
	must(t, s.Advance(0))
	for table, want := range map[string]bool{"t": true, "u": false} {
		if _, err := service.Tables.Get("stg-1", "stg", table).Do(); (err == nil) != want {
			t.Errorf("table %s after the cancellation: %v", table, err)
		}
	}
	if _, err := job.Wait(t.Context()); reason(err) != "stopped" {
		t.Errorf("cancelled query: %v", err)
	}
}

func TestClockThatMovesEndsJobs(t *testing.T) {
	s, client, service := serve(t, bqsim.Options{})
	seed(t, s, client)
	s.Inject(bqsim.Fault{Kind: bqsim.SlowJob, Polls: 1_000_000})
	_, err := service.Jobs.Insert("stg-1", cloneJob("j", "t", "CLONE")).Do()
	must(t, err)
	must(t, s.Advance(hour))
	table, err := service.Tables.Get("stg-1", "stg", "t").Do()
	must(t, err)
	if table.CreationTime != start.Add(2*hour).UnixMilli() {
		t.Errorf("created at %d, want the time before the clock moved", table.CreationTime)
	}
	if err := s.Advance(-1); err == nil {
		t.Error("the clock ran backwards")
	}
}

func TestFaultsStrikeInOrder(t *testing.T) {
	s, client, service := serve(t, bqsim.Options{})
	seed(t, s, client)
	s.Inject(
		bqsim.Fault{Kind: bqsim.Unavailable, Method: "tables.get", Skip: 1},
		bqsim.Fault{Kind: bqsim.RateLimitExceeded, Method: "tables.get", Skip: 2},
		bqsim.Fault{Kind: bqsim.QuotaExceeded, Method: "tables.get", Skip: 2},
	)
	var got []string
	for range 5 {
		code, out := call(t, s, "GET", "/projects/prod-1/datasets/sales/tables/orders", "")
		if code == 200 {
			got = append(got, "ok")
			continue
		}
		got = append(got, fmt.Sprint(code, " ", strings.SplitN(firstError(out), ":", 2)[0]))
	}
	if want := "ok, 503 backendError, 403 rateLimitExceeded, 403 quotaExceeded, ok"; strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
	if _, err := service.Datasets.Get("prod-1", "sales").Do(); err != nil {
		t.Errorf("another method: %v", err)
	}
}

func TestLostResponseLeavesTheJobAndABrokenConnectionDoesNot(t *testing.T) {
	s, client, service := serve(t, bqsim.Options{})
	seed(t, s, client)
	for _, tt := range []struct {
		kind bqsim.Kind
		want string
	}{{bqsim.LostResponse, "duplicate"}, {bqsim.Broken, ""}} {
		kind, want := tt.kind, tt.want
		id := fmt.Sprintf("j%d", kind)
		s.Inject(bqsim.Fault{Kind: kind, Method: "jobs.insert"})
		_, err := service.Jobs.Insert("stg-1", cloneJob(id, id, "CLONE")).Do()
		if text := fmt.Sprint(err); !errors.Is(err, io.EOF) && !strings.Contains(text, "connection reset") {
			t.Errorf("fault %d: %v", kind, err)
		}
		_, err = service.Jobs.Insert("stg-1", cloneJob(id, id, "CLONE")).Do()
		if want == "" && err != nil || want != "" && reason(err) != want {
			t.Errorf("fault %d, again: %v, want %q", kind, err, want)
		}
		if _, err := service.Tables.Get("stg-1", "stg", id).Do(); err != nil {
			t.Errorf("fault %d: %v", kind, err)
		}
	}
}

func TestClientRetriesALostCloneAndFindsItsJob(t *testing.T) {
	if testing.Short() {
		t.Skip("the client waits before it tries again")
	}
	s, client, _ := serve(t, bqsim.Options{})
	seed(t, s, client)
	s.Inject(bqsim.Fault{Kind: bqsim.LostResponse, Method: "jobs.insert"})
	c := client.Dataset("stg").Table("t").CopierFrom(client.DatasetInProject("prod-1", "sales").Table("orders"))
	c.OperationType, c.JobID = bigquery.CloneOperation, "fixed"
	if _, err := c.Run(t.Context()); reason(err) != "duplicate" {
		t.Fatalf("retried job: %v", err)
	}
	job, err := client.JobFromIDLocation(t.Context(), "fixed", "US")
	must(t, err)
	must(t, job.LastStatus().Err())
}

func TestFailedJobDoesNothing(t *testing.T) {
	s := world(t, bqsim.Options{})
	s.Inject(bqsim.Fault{Kind: bqsim.FailedJob, Reason: "backendError"})
	if got := copying(t, s, "CLONE", source, "stg-1.stg.t", ""); !strings.HasPrefix(got, "backendError: ") {
		t.Errorf("failed job: %q", got)
	}
	if code, _ := call(t, s, "GET", "/projects/stg-1/datasets/stg/tables/t", ""); code != 404 {
		t.Errorf("its destination: %d", code)
	}
}

func TestHundredSnapshotJobsRunAtOnceAndNoMore(t *testing.T) {
	s := world(t, bqsim.Options{JobPolls: 1})
	for i := range 100 {
		if got := copying(t, s, "SNAPSHOT", source, fmt.Sprintf("stg-1.stg.s%d", i), ""); got != "" {
			t.Fatal(got)
		}
	}
	if got := copying(t, s, "SNAPSHOT", source, "stg-1.stg.more", ""); !strings.HasPrefix(got, "HTTP rateLimitExceeded: ") {
		t.Errorf("one more: %q", got)
	}
	if got := copying(t, s, "CLONE", source, "stg-1.stg.clone", ""); got != "" {
		t.Errorf("a clone beside them: %q", got)
	}
	if peak := s.Peak(); peak.Snapshots != 100 || peak.Jobs != 101 {
		t.Errorf("peak: %+v", peak)
	}
}

func TestRequestsAboveTheRateAreRefused(t *testing.T) {
	s := world(t, bqsim.Options{RequestsPerSecond: 2})
	for range 1_000 { // three of them fall into one second, however slow the machine
		if code, out := call(t, s, "GET", "/projects/prod-1/datasets/sales", ""); code != 200 {
			if !strings.HasPrefix(firstError(out), "rateLimitExceeded: ") {
				t.Errorf("refused: %v", out)
			}
			return
		}
	}
	t.Error("no request was refused")
}

func TestJobsAreListedNewestFirst(t *testing.T) {
	s, client, service := serve(t, bqsim.Options{})
	seed(t, s, client)
	for i := range 60 {
		run(t, client, fmt.Sprintf("j%02d", i), "SELECT UNIX_MILLIS(CURRENT_TIMESTAMP())")
	}
	var ids []string
	err := service.Jobs.List("stg-1").StateFilter("done").Pages(t.Context(), func(list *raw.JobList) error {
		for _, j := range list.Jobs {
			ids = append(ids, j.JobReference.JobId)
		}
		return nil
	})
	must(t, err)
	if len(ids) != 60 || ids[0] != "j59" || ids[59] != "j00" {
		t.Errorf("%d jobs: %v", len(ids), ids)
	}
	children, err := service.Jobs.List("stg-1").ParentJobId("j00").Do()
	must(t, err)
	if len(children.Jobs) != 0 {
		t.Errorf("children: %v", children.Jobs)
	}
}

func TestWritesNameWhatWasAskedForAndNotWhatWasRead(t *testing.T) {
	s := world(t, bqsim.Options{})
	before := len(s.Writes())
	copying(t, s, "CLONE", source, "stg-1.stg.t", "")
	querying(t, s, "CREATE TABLE `stg-1.stg.t` CLONE `"+source+"`") // refused: it is there
	querying(t, s, "SELECT COUNT(*) FROM `"+source+"` AS t")
	ok(t, s, "GET", "/projects/prod-1/datasets/sales/tables/orders", "")
	ok(t, s, "DELETE", "/projects/stg-1/datasets/stg/tables/t", "")
	got := fmt.Sprint(s.Writes()[before:])
	if want := "[{jobs.insert stg-1.stg.t} {jobs.insert stg-1.stg.t} {tables.delete stg-1.stg.t}]"; got != want {
		t.Errorf("writes %s, want %s", got, want)
	}
}
