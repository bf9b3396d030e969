// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// A grant is one member of one binding.
type grant struct {
	on        *resource
	role      *role
	member    identity.Member
	condition *Condition
	field     string
	virtual   bool // it may be in a policy that nobody has seen
}

// compare orders grants, so that the order of input is of no account.
func (g *grant) compare(other *grant) int {
	if c := cmp.Or(strings.Compare(g.on.name, other.on.name), cmp.Compare(len(g.field), len(other.field)), strings.Compare(g.field, other.field)); c != 0 {
		return c
	}
	return cmp.Or(strings.Compare(g.role.name, other.role.name), strings.Compare(g.member.String(), other.member.String()))
}

// hop is the step of a path that a grant is.
func (g *grant) hop(text string) bulkhead.Hop {
	return bulkhead.Hop{Object: g.on.ref, Field: g.field, Text: text}
}

// change takes the grant away.
func (g *grant) change() bulkhead.Change {
	if g.on.kind == datasetType && strings.HasPrefix(g.field, "access") {
		return bulkhead.Change{Object: g.on.ref, Field: g.field, Text: "take " + g.member.String() + " out of the access list of the dataset"}
	}
	return bulkhead.Change{Object: g.on.ref, Field: g.field, Text: "take " + g.role.name + " from " + g.member.String()}
}

// readPolicies makes grants of all bindings, and of the access lists of datasets.
func (m *model) readPolicies() {
	for i := range m.Resources {
		entry := &m.Resources[i]
		r := m.resource(entry.Name)
		if entry.Dataset != nil {
			m.readAccess(r, entry.Dataset)
		}
		if entry.Policy == nil {
			continue
		}
		if wrong := hidden(entry.Policy); wrong != "" {
			r.wrong = append(r.wrong, "the allow policy of "+r.name+" with its conditions: it was read without them, as "+wrong+" shows; read it with requestedPolicyVersion 3")
			continue
		}
		r.read = true
		for j, binding := range entry.Policy.Bindings {
			for k, member := range binding.Members {
				m.grants = append(m.grants, &grant{
					on: r, role: m.role(binding.Role), member: folded(member), condition: binding.Condition,
					field: fmt.Sprintf("bindings[%d].members[%d]", j, k),
				})
			}
		}
	}
}

// hidden returns the place where a policy hides a condition, or nothing.
func hidden(p *Policy) string {
	for i, binding := range p.Bindings {
		if strings.Contains(binding.Role, hiddenCondition) {
			return fmt.Sprintf("bindings[%d].role", i)
		}
	}
	return ""
}

// readAccess makes grants of the access list of a dataset (BigQuery documentation,
// "Basic roles and permissions").
func (m *model) readAccess(r *resource, dataset *Dataset) {
	if !m.alsoPolicy(r) {
		r.read = true // the list is the policy, in other words
	}
	for i, access := range dataset.Access {
		member, ok := access.member(projectIn(r.name))
		if !ok {
			continue
		}
		m.grants = append(m.grants, &grant{
			on: r, role: m.role(access.role()), member: folded(member), condition: access.Condition,
			field: fmt.Sprintf("access[%d]", i),
		})
	}
}

// alsoPolicy reports whether a resource has an entry with a policy that could not be
// used.
func (m *model) alsoPolicy(r *resource) bool { return len(r.wrong) > 0 }

// role returns the role that an access list names in its own words.
func (a DatasetAccess) role() string {
	switch a.Role {
	case "READER":
		return "roles/bigquery.dataViewer"
	case "WRITER":
		return "roles/bigquery.dataEditor"
	case "OWNER":
		return "roles/bigquery.dataOwner"
	default:
		return a.Role
	}
}

// member returns whom an entry gives a role. Entries for views and the like have none.
func (a DatasetAccess) member(project string) (identity.Member, bool) {
	switch {
	case a.IAMMember != "":
		return identity.ParseMember(a.IAMMember), true
	case a.UserByEmail != "":
		return identity.ParseMember("user:" + a.UserByEmail), true
	case a.GroupByEmail != "":
		return identity.ParseMember("group:" + a.GroupByEmail), true
	case a.Domain != "":
		return identity.ParseMember("domain:" + a.Domain), true
	}
	switch a.SpecialGroup {
	case "projectOwners":
		return identity.Member{Kind: identity.ProjectOwnerMember, Name: project}, true
	case "projectWriters":
		return identity.Member{Kind: identity.ProjectEditorMember, Name: project}, true
	case "projectReaders":
		return identity.Member{Kind: identity.ProjectViewerMember, Name: project}, true
	case "allAuthenticatedUsers":
		return identity.Member{Kind: identity.AllAuthenticatedMember}, true
	case "":
		return identity.Member{Text: "an entry without a member"}, a.View == nil && a.Routine == nil && a.Dataset == nil
	default:
		return identity.Member{Text: "specialGroup " + a.SpecialGroup}, true
	}
}

// convenience returns the basic role whose holders a member stands for.
func convenience(m identity.Member) (role string, ok bool) {
	switch m.Kind {
	case identity.ProjectOwnerMember:
		return "roles/owner", true
	case identity.ProjectEditorMember:
		return "roles/editor", true
	case identity.ProjectViewerMember:
		return "roles/viewer", true
	default:
		return "", false
	}
}
