// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"bytes"
	"maps"
	"math/big"
	"slices"
	"strings"
)

// queryJob reads the configuration of a query job. What is not one of the
// statements of the closed list can be dry-run, and not run.
func (s *Server) queryJob(r *request, j *job) error {
	config := j.config.sub("query")
	if legacy, set := config["useLegacySql"].(bool); !set || legacy {
		return unsimulated("legacy SQL (useLegacySql is not false)")
	}
	for _, key := range []string{"destinationTable", "queryParameters", "tableDefinitions", "connectionProperties", "createSession"} {
		switch v := config[key].(type) {
		case nil:
		case bool:
			if v {
				return unsimulated("%s of a query", key)
			}
		default:
			return unsimulated("%s of a query", key)
		}
	}
	sc := scope{project: r.project()}
	if d := config.sub("defaultDataset"); d != nil {
		sc.dataset = d.str("datasetId")
		if d.str("projectId") != "" {
			sc.project = d.str("projectId")
		}
	}
	j.kind = "QUERY"
	sql := config.str("query")
	st, err := parse(sql)
	if err != nil && j.config.bool("dryRun") && isSelect(sql) {
		return s.analyse(j, sql, sc)
	}
	if err != nil {
		return err
	}
	return s.prepare(r, j, st, sc)
}

// prepare makes a job of a statement.
func (s *Server) prepare(r *request, j *job, st statement, sc scope) error {
	j.stats = object{"statementType": strings.Fields(string(st.kind))[0], "totalBytesProcessed": "0", "totalBytesBilled": "0", "cacheHit": false}
	switch st.kind {
	case createSchema:
		return s.prepareSchema(r, j, st, sc)
	case createTable, createSnapshot:
		return s.prepareClone(r, j, st, sc)
	case selectNow:
		s.locate(j, DatasetRef{})
		j.run = func() error {
			j.result = answerRow([]string{"f0_"}, []string{"INTEGER"}, int64Text(s.now.UnixMilli()))
			return nil
		}
		return nil
	case selectOptions:
		return s.prepareOptions(r, j, st)
	default:
		return s.prepareCount(r, j, st, sc)
	}
}

func (s *Server) prepareClone(r *request, j *job, st statement, sc scope) error {
	destination, ok1 := sc.table(st.destination)
	source, ok2 := sc.table(st.source)
	if !ok1 || !ok2 {
		return invalidQuery("Table must be qualified with a dataset (e.g. dataset.table).")
	}
	extra, err := s.tableOptions(st.options)
	if err != nil {
		return err
	}
	if !j.config.bool("dryRun") {
		s.log.write(r.method, destination.String())
	}
	tr := transfer{
		op: opClone, source: source, at: st.at, destination: destination, disposition: "WRITE_EMPTY", statement: true,
		extra: extra, principal: r.principal, began: s.now,
	}
	if st.kind == createSnapshot {
		tr.op, j.snapshot = opSnapshot, true
	}
	s.locate(j, destination.dataset())
	j.stats["ddlOperationPerformed"], j.stats["ddlTargetTable"] = "CREATE", destination.json()
	j.stats["referencedTables"] = []any{source.json()}
	if j.config.bool("dryRun") {
		_, _, err := s.table(source)
		return err
	}
	j.run = func() error {
		if err := s.inLocation(j, destination.dataset(), source.dataset()); err != nil {
			return err
		}
		_, err := s.run(tr)
		return err
	}
	return nil
}

// inLocation refuses datasets that do not lie where the job runs.
func (s *Server) inLocation(j *job, refs ...DatasetRef) error {
	for _, ref := range refs {
		if d := s.datasets[ref]; d == nil || !strings.EqualFold(d.location(), j.location) {
			return notFound("Dataset %s was not found in location %s", ref.colon(), j.location)
		}
	}
	return nil
}

func (s *Server) prepareSchema(r *request, j *job, st statement, sc scope) error {
	ref := DatasetRef{Project: sc.project}
	switch len(st.destination) {
	case 1:
		ref.Dataset = st.destination[0]
	case 2:
		ref = DatasetRef{st.destination[0], st.destination[1]}
	default:
		return invalidQuery("Invalid dataset name %q", strings.Join(st.destination, "."))
	}
	meta := resource{}
	for _, name := range slices.Sorted(maps.Keys(st.options)) {
		value := st.options[name]
		_, isText := value.(string)
		_, isPairs := value.(object)
		field := map[string]string{
			"location": "location", "description": "description", "friendly_name": "friendlyName", "labels": "labels",
			"max_time_travel_hours": "maxTimeTravelHours",
		}[name]
		if field == "" || isPairs != (name == "labels") || !isPairs && !isText {
			return invalidQuery("Option %s of CREATE SCHEMA: not supported by the simulator", name)
		}
		meta[field] = value
	}
	j.stats["ddlOperationPerformed"], j.stats["ddlTargetDataset"] = "CREATE", ref.json()
	if j.location == "" {
		if j.location = meta.str("location"); j.location == "" {
			j.location = "US"
		}
	}
	if meta.str("location") == "" {
		meta["location"] = j.location
	}
	if j.config.bool("dryRun") {
		return nil
	}
	s.log.write(r.method, ref.String())
	j.run = func() error {
		if err := s.need(r.principal, "projects/"+ref.Project, "datasets.create"); err != nil {
			return err
		}
		_, err := s.makeDataset(ref, meta)
		return err
	}
	return nil
}

// tableOptions are the fields that OPTIONS of CREATE ... CLONE set.
func (s *Server) tableOptions(options map[string]any) (object, error) {
	out := object{}
	for _, name := range slices.Sorted(maps.Keys(options)) {
		field := map[string]string{"description": "description", "friendly_name": "friendlyName", "labels": "labels", "expiration_timestamp": "expirationTime"}[name]
		switch value := options[name].(type) {
		case int64:
			if name != "expiration_timestamp" {
				field = ""
			} else if value <= s.now.UnixMilli() {
				return nil, invalidQuery("Expiration time %d is not in the future", value)
			}
			out[field] = int64Text(value)
		case object:
			if name != "labels" {
				field = ""
			}
			out[field] = value
		default:
			if name == "labels" || name == "expiration_timestamp" {
				field = ""
			}
			out[field] = value
		}
		if field == "" {
			return nil, invalidQuery("Option %s: not supported by the simulator", name)
		}
	}
	return out, labels(out)
}

func (s *Server) prepareCount(r *request, j *job, st statement, sc scope) error {
	ref, ok := sc.table(st.source)
	if !ok {
		return invalidQuery("Table must be qualified with a dataset (e.g. dataset.table).")
	}
	s.locate(j, ref.dataset())
	j.stats["referencedTables"] = []any{ref.json()}
	count := func() error {
		if err := s.inLocation(j, ref.dataset()); err != nil {
			return err
		}
		v, err := s.shown(ref, st.at, r.principal)
		if err != nil {
			return err
		}
		rows, bytes := v.size()
		if st.kind == selectCount {
			bytes = 0 // metadata tells
			j.result = answerRow([]string{"f0_"}, []string{"INTEGER"}, int64Text(rows))
		} else if err := j.withinBudget(bytes); err != nil {
			return err
		} else if !j.config.bool("dryRun") {
			j.result = fingerprints(v, rows)
		}
		j.stats["totalBytesProcessed"] = int64Text(bytes)
		return nil
	}
	if j.config.bool("dryRun") {
		return count()
	}
	j.run = count
	return nil
}

// shown is what a query reads of a table: now, with the streaming buffer, or at
// a time, without it.
func (s *Server) shown(ref TableRef, at *int64, principal string) (version, error) {
	t, d, err := s.table(ref)
	if err != nil {
		return version{}, err
	}
	if err := s.need(principal, ref.path(), "tables.get", "tables.getData"); err != nil {
		return version{}, err
	}
	if t.kind != kindTable && t.kind != kindSnapshot {
		return version{}, invalidQuery("Query of table %s of type %s: not supported by the simulator", ref.colon(), t.kind)
	}
	if at == nil {
		return t.live(), nil
	}
	if t.kind == kindSnapshot {
		return version{}, invalidQuery("FOR SYSTEM_TIME AS OF is not supported on snapshot %s", ref.colon())
	}
	return s.past(d, t, *at, principal, "Invalid time travel timestamp %d for table %s@%d. Cannot read before %d")
}

// fingerprints computes the columns of the fingerprint statement.
func fingerprints(v version, rows int64) version {
	var xor int64
	sum := new(big.Int)
	var b bytes.Buffer
	v.each(0, func(r row) bool {
		b.Reset()
		rowJSON(&b, v.schema, r)
		n := fingerprint(b.Bytes())
		xor ^= n
		sum.Add(sum, big.NewInt(n))
		return true
	})
	names, types := []string{"f0_", "f1_", "f2_"}, []string{"INTEGER", "INTEGER", "BIGNUMERIC"}
	if rows == 0 {
		return answerRow(names, types, "0", nil, nil)
	}
	return answerRow(names, types, int64Text(rows), int64Text(xor), sum.String())
}

// answerRow is a result of one row.
func answerRow(names, types []string, values ...any) version {
	var columns []any
	r := make(row)
	for i, name := range names {
		columns = append(columns, object{"name": name, "type": types[i], "mode": "NULLABLE"})
		if values[i] != nil {
			r[name] = values[i]
		}
	}
	return version{schema: resource{"fields": columns}, chunks: []*chunk{{rows: []row{r}}}}
}
