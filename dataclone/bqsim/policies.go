// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"maps"
	"regexp"
	"slices"
)

// A policy is a row access policy. Its predicate is kept and not run: every
// reader sees every row.
type policy = record

var policyName = regexp.MustCompile(`^\w{1,256}$`)

const maxPolicies = 400 // a table; page "Quotas and limits"

// policyTable returns the table of a request that is about its policies.
func (s *Server) policyTable(r *request, permission string) (*table, error) {
	t, _, err := s.table(r.table())
	if err != nil {
		return nil, err
	}
	return t, s.need(r.principal, t.ref.path(), permission)
}

func (s *Server) insertPolicy(r *request) (object, error) {
	s.log.write(r.method, r.table().String())
	t, err := s.policyTable(r, "rowAccessPolicies.create")
	if err != nil {
		return nil, err
	}
	meta, err := settable(r.body, policyFields, policyOutput)
	if err != nil {
		return nil, err
	}
	if err := objects(meta, "rowAccessPolicyReference"); err != nil {
		return nil, err
	}
	id := meta.sub("rowAccessPolicyReference").str("policyId")
	switch {
	case !policyName.MatchString(id):
		return nil, invalid("Invalid row access policy ID %q", id)
	case meta.str("filterPredicate") == "":
		return nil, invalid("Required parameter is missing: filterPredicate")
	case t.kind != kindTable:
		return nil, invalid("Row access policies are not supported on a %s", t.kind)
	case t.policies[id] != nil:
		return nil, duplicate("Row access policy %s on table %s", id, t.ref.colon())
	case len(t.policies) >= maxPolicies:
		return nil, quotaExceeded("a table has at most %d row access policies", maxPolicies)
	}
	p := s.record(withPolicyRef(meta, t.ref, id))
	policies := maps.Clone(t.policies)
	if policies == nil {
		policies = make(map[string]*policy)
	}
	policies[id] = p
	t.policies, t.restricted = policies, true
	t.touch(s)
	return p.json(), nil
}

func withPolicyRef(meta resource, ref TableRef, id string) resource {
	reference := ref.json()
	reference["policyId"] = id
	return merge(object(meta), object{"rowAccessPolicyReference": reference})
}

func (s *Server) getPolicy(r *request) (object, error) {
	t, err := s.policyTable(r, "rowAccessPolicies.get")
	if err != nil {
		return nil, err
	}
	p := t.policies[r.names[3]]
	if p == nil {
		return nil, notFound("Row access policy %s on table %s", r.names[3], t.ref.colon())
	}
	return p.json(), nil
}

func (s *Server) deletePolicy(r *request) (object, error) {
	s.log.write(r.method, r.table().String())
	t, err := s.policyTable(r, "rowAccessPolicies.delete")
	if err != nil {
		return nil, err
	}
	if t.policies[r.names[3]] == nil {
		return nil, notFound("Row access policy %s on table %s", r.names[3], t.ref.colon())
	}
	t.policies = maps.Clone(t.policies)
	delete(t.policies, r.names[3])
	t.touch(s)
	return nil, nil
}

func (s *Server) listPolicies(r *request) (object, error) {
	t, err := s.policyTable(r, "rowAccessPolicies.list")
	if err != nil {
		return nil, err
	}
	part, next, err := page(r, slices.Sorted(maps.Keys(t.policies)))
	if err != nil {
		return nil, err
	}
	var items []any
	for _, id := range part {
		items = append(items, t.policies[id].json())
	}
	return listed(object{}, "rowAccessPolicies", items, next), nil
}

// copyPolicies gives a clone the policies of its base: from then on they are
// its own (page "Use row-level security with other BigQuery features").
func (s *Server) copyPolicies(from, to *table) {
	for id, p := range from.policies {
		if to.policies == nil {
			to.policies = make(map[string]*policy)
		}
		to.policies[id] = s.record(withPolicyRef(p.meta, to.ref, id))
	}
	to.restricted = len(to.policies) > 0
}
