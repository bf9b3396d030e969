// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options of a Server. The zero value is a service without limits of its own
// making, whose clock stands at the time of New.
type Options struct {
	// Start is what the server's clock shows first, cut to milliseconds. Zero
	// is the machine's time. A Start far from it is a client whose clock is wrong.
	Start time.Time
	// Organizations names the organization of a project. Projects that it
	// leaves out share one.
	Organizations map[string]string
	// JobPolls is how often a job is seen unfinished before it is done. Zero is
	// a job that is done when jobs.insert answers.
	JobPolls int
	// RequestsPerSecond is how many requests of one method are answered in a
	// second of the machine's time; the others get rateLimitExceeded. Zero is
	// no limit; BigQuery's is 100 a user.
	RequestsPerSecond int
}

// A Server is a BigQuery in memory. It is an http.Handler that answers below
// "/" and below "/bigquery/v2/", and safe for concurrent use.
type Server struct {
	options Options
	routes  []route

	mu         sync.Mutex // guards all below
	now        time.Time
	sequence   int64 // of etags and IDs
	datasets   map[DatasetRef]*dataset
	jobs       map[jobKey]*job
	jobOrder   []*job
	unfinished map[*job]bool
	nextExpiry time.Time
	full       []TableRef
	access     []rule

	log logbook // has its own lock
}

// New returns a server that holds nothing. Projects need not be made.
func New(options Options) *Server {
	start := options.Start
	if start.IsZero() {
		start = time.Now()
	}
	return &Server{
		options:    options,
		routes:     routes(),
		now:        start.UTC().Truncate(time.Millisecond),
		datasets:   make(map[DatasetRef]*dataset),
		jobs:       make(map[jobKey]*job),
		unfinished: make(map[*job]bool),
		access:     []rule{{Access{Permission: overrideTimeTravel}, false}},
		log:        newLogbook(),
	}
}

// Now returns what the server's clock shows. It moves only by Advance.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Advance moves the clock, cut to milliseconds. Jobs that ran are done after
// it, as of the time before. A negative duration is refused.
func (s *Server) Advance(d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("advance by %v: the clock does not run backwards", d)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, j := range s.jobOrder {
		s.finish(j)
	}
	s.now = s.now.Add(d.Truncate(time.Millisecond))
	s.sweep()
	return nil
}

// Listen serves on a free port of the loopback interface until close is
// called. The URL is for option.WithEndpoint, with option.WithoutAuthentication.
func (s *Server) Listen() (url string, close func() error, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("bqsim: %w", err)
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	return "http://" + listener.Addr().String(), sync.OnceValue(func() error {
		err := server.Close()
		if served := <-done; !errors.Is(served, http.ErrServerClosed) {
			return errors.Join(err, served)
		}
		return err
	}), nil
}

// etag returns one that no resource had before.
func (s *Server) etag() string {
	s.sequence++
	return fmt.Sprintf("sim-%08x", s.sequence)
}

// FullCopies returns the destinations of jobs that were asked for a clone or a
// snapshot and copied the rows, since source and destination lie in different
// locations.
func (s *Server) FullCopies() []TableRef {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]TableRef(nil), s.full...)
}
