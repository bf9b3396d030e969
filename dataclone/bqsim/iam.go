// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"slices"
	"strings"
)

// overrideTimeTravel is needed to read the past of a table that has or had row
// access policies. Hardly anybody has it (page "Use row-level security with
// other BigQuery features"), so the server denies it until it is granted.
const overrideTimeTravel = "bigquery.rowAccessPolicies.overrideTimeTravelRestrictions"

// An Access is a set of permissions. What is empty stands for all.
type Access struct {
	// Principal is the bearer token of the request. A client without
	// authentication is "anonymous".
	Principal string
	// Permission is such as "bigquery.tables.getData".
	Permission string
	// Resource is such as "projects/p", "projects/p/datasets/d" or
	// "projects/p/datasets/d/tables/t", with all below it.
	Resource string
}

type rule struct {
	Access
	granted bool
}

// Grant gives access. Of the grants and denials that concern a permission, the
// last call decides; without one it is given, except for
// bigquery.rowAccessPolicies.overrideTimeTravelRestrictions.
func (s *Server) Grant(a Access) { s.decide(rule{a, true}) }

// Deny takes access. See Grant.
func (s *Server) Deny(a Access) { s.decide(rule{a, false}) }

func (s *Server) decide(r rule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.access = append(s.access, r)
}

// may says whether a principal has a permission on a resource.
func (s *Server) may(principal, permission, resource string) bool {
	if principal == "" {
		principal = "anonymous"
	}
	for _, r := range slices.Backward(s.access) {
		if (r.Principal == "" || r.Principal == principal) && (r.Permission == "" || r.Permission == permission) &&
			(r.Resource == "" || resource == r.Resource || strings.HasPrefix(resource, r.Resource+"/")) {
			return r.granted
		}
	}
	return true
}

// need refuses a caller without one of the permissions, given without the
// prefix "bigquery.".
func (s *Server) need(principal, resource string, permissions ...string) error {
	for _, p := range permissions {
		if s.may(principal, "bigquery."+p, resource) {
			continue
		}
		parts := strings.Split(resource, "/")
		switch {
		case len(parts) > 5:
			name := TableRef{parts[1], parts[3], parts[5]}
			return denied("Table %s: Permission bigquery.%s denied on table %s (or it may not exist).", name.colon(), p, name.colon())
		case len(parts) > 3:
			name := DatasetRef{parts[1], parts[3]}
			return denied("Dataset %s: Permission bigquery.%s denied on dataset %s (or it may not exist).", name.colon(), p, name.colon())
		default:
			return denied("Project %s: User does not have bigquery.%s permission in project %s.", parts[1], p, parts[1])
		}
	}
	return nil
}

// testPermissions answers which of the permissions asked for the caller has.
func (s *Server) testPermissions(r *request) (object, error) {
	resource, _, _ := strings.Cut(r.path, ":testIamPermissions")
	var held []any
	for _, p := range r.body.list("permissions") {
		name, ok := p.(string)
		if !ok {
			return nil, invalid("Invalid value at 'permissions'")
		}
		if s.may(r.principal, name, resource) {
			held = append(held, name)
		}
	}
	if len(held) == 0 {
		return object{}, nil
	}
	return object{"permissions": held}, nil
}
