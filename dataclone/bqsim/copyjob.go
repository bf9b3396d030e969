// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"strconv"
	"strings"
	"time"
)

// copyJob reads the configuration of a copy job.
func (s *Server) copyJob(r *request, j *job) error {
	config := j.config.sub("copy")
	destination, err := tableRef(config.sub("destinationTable"), r.project())
	if err != nil {
		return err
	}
	s.log.write(r.method, destination.String())
	if j.config.bool("dryRun") {
		return unsimulated("dry run of a copy job") // "behavior of non-query jobs is undefined" (REST reference of Job)
	}
	source, err := copySource(config, r.project())
	if err != nil {
		return err
	}
	tr := transfer{
		op: config.str("operationType"), disposition: config.str("writeDisposition"), destination: destination,
		extra: object{}, principal: r.principal, began: s.now,
	}
	if err := tr.setOperation(); err != nil {
		return err
	}
	if tr.source, tr.at, err = decorated(source, s); err != nil {
		return err
	}
	if config.str("createDisposition") == "CREATE_NEVER" {
		return unsimulated("createDisposition CREATE_NEVER")
	}
	if text := config.str("destinationExpirationTime"); text != "" {
		when, err := time.Parse(time.RFC3339Nano, text)
		if err != nil || !when.After(s.now) {
			return invalid("Invalid destinationExpirationTime %q: it must be a time in the future", text)
		}
		tr.extra["expirationTime"] = int64Text(when.UnixMilli())
	}
	s.locate(j, destination.dataset())
	j.kind, j.snapshot, j.stats = opCopy, tr.op == opSnapshot, object{}
	j.run = func() error {
		rows, err := s.run(tr)
		if err == nil {
			j.stats = object{"copiedRows": int64Text(rows)}
		}
		return err
	}
	return nil
}

// setOperation checks the operation against the dispositions.
func (tr *transfer) setOperation() error {
	if tr.disposition == "" {
		tr.disposition = "WRITE_EMPTY"
	}
	switch tr.op {
	case "", "OPERATION_TYPE_UNSPECIFIED":
		tr.op = opCopy
	case opCopy:
	case opClone, opSnapshot, opRestore:
		if tr.disposition != "WRITE_EMPTY" {
			name := map[string]string{opClone: "Clone", opSnapshot: "Snapshot", opRestore: "Restore"}[tr.op]
			return invalid("%s operation with write disposition %s is not supported. Please try again with WRITE_EMPTY.", name, tr.disposition)
		}
	default:
		return invalid("Invalid value for operationType: %q", tr.op)
	}
	switch tr.disposition {
	case "WRITE_EMPTY", "WRITE_TRUNCATE", "WRITE_APPEND":
		return nil
	default:
		return unsimulated("writeDisposition %q", tr.disposition)
	}
}

// copySource reads the one source of a copy job.
func copySource(config resource, project string) (TableRef, error) {
	source := config.sub("sourceTable")
	switch list := config.list("sourceTables"); {
	case source != nil && len(list) > 0:
		return TableRef{}, invalid("Only one of sourceTable and sourceTables may be set")
	case len(list) > 1:
		return TableRef{}, unsimulated("a copy of several tables")
	case len(list) == 1:
		source, _ = list[0].(object)
	}
	return tableRef(source, project)
}

// decorated cuts a time off the name of a table: "t@ms", or "t@-ms" for so long
// before now, or "t@0" for the oldest there is (page "Table decorators").
func decorated(t TableRef, s *Server) (TableRef, *int64, error) {
	name, text, found := strings.Cut(t.Table, "@")
	if strings.ContainsAny(t.Table, "$*") {
		return t, nil, unsimulated("table %q", t.Table)
	}
	if !found {
		return t, nil, nil
	}
	t.Table = name
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return t, nil, invalid("Invalid table decorator %q", "@"+text)
	}
	if ms <= 0 {
		now := s.now.UnixMilli()
		if ms < -now {
			ms = -now
		}
		if ms != 0 {
			ms += now
		} else if ms, err = s.oldest(t); err != nil {
			return t, nil, err
		}
	}
	return t, &ms, nil
}

// oldest is the earliest time at which a table can be read.
func (s *Server) oldest(ref TableRef) (int64, error) {
	t, d, err := s.table(ref)
	if err != nil {
		return 0, err
	}
	return max(t.created.UnixMilli(), s.now.Add(-d.window()).UnixMilli()), nil
}

// locate sets the location of a job that names none: that of a dataset.
func (s *Server) locate(j *job, ref DatasetRef) {
	if j.location != "" {
		return
	}
	j.location = "US"
	if d := s.datasets[ref]; d != nil {
		j.location = d.location()
	}
}
