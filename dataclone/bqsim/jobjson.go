// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"errors"
	"fmt"
	"maps"
	"strings"
)

func (j *job) state() string {
	switch {
	case j.done():
		return "DONE"
	case j.seen < 2:
		return "PENDING"
	default:
		return "RUNNING"
	}
}

// json is the Job resource. A dry run has no ID.
func (j *job) json() object {
	ref := object{"projectId": j.key.project, "location": j.location}
	if j.key.id != "" {
		ref["jobId"] = j.key.id
	}
	config := maps.Clone(object(j.config))
	config["jobType"] = j.kind
	stats := object{"creationTime": int64Text(j.created.UnixMilli()), strings.ToLower(j.kind): j.stats}
	status := object{"state": j.state()}
	if j.config.bool("dryRun") {
		status["state"] = "DONE"
		stats["totalBytesProcessed"] = "0"
	}
	if j.state() == "RUNNING" || j.done() {
		stats["startTime"] = int64Text(j.created.UnixMilli())
	}
	if j.done() {
		stats["endTime"] = int64Text(j.ended.UnixMilli())
	}
	if e := asAPIError(j.failure); e != nil {
		status["errorResult"] = e.proto()
		status["errors"] = []any{e.proto()}
	}
	caller := j.caller
	if caller == "" {
		caller = "anonymous"
	}
	return object{
		"kind": "bigquery#job", "id": fmt.Sprintf("%s:%s.%s", j.key.project, j.location, j.key.id), "etag": "sim-job-" + j.state(),
		"jobReference": ref, "configuration": config, "statistics": stats, "status": status, "user_email": caller,
	}
}

// asAPIError returns an error as the API reports it, nil for none.
func asAPIError(err error) *apiError {
	var e *apiError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &e):
		return e
	default:
		return &apiError{code: 500, reason: "internalError", message: err.Error()}
	}
}
