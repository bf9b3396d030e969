// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"strings"

	"github.com/watertight-go/watertight/identity"
)

// A role is what is known of a role.
type role struct {
	name  string
	gives map[string]bool
	all   bool // all permissions that there are
	known bool // it gives nothing else
	dead  bool
	home  string // of a custom role, the canonical name of its project or organization
}

// everything stands for the role of a grant that may be in a policy nobody has seen.
func everything() *role { return &role{name: "any role", all: true} }

// gives says whether a role has a permission.
func (r *role) has(permission string) identity.Match {
	switch {
	case r.dead:
		return identity.Match{Answer: identity.No}
	case r.all || r.gives[permission]:
		return identity.Match{Answer: identity.Yes}
	case r.known:
		return identity.Match{Answer: identity.No}
	default:
		return identity.Match{Missing: []string{"the permissions of " + r.name}}
	}
}

// role returns a role by its name.
func (m *model) role(name string) *role {
	if r := m.roles[name]; r != nil {
		return r
	}
	r := &role{name: name, gives: make(map[string]bool), home: homeOfRole(name)}
	for _, permission := range builtinRoles()[name] {
		r.gives[permission] = true
	}
	m.roles[name] = r
	return r
}

// readRoles takes over the roles of the evidence. Where two entries of one role
// differ, it may have what either gives.
func (m *model) readRoles() {
	for _, entry := range m.Roles {
		if len(entry.IncludedPermissions) == 0 && !entry.Deleted {
			continue // listed without them
		}
		r := m.roles[entry.Name]
		if r == nil {
			r = &role{name: entry.Name, gives: make(map[string]bool), known: true, dead: true, home: homeOfRole(entry.Name)}
			m.roles[entry.Name] = r
		}
		r.dead = r.dead && (entry.Deleted || entry.Stage == "DISABLED")
		for _, permission := range entry.IncludedPermissions {
			r.gives[plain(permission)] = true
		}
	}
}

// plain returns a permission as IAM v1 spells it. Roles have those of workload identity
// pools in the spelling of v2: iam.googleapis.com/workloadIdentityPools.get.
func plain(permission string) string {
	if service, rest, ok := strings.Cut(permission, ".googleapis.com/"); ok {
		return service + "." + rest
	}
	return permission
}

// homeOfRole returns where a custom role is kept, or nothing.
func homeOfRole(name string) string {
	home, _, ok := strings.Cut(name, "/roles/")
	if !ok {
		return ""
	}
	return canonical(managerHost + "/" + home)
}
