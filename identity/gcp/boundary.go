// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/watertight-go/watertight/identity"
)

// A BoundaryPolicy is a principal access boundary policy, as gcloud iam
// principal-access-boundary-policies describe prints it (IAM API v3,
// PrincipalAccessBoundaryPolicy).
type BoundaryPolicy struct {
	Name    string          `json:"name,omitempty"`
	Details BoundaryDetails `json:"details"`
}

// BoundaryDetails are the resources that principals may reach, and the version that
// says of which permissions IAM asks.
type BoundaryDetails struct {
	Rules              []BoundaryRule `json:"rules,omitempty"`
	EnforcementVersion string         `json:"enforcementVersion,omitempty"`
}

// A BoundaryRule lists projects, folders and organizations by their full names.
type BoundaryRule struct {
	Resources []string `json:"resources,omitempty"`
	Effect    string   `json:"effect,omitempty"` // ALLOW
}

// A BoundaryBinding puts a policy into force for a set of principals, as gcloud iam
// policy-bindings describe prints it (IAM API v3, PolicyBinding).
type BoundaryBinding struct {
	Name      string         `json:"name,omitempty"`
	Target    BoundaryTarget `json:"target"`
	Policy    string         `json:"policy,omitempty"`
	Condition *Condition     `json:"condition,omitempty"`
}

// A BoundaryTarget is a set of principals: all of a project, folder or organization,
// or those of a workload identity pool.
type BoundaryTarget struct {
	PrincipalSet string `json:"principalSet,omitempty"`
}

// bounded says whether a boundary keeps an identity from a permission. A principal
// that has boundaries reaches only what one of them lists (IAM documentation,
// "Principal access boundary policies").
func (m *model) bounded(id who, permission string, on *resource) identity.Match {
	out := identity.Match{Answer: identity.No}
	var missing []string
	bound, blocked := false, true
	for _, binding := range m.BoundaryBindings {
		set := m.inSet(binding.Target.PrincipalSet, id)
		if set.Answer == identity.No {
			continue
		}
		if binding.Condition != nil {
			set = identity.Match{Missing: append(set.Missing, "whether the condition of boundary "+binding.Name+" holds for "+id.String())}
		}
		policy := m.boundary(binding.Policy)
		if policy == nil {
			set = identity.Match{Missing: append(set.Missing, "the boundary policy "+binding.Policy)}
			missing = append(missing, set.Missing...)
			continue
		}
		listed := policy.lists(m, on)
		if listed.Answer == identity.Yes && set.Answer == identity.Yes {
			return out
		}
		if listed.Answer != identity.No || set.Answer == identity.Unknown {
			missing = append(append(missing, listed.Missing...), set.Missing...)
		}
		if set.Answer == identity.Yes {
			bound = true
			if !m.blocks(policy.Details.EnforcementVersion, permission) {
				blocked = false
				missing = append(missing, "whether boundaries of version "+policy.Details.EnforcementVersion+" block the permission "+permission)
			}
		}
	}
	switch {
	case bound && blocked && len(missing) == 0:
		if lift := m.boundariesLifted; lift != nil {
			if !lift.unsure {
				return out
			}
			return identity.Match{Missing: lift.missing()}
		}
		return identity.Match{Answer: identity.Yes, Why: "a principal access boundary does not list it"}
	case len(missing) > 0:
		return identity.Match{Missing: missing}
	default:
		return out
	}
}

func (m *model) boundary(name string) *BoundaryPolicy {
	for i := range m.Boundaries {
		if m.Boundaries[i].Name == name {
			return &m.Boundaries[i]
		}
	}
	return nil
}

// lists says whether a policy lets its principals reach a resource.
func (p *BoundaryPolicy) lists(m *model, on *resource) identity.Match {
	out := identity.Match{Answer: identity.No}
	for _, rule := range p.Details.Rules {
		for _, name := range rule.Resources {
			above := m.find(name)
			switch {
			case above != nil && slices.Contains(on.up, above):
				return identity.Match{Answer: identity.Yes}
			case !on.complete || above == nil && strings.HasPrefix(canonical(name), projectName("")):
				out.Answer = identity.Unknown
				out.Missing = append(out.Missing, "whether "+on.name+" is below "+name)
			}
		}
	}
	return out
}

// blocks reports whether an enforcement version certainly blocks a permission.
func (m *model) blocks(version, permission string) bool {
	want := deniable(permission)
	highest, err := strconv.Atoi(version)
	if err != nil {
		return false
	}
	for _, v := range slices.Sorted(maps.Keys(m.BoundaryPermissions)) {
		if n, err := strconv.Atoi(v); err != nil || n > highest {
			continue
		}
		for _, listed := range m.BoundaryPermissions[v] {
			if listed == want || listed == permission {
				return true
			}
		}
	}
	return false
}

// inSet says whether an identity is in the principal set of a boundary.
func (m *model) inSet(set string, id who) identity.Match {
	name := canonical(set)
	if _, pool, ok := strings.Cut(name, "/workloadIdentityPools/"); ok {
		switch {
		case id.pools != "":
			return identity.Match{Missing: []string{"whether " + id.String() + " is of the pool " + pool}}
		case !id.isWorkload():
			return identity.Match{Answer: identity.No}
		}
		member := identity.ParseMember("principalSet:" + name + "/*")
		if member.Kind == identity.PoolMember {
			return id.matches(member)
		}
		return identity.Match{Missing: []string{"what the pool " + pool + " is"}}
	}
	home := m.homeOf(id)
	above := m.find(name)
	switch {
	case home == nil:
		return identity.Match{Missing: []string{"which project " + id.String() + " is of"}}
	case above != nil && slices.Contains(home.up, above):
		return identity.Match{Answer: identity.Yes}
	case !home.complete || above == nil:
		return identity.Match{Missing: []string{"whether " + id.String() + " is of " + set}}
	default:
		return identity.Match{Answer: identity.No}
	}
}

// homeOf returns the project of an identity.
func (m *model) homeOf(id who) *resource {
	if id.isWorkload() {
		return m.find(projectName(id.workload.Pool.ProjectID))
	}
	if id.pools != "" {
		return m.find(projectName(id.pools))
	}
	if account := m.accounts[id.email]; account != nil {
		return m.find(projectName(projectIn(account.name)))
	}
	return nil
}
