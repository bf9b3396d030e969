// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
)

type jobKey struct{ project, id string }

// A job is a copy or query job.
type job struct {
	key      jobKey
	location string
	config   resource
	kind     string // COPY or QUERY
	created  time.Time
	ended    time.Time
	polls    int // how often it is still to be seen unfinished
	seen     int
	snapshot bool
	caller   string
	run      func() error // what it does when it is done
	failure  error

	stats  object  // of the query or the copy
	result version // of a query
}

func (j *job) done() bool { return !j.ended.IsZero() }

const maxSnapshotJobs = 100 // of a project at once, page "Quotas and limits"

var jobID = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

func (s *Server) insertJob(r *request) (object, error) {
	ref := r.body.sub("jobReference")
	key := jobKey{r.project(), ref.str("jobId")}
	if err := s.need(r.principal, "projects/"+key.project, "jobs.create"); err != nil {
		return nil, err
	}
	config := r.body.sub("configuration")
	j := &job{key: key, location: ref.str("location"), config: config}
	var err error
	switch {
	case config.sub("copy") != nil:
		err = s.copyJob(r, j)
	case config.sub("query") != nil:
		err = s.queryJob(r, j)
	case config["load"] != nil || config["extract"] != nil:
		err = unsimulated("jobs that load or extract")
	default:
		err = invalid("Required parameter is missing: configuration")
	}
	if err != nil {
		return nil, err
	}
	if config.bool("dryRun") {
		return j.json(), nil
	}
	if err := s.start(r, j); err != nil {
		return nil, err
	}
	return j.json(), nil
}

// start accepts a job. One that takes no time is done when it returns.
func (s *Server) start(r *request, j *job) error {
	if j.key.id == "" {
		j.key.id = "job_" + s.etag()
	}
	if len(j.key.id) > 1024 || !jobID.MatchString(j.key.id) {
		return invalid("Invalid job ID %q", j.key.id)
	}
	if s.jobs[j.key] != nil {
		return duplicate("Job %s:%s.%s", j.key.project, j.location, j.key.id)
	}
	jobs, snapshots := 1, 0
	for other := range s.unfinished {
		jobs++
		if other.snapshot && other.key.project == j.key.project {
			snapshots++
		}
	}
	if j.snapshot {
		if snapshots >= maxSnapshotJobs {
			return rateLimited("too many concurrent table snapshot jobs for this project")
		}
		snapshots++
	}
	s.log.running(jobs, snapshots)
	j.created, j.caller, j.polls = s.now, r.principal, s.options.JobPolls
	switch r.fault.Kind {
	case SlowJob:
		j.polls = r.fault.Polls
	case FailedJob:
		reason := r.fault.Reason
		if reason == "" {
			reason = "internalError"
		}
		j.run = func() error {
			return &apiError{code: 500, reason: reason, message: "The job encountered an error during execution. Retrying the job may solve the problem."}
		}
	default:
	}
	s.jobs[j.key] = j
	s.jobOrder = append(s.jobOrder, j)
	s.unfinished[j] = true
	if j.polls == 0 {
		s.finish(j)
	}
	return nil
}

// finish does what the job is for, unless it did.
func (s *Server) finish(j *job) {
	if j.done() {
		return
	}
	j.failure = j.run()
	j.run = nil // and the statement that it holds
	j.ended = s.now
	delete(s.unfinished, j)
}

// look is a poll of the job.
func (s *Server) look(j *job) {
	if j.done() {
		return
	}
	if j.seen < j.polls {
		j.seen++
		return
	}
	s.finish(j)
}

// findJob returns the job that a request names, after one more poll.
func (s *Server) findJob(r *request) (*job, error) {
	j := s.jobs[jobKey{r.project(), r.names[1]}]
	if location := r.query.Get("location"); j == nil || location != "" && !strings.EqualFold(location, j.location) {
		return nil, notFound("Job %s:%s", r.project(), r.names[1])
	}
	return j, nil
}

func (s *Server) getJob(r *request) (object, error) {
	j, err := s.findJob(r)
	if err != nil {
		return nil, err
	}
	s.look(j)
	return j.json(), nil
}

// cancelJob stops a query that is not done. A copy goes on: it cannot be
// stopped (page "Managing tables").
func (s *Server) cancelJob(r *request) (object, error) {
	j, err := s.findJob(r)
	if err != nil {
		return nil, err
	}
	if !j.done() && j.kind == "QUERY" {
		j.run = func() error {
			return &apiError{code: 400, reason: "stopped", message: "Job execution was cancelled: User requested cancellation"}
		}
		s.finish(j)
	}
	return object{"kind": "bigquery#jobCancelResponse", "job": j.json()}, nil
}

func (s *Server) listJobs(r *request) (object, error) {
	for _, key := range []string{"minCreationTime", "maxCreationTime"} {
		if r.query.Get(key) != "" {
			return nil, unsimulated("jobs.list with %s", key)
		}
	}
	states := r.query["stateFilter"]
	var names []string
	byName := make(map[string]*job)
	for i, j := range s.jobOrder {
		if j.key.project != r.project() || r.query.Get("parentJobId") != "" {
			continue // no job has children: scripts are not simulated
		}
		if len(states) > 0 && !slices.ContainsFunc(states, func(state string) bool { return strings.EqualFold(state, j.state()) }) {
			continue
		}
		name := fmt.Sprintf("%010d", math.MaxInt32-i) // sorts the newest first
		names = append(names, name)
		byName[name] = j
	}
	slices.Sort(names)
	part, next, err := page(r, names)
	if err != nil {
		return nil, err
	}
	var items []any
	for _, name := range part {
		item := byName[name].json()
		item["state"] = byName[name].state()
		items = append(items, item)
	}
	return listed(object{"kind": "bigquery#jobList"}, "jobs", items, next), nil
}
