// SPDX-License-Identifier: Apache-2.0

package bqsim

import "maps"

// query is jobs.query: it makes a job and answers with its first page, or
// without rows while it runs.
func (s *Server) query(r *request) (object, error) {
	if err := s.need(r.principal, "projects/"+r.project(), "jobs.create"); err != nil {
		return nil, err
	}
	config := object{}
	for _, key := range []string{"query", "useLegacySql", "defaultDataset", "queryParameters", "connectionProperties", "createSession", "maximumBytesBilled"} {
		if v, ok := r.body[key]; ok {
			config[key] = v
		}
	}
	j := &job{
		key: jobKey{project: r.project()}, location: r.body.str("location"),
		config: resource{"query": config, "dryRun": r.body.bool("dryRun")},
	}
	if err := s.queryJob(r, j); err != nil {
		return nil, err
	}
	if !r.body.bool("dryRun") {
		if err := s.start(r, j); err != nil {
			return nil, err
		}
	}
	answer, err := s.results(r, j)
	if err != nil {
		return nil, err
	}
	answer["kind"] = "bigquery#queryResponse"
	if r.body.bool("dryRun") {
		answer["jobComplete"] = true
		delete(answer, "jobReference")
	}
	return answer, nil
}

// queryResults is jobs.getQueryResults.
func (s *Server) queryResults(r *request) (object, error) {
	j, err := s.findJob(r)
	if err != nil {
		return nil, err
	}
	if j.kind != "QUERY" {
		return nil, invalid("Cannot get query results of a job of type %s", j.kind)
	}
	s.look(j)
	return s.results(r, j)
}

// results answers with a page of a query's rows. The error of a failed query
// is that of the call.
func (s *Server) results(r *request, j *job) (object, error) {
	answer := object{
		"kind": "bigquery#getQueryResultsResponse", "jobComplete": j.done(),
		"jobReference": object{"projectId": j.key.project, "jobId": j.key.id, "location": j.location},
	}
	if j.failure != nil {
		return nil, j.failure
	}
	if !j.done() {
		return answer, nil
	}
	rows, _ := j.result.size()
	answer["totalRows"], answer["totalBytesProcessed"], answer["cacheHit"] = int64Text(rows), j.stats["totalBytesProcessed"], false
	if j.result.schema == nil {
		return answer, nil
	}
	answer["schema"] = maps.Clone(object(j.result.schema))
	query := *r
	if micros := r.body.sub("formatOptions").bool("useInt64Timestamp"); micros {
		query.query = map[string][]string{"formatOptions.useInt64Timestamp": {"true"}}
	}
	return answer, rowPage(&query, j.result, rows, answer)
}
