// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"fmt"
	"net/http"
)

// apiError is an error as BigQuery reports it, at the level of HTTP or in the
// status of a job.
type apiError struct {
	code     int
	reason   string
	message  string
	location string
}

func (e *apiError) Error() string { return fmt.Sprintf("%d %s: %s", e.code, e.reason, e.message) }

// proto is an ErrorProto, as jobs carry it.
func (e *apiError) proto() object {
	o := object{"reason": e.reason, "message": e.message}
	if e.location != "" {
		o["location"] = e.location
	}
	return o
}

func (e *apiError) body() object {
	item := e.proto()
	item["domain"] = "global"
	return object{"error": object{"code": e.code, "message": e.message, "errors": []any{item}, "status": status(e.code)}}
}

// status is the name of the canonical code that goes with an HTTP status.
func status(code int) string {
	switch code {
	case http.StatusBadRequest:
		return "INVALID_ARGUMENT"
	case http.StatusForbidden:
		return "PERMISSION_DENIED"
	case http.StatusNotFound:
		return "NOT_FOUND"
	case http.StatusConflict:
		return "ALREADY_EXISTS"
	case http.StatusPreconditionFailed:
		return "FAILED_PRECONDITION"
	case http.StatusNotImplemented:
		return "UNIMPLEMENTED"
	case http.StatusServiceUnavailable:
		return "UNAVAILABLE"
	default:
		return "UNKNOWN"
	}
}

func invalid(format string, args ...any) error {
	return &apiError{code: http.StatusBadRequest, reason: "invalid", message: fmt.Sprintf(format, args...)}
}

func invalidQuery(format string, args ...any) error {
	return &apiError{code: http.StatusBadRequest, reason: "invalidQuery", message: fmt.Sprintf(format, args...), location: "query"}
}

func notFound(format string, args ...any) error {
	return &apiError{code: http.StatusNotFound, reason: "notFound", message: "Not found: " + fmt.Sprintf(format, args...)}
}

func duplicate(format string, args ...any) error {
	return &apiError{code: http.StatusConflict, reason: "duplicate", message: "Already Exists: " + fmt.Sprintf(format, args...)}
}

func denied(format string, args ...any) error {
	return &apiError{code: http.StatusForbidden, reason: "accessDenied", message: "Access Denied: " + fmt.Sprintf(format, args...)}
}

func quotaExceeded(format string, args ...any) error {
	return &apiError{code: http.StatusForbidden, reason: "quotaExceeded", message: "Quota exceeded: " + fmt.Sprintf(format, args...)}
}

func rateLimited(format string, args ...any) error {
	return &apiError{code: http.StatusForbidden, reason: "rateLimitExceeded", message: "Exceeded rate limits: " + fmt.Sprintf(format, args...)}
}

// unsimulated refuses what BigQuery can do and the simulator cannot.
func unsimulated(format string, args ...any) error {
	return &apiError{code: http.StatusNotImplemented, reason: "notImplemented", message: fmt.Sprintf(format, args...) + ": not supported by the simulator"}
}
