// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"sync"
	"time"
)

// A Call is a request that the server got.
type Call struct {
	Method string // such as "tables.get"; "unknown" if the simulator has no such method
	Verb   string // of HTTP
	Path   string
	Status int // of HTTP; zero if a fault ended the connection and nothing was done
}

// A Write is a resource that a call asked to change, whether or not it did.
type Write struct {
	Method string
	Target string // "project.dataset" or "project.dataset.name"
}

// A Peak is the highest number of things that went on at once.
type Peak struct {
	Requests  int
	Jobs      int // not yet done, of all projects
	Snapshots int // those of the jobs that make table snapshots
}

// A logbook is what tests ask about, and the faults they injected.
type logbook struct {
	mu       sync.Mutex
	calls    []Call
	writes   []Write
	faults   []Fault
	inFlight int
	peak     Peak
	second   int64          // of the machine's time
	inSecond map[string]int // calls in it, by method
}

func newLogbook() logbook {
	return logbook{inSecond: make(map[string]int)}
}

func (l *logbook) call(c Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, c)
}

func (l *logbook) write(method, target string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.writes = append(l.writes, Write{method, target})
}

// enter counts a call in; what it returns counts it out.
func (l *logbook) enter() func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inFlight++
	l.peak.Requests = max(l.peak.Requests, l.inFlight)
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.inFlight--
	}
}

func (l *logbook) running(jobs, snapshots int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.peak.Jobs = max(l.peak.Jobs, jobs)
	l.peak.Snapshots = max(l.peak.Snapshots, snapshots)
}

// admit refuses calls above a number a second and method. Zero is no limit.
func (l *logbook) admit(method string, limit int) error {
	if limit <= 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now().Unix(); now != l.second {
		l.second = now
		clear(l.inSecond)
	}
	l.inSecond[method]++
	if l.inSecond[method] > limit {
		return rateLimited("too many api requests per user per method for this user_method. For more information, see https://cloud.google.com/bigquery/troubleshooting-errors")
	}
	return nil
}

// Calls returns the requests answered so far, in order of their end.
func (s *Server) Calls() []Call {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return append([]Call(nil), s.log.calls...)
}

// Writes returns what calls asked to change, in order, refused calls included:
// a test that finds nothing of production here knows that nobody tried.
func (s *Server) Writes() []Write {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return append([]Write(nil), s.log.writes...)
}

// Peak returns the highest numbers so far.
func (s *Server) Peak() Peak {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return s.log.peak
}
