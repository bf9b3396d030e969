// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"google.golang.org/api/googleapi"
)

const (
	// attemptTimeout ends one attempt. BigQuery answers every call that is made here
	// in a few seconds, or says that a job runs.
	attemptTimeout = time.Minute
	// longestBackoff bounds the wait between attempts ("BigQuery
	// Service Level Agreement": at least 1 second, doubled, up to 32).
	longestBackoff = 32 * time.Second
)

// A CallError is a call that BigQuery refused or did not answer.
type CallError struct {
	// Method is that of the REST API, such as "tables.get".
	Method string
	// Object is what the call was about: a dataset, a table or a job.
	Object string
	// Attempts is how often the call was made.
	Attempts int
	// Err is a [*googleapi.Error] if BigQuery answered.
	Err error
}

// Error names method, object, and what BigQuery said.
func (e *CallError) Error() string {
	times := ""
	if e.Attempts > 1 {
		times = fmt.Sprintf(" (%d attempts)", e.Attempts)
	}
	return fmt.Sprintf("%s %s%s: %v", e.Method, e.Object, times, e.Err)
}

// Unwrap returns the reason.
func (e *CallError) Unwrap() error { return e.Err }

// Quota reports whether a quota is used up that does not come back in seconds: the run
// can be started again when it has.
func (e *CallError) Quota() bool { return reason(e.Err) == "quotaExceeded" }

// call makes one call of the API, and makes it again while BigQuery says that it may
// work: at most Attempts times, and not after ctx ended.
func call[T any](ctx context.Context, c *Client, method, object string, do func(context.Context) (T, error)) (T, error) {
	backoff := c.backoff
	for attempt := 1; ; attempt++ {
		var none T
		if err := c.limiter.wait(ctx, method); err != nil {
			return none, &CallError{Method: method, Object: object, Attempts: attempt - 1, Err: err}
		}
		out, err := once(ctx, do)
		if err == nil {
			return out, nil
		}
		if attempt == c.options.Attempts || ctx.Err() != nil || !passing(err) {
			return none, &CallError{Method: method, Object: object, Attempts: attempt, Err: err}
		}
		if err := sleep(ctx, backoff/2+rand.N(backoff/2)); err != nil {
			return none, &CallError{Method: method, Object: object, Attempts: attempt, Err: err}
		}
		backoff = min(2*backoff, longestBackoff)
	}
}

func once[T any](ctx context.Context, do func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	return do(ctx)
}

// passing reports whether an error may be gone in a moment ("Error messages" of
// BigQuery: backendError, internalError and rateLimitExceeded are to be retried,
// quotaExceeded is not). What is no answer of BigQuery is one of the connection.
func passing(err error) bool {
	var answer *googleapi.Error
	if !errors.As(err, &answer) {
		return true
	}
	switch reason(err) {
	case "backendError", "internalError", "rateLimitExceeded", "jobRateLimitExceeded", "jobInternalError", "jobBackendError":
		return true
	case "quotaExceeded":
		return false
	}
	return slices.Contains([]int{
		http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout,
	}, answer.Code)
}

// reason is the reason that BigQuery gave in an answer or in a job, or "".
func reason(err error) string {
	if answer, ok := errors.AsType[*googleapi.Error](err); ok {
		for _, item := range answer.Errors {
			if item.Reason != "" {
				return item.Reason
			}
		}
	}
	if job, ok := errors.AsType[*JobError](err); ok {
		return job.Reason
	}
	return ""
}

// answered reports whether BigQuery answered with a status of HTTP.
func answered(err error, status int) bool {
	var answer *googleapi.Error
	return errors.As(err, &answer) && answer.Code == status
}

func isAbsent(err error) bool    { return answered(err, http.StatusNotFound) }
func isDuplicate(err error) bool { return answered(err, http.StatusConflict) }
func isForbidden(err error) bool {
	return answered(err, http.StatusForbidden) && !passing(err) && reason(err) != "quotaExceeded"
}
func isOutdated(err error) bool { return answered(err, http.StatusPreconditionFailed) }
