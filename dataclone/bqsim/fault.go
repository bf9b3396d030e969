// SPDX-License-Identifier: Apache-2.0

package bqsim

// A Kind is a kind of fault.
type Kind int

// The faults that can be injected.
const (
	_                 Kind = iota
	Unavailable            // HTTP 503 backendError, nothing is done
	RateLimitExceeded      // HTTP 403 rateLimitExceeded, nothing is done
	QuotaExceeded          // HTTP 403 quotaExceeded, nothing is done
	Broken                 // the connection ends, nothing is done
	LostResponse           // the call is done, then the connection ends
	SlowJob                // the job is seen unfinished Polls times
	FailedJob              // the job fails with Reason; it does nothing
)

// A Fault is what goes wrong with one call.
type Fault struct {
	Kind Kind
	// Method is such as "tables.get". Empty is any method, and for SlowJob and
	// FailedJob the two that make jobs.
	Method string
	// Skip is how many calls of Method go well first, counted from Inject.
	Skip int
	// Polls is for SlowJob: how often jobs.get and jobs.getQueryResults find
	// the job unfinished. Advance ends it earlier.
	Polls int
	// Reason is for FailedJob, such as "backendError"; empty is "internalError".
	Reason string
}

// Inject adds faults. Each strikes once; of several that are due, the one
// injected first.
func (s *Server) Inject(faults ...Fault) {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	s.log.faults = append(s.log.faults, faults...)
}

// fault returns the fault that strikes this call of a method, zero if none.
func (l *logbook) fault(method string) Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	var due Fault
	kept := l.faults[:0]
	for _, f := range l.faults {
		if !f.concerns(method) {
			kept = append(kept, f)
			continue
		}
		if f.Skip == 0 && due.Kind == 0 {
			due = f
			continue
		}
		if f.Skip > 0 {
			f.Skip--
		}
		kept = append(kept, f)
	}
	l.faults = kept
	return due
}

func (f Fault) concerns(method string) bool {
	if f.Method == "" && (f.Kind == SlowJob || f.Kind == FailedJob) {
		return method == "jobs.insert" || method == "jobs.query"
	}
	return f.Method == "" || f.Method == method
}

// refusal is the error of a fault that refuses a call.
func (f Fault) refusal() (object, error) {
	switch f.Kind {
	case Unavailable:
		return nil, &apiError{code: 503, reason: "backendError", message: "Error encountered during execution. Retrying may solve the problem."}
	case RateLimitExceeded:
		return nil, rateLimited("too many requests for this project")
	case QuotaExceeded:
		return nil, quotaExceeded("Your project exceeded quota for copies per project.")
	default:
		return nil, nil
	}
}
