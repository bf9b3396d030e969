// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/identity"
)

// conditional is the version of policies with conditions.
const conditional = 3

// hiddenCondition stands in the role of a binding whose condition was left out,
// because the policy was read without asking for version 3 (IAM documentation,
// "Understanding allow policies").
const hiddenCondition = "_withcond_"

// The most members that the bindings of a policy may have, each counted as often as it
// occurs, and the most of them that may be groups (google/iam/v1/policy.proto,
// Policy.bindings).
const (
	mostMembers = 1500
	mostGroups  = 250
)

// judge returns why nothing may be added to a policy.
func (p Policy) judge() field.ErrorList {
	var errs field.ErrorList
	switch p.Version {
	case 0, 1, conditional:
	default:
		errs = append(errs, field.Invalid(field.NewPath("version"), p.Version, "versions are 0, 1 and 3"))
	}
	if p.Etag == "" {
		errs = append(errs, field.Required(field.NewPath("etag"), "the policy was not read; writing it would overwrite the one that is there"))
	}
	for i, binding := range p.Bindings {
		at := field.NewPath("bindings").Index(i)
		if strings.Contains(binding.Role, hiddenCondition) && p.Version < conditional {
			errs = append(errs, field.Invalid(at.Child("role"), binding.Role,
				"the policy was read without its conditions, and writing it would remove them; read it with requestedPolicyVersion 3"))
		}
		if binding.Condition != nil && p.Version < conditional {
			errs = append(errs, field.Forbidden(at.Child("condition"), "only policies of version 3 have conditions"))
		}
	}
	return errs
}

// judgeSize returns which limits a policy exceeds.
func (p Policy) judgeSize() field.ErrorList {
	members, groups := 0, 0
	for _, binding := range p.Bindings {
		members += len(binding.Members)
		for _, member := range binding.Members {
			if member.Kind == identity.GroupMember {
				groups++
			}
		}
	}
	var errs field.ErrorList
	if members > mostMembers {
		errs = append(errs, field.TooMany(field.NewPath("bindings"), members, mostMembers))
	}
	if groups > mostGroups {
		errs = append(errs, field.Invalid(field.NewPath("bindings"), groups, "more groups than the 250 that a policy may have"))
	}
	return errs
}

// judge returns why a binding may not be added.
func (b Binding) judge(at *field.Path) field.ErrorList {
	var errs field.ErrorList
	if !isRole(b.Role) {
		errs = append(errs, field.Invalid(at.Child("role"), b.Role, "no role: roles/NAME, projects/PROJECT/roles/NAME or organizations/NUMBER/roles/NAME"))
	}
	members := at.Child("members")
	if len(b.Members) == 0 {
		errs = append(errs, field.Required(members, "no member"))
	}
	for i, member := range b.Members {
		switch {
		case member.Deleted:
			errs = append(errs, field.Invalid(members.Index(i), member.String(), "is deleted"))
		case member.Kind == identity.UnknownMember, identity.ParseMember(member.String()) != member:
			errs = append(errs, field.Invalid(members.Index(i), member.String(), "no member of a known form"))
		}
	}
	if b.Condition != nil {
		errs = append(errs, b.judgeCondition(at)...)
	}
	return errs
}

// judgeCondition returns what is wrong with the condition of a binding (IAM
// documentation, "Overview of IAM Conditions").
func (b Binding) judgeCondition(at *field.Path) field.ErrorList {
	var errs field.ErrorList
	condition := at.Child("condition")
	if b.Condition.Expression == "" {
		errs = append(errs, field.Required(condition.Child("expression"), "no expression"))
	}
	if b.Condition.Title == "" {
		errs = append(errs, field.Required(condition.Child("title"), "no title"))
	}
	switch b.Role {
	case "roles/owner", "roles/editor", "roles/viewer":
		errs = append(errs, field.Forbidden(condition, "basic roles are given without a condition or not at all"))
	}
	for _, member := range b.Members {
		if member.Kind == identity.AllUsersMember || member.Kind == identity.AllAuthenticatedMember {
			errs = append(errs, field.Forbidden(condition, member.String()+" is given roles without a condition or not at all"))
		}
	}
	return errs
}

// isRole reports whether a text is the name of a role, predefined or custom.
func isRole(role string) bool {
	parts := strings.Split(role, "/")
	if len(parts) == 4 && (parts[0] == "projects" || parts[0] == "organizations") && parts[1] != "" {
		parts = parts[2:]
	}
	if len(parts) != 2 || parts[0] != "roles" || parts[1] == "" || strings.Contains(role, hiddenCondition) {
		return false
	}
	return !strings.ContainsFunc(parts[1], func(r rune) bool {
		return r != '.' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}
