// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"net/http"
	"net/url"
	"strings"
)

// A route is a method of the API.
type route struct {
	method string // as the API's reference names it
	verb   string
	path   string // "*" stands for one name
	handle func(*Server, *request) (object, error)
	status int // of success, zero is 200
}

// routes lists what is simulated.
func routes() []route {
	const (
		datasets = "projects/*/datasets"
		tables   = datasets + "/*/tables"
		routines = datasets + "/*/routines"
		models   = datasets + "/*/models"
		policies = tables + "/*/rowAccessPolicies"
		none     = http.StatusNoContent
	)
	return []route{
		{"datasets.list", "GET", datasets, (*Server).listDatasets, 0},
		{"datasets.insert", "POST", datasets, (*Server).insertDataset, 0},
		{"datasets.get", "GET", datasets + "/*", (*Server).getDataset, 0},
		{"datasets.patch", "PATCH", datasets + "/*", (*Server).patchDataset, 0},
		{"datasets.update", "PUT", datasets + "/*", (*Server).patchDataset, 0},
		{"datasets.delete", "DELETE", datasets + "/*", (*Server).deleteDataset, none},

		{"tables.list", "GET", tables, (*Server).listTables, 0},
		{"tables.insert", "POST", tables, (*Server).insertTable, 0},
		{"tables.get", "GET", tables + "/*", (*Server).getTable, 0},
		{"tables.patch", "PATCH", tables + "/*", (*Server).patchTable, 0},
		{"tables.update", "PUT", tables + "/*", (*Server).patchTable, 0},
		{"tables.delete", "DELETE", tables + "/*", (*Server).deleteTable, none},
		{"tables.testIamPermissions", "POST", tables + "/*:testIamPermissions", (*Server).testPermissions, 0},
		{"tabledata.list", "GET", tables + "/*/data", (*Server).listRows, 0},
		{"tabledata.insertAll", "POST", tables + "/*/insertAll", (*Server).insertRows, 0},
		{"rowAccessPolicies.list", "GET", policies, (*Server).listPolicies, 0},
		{"rowAccessPolicies.insert", "POST", policies, (*Server).insertPolicy, 0},
		{"rowAccessPolicies.get", "GET", policies + "/*", (*Server).getPolicy, 0},
		{"rowAccessPolicies.delete", "DELETE", policies + "/*", (*Server).deletePolicy, none},
		{"rowAccessPolicies.testIamPermissions", "POST", policies + "/*:testIamPermissions", (*Server).testPermissions, 0},

		{"routines.list", "GET", routines, (*Server).listRoutines, 0},
		{"routines.insert", "POST", routines, (*Server).insertRoutine, 0},
		{"routines.get", "GET", routines + "/*", (*Server).getRoutine, 0},
		{"routines.update", "PUT", routines + "/*", (*Server).updateRoutine, 0},
		{"routines.delete", "DELETE", routines + "/*", (*Server).deleteRoutine, none},
		{"routines.testIamPermissions", "POST", routines + "/*:testIamPermissions", (*Server).testPermissions, 0},
		{"models.list", "GET", models, (*Server).listModels, 0},
		{"models.get", "GET", models + "/*", (*Server).getModel, 0},
		{"models.delete", "DELETE", models + "/*", (*Server).deleteModel, none},

		{"jobs.insert", "POST", "projects/*/jobs", (*Server).insertJob, 0},
		{"jobs.list", "GET", "projects/*/jobs", (*Server).listJobs, 0},
		{"jobs.get", "GET", "projects/*/jobs/*", (*Server).getJob, 0},
		{"jobs.cancel", "POST", "projects/*/jobs/*/cancel", (*Server).cancelJob, 0},
		{"jobs.query", "POST", "projects/*/queries", (*Server).query, 0},
		{"jobs.getQueryResults", "GET", "projects/*/queries/*", (*Server).queryResults, 0},
	}
}

// A request is a call of a method, read.
type request struct {
	method    string
	names     []string // what the stars of the path stand for
	path      string   // unescaped, below the prefix
	query     url.Values
	header    http.Header
	body      resource
	principal string
	fault     Fault
}

func (r *request) project() string { return r.names[0] }

func (r *request) dataset() DatasetRef { return DatasetRef{r.names[0], r.names[1]} }

func (r *request) table() TableRef { return TableRef{r.names[0], r.names[1], r.names[2]} }

// find returns the route of a request and the names in its path.
func (s *Server) find(verb, escaped string) (rt route, names []string, ok bool) {
	parts := strings.Split(strings.Trim(strings.TrimPrefix(escaped, "/bigquery/v2"), "/"), "/")
	for i, part := range parts {
		name, err := url.PathUnescape(part)
		if err != nil || name == "" {
			return route{}, nil, false
		}
		parts[i] = name
	}
	for _, rt := range s.routes {
		if rt.verb == verb {
			if names, ok := match(rt.path, parts); ok {
				return rt, names, true
			}
		}
	}
	return route{}, nil, false
}

// match holds the parts of a path against a pattern. A pattern with a custom
// method, ":name", takes it from the last part; the others refuse such a part,
// as no name of a table or routine has a colon.
func match(pattern string, parts []string) (names []string, ok bool) {
	if strings.Count(pattern, "/")+1 != len(parts) {
		return nil, false
	}
	i := -1
	for w := range strings.SplitSeq(pattern, "/") {
		i++
		part := parts[i]
		if strings.HasPrefix(w, "*") {
			custom := w[1:]
			if i > 1 && strings.Contains(part, ":") != (custom != "") {
				return nil, false
			}
			name, found := strings.CutSuffix(part, custom)
			if !found || name == "" {
				return nil, false
			}
			names = append(names, name)
		} else if w != part {
			return nil, false
		}
	}
	return names, true
}
