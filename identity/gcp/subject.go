// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/identity"
)

// A Subject is part of the side that must not get across: the workloads of a
// namespace, or a Google account. Name the service accounts that staging acts as too:
// what a path first gets from outside of the subjects is what its change takes away.
type Subject struct {
	// Workload names pool and namespace, and may name the cluster. Without an account
	// it is every account of the namespace, those that are made later included, since
	// any pod may run as any of them.
	Workload identity.Workload
	// Email is the address of a Google account, if it is not a workload.
	Email identity.Email
	// HostNetwork says whether pods of the namespace may use the host's network, with
	// which they get the tokens of their node. The levels baseline and restricted of
	// Pod Security forbid it.
	HostNetwork identity.Answer
	// NodePools are those that the pods can be on; none means any.
	NodePools []string
}

// judge returns what is wrong with a subject.
func (s Subject) judge(at *field.Path) field.ErrorList {
	isWorkload := s.Workload != identity.Workload{}
	switch {
	case isWorkload && s.Email != "":
		return field.ErrorList{field.Invalid(at, string(s.Email), "both a workload and an address; make it two subjects")}
	case !isWorkload && s.Email == "":
		return field.ErrorList{field.Required(at, "neither a workload nor an address")}
	case !isWorkload:
		if identity.ParseMember("user:"+string(s.Email)).Kind != identity.UserMember {
			return field.ErrorList{field.Invalid(at.Child("email"), string(s.Email), "no address")}
		}
		return nil
	}
	var errs field.ErrorList
	workload := at.Child("workload")
	if s.Workload.Pool.ProjectID == "" {
		errs = append(errs, field.Required(workload.Child("pool", "projectID"), "the project of the cluster, or of its fleet"))
	}
	if s.Workload.Pool.ProjectNumber == 0 {
		errs = append(errs, field.Required(workload.Child("pool", "projectNumber"), "the number of that same project"))
	}
	if s.Workload.Namespace == "" {
		errs = append(errs, field.Required(workload.Child("namespace"), "a namespace is needed"))
	}
	return errs
}

// anyOther is the account of a namespace that no policy names. No name has a star.
const anyOther = "*"

// A who is an identity, or a part of what one can do. It is comparable.
type who struct {
	part     part
	workload identity.Workload
	email    string // in lower case
	pools    string // the number of a project, for whoever its pools are made to admit
}

// A part is what of an identity somebody has.
type part int

const (
	whole     part = iota
	delegator      // may be named as delegate of requests for tokens
	hmacKeys       // requests to Cloud Storage alone
)

func account(email string) who { return who{email: strings.ToLower(email)} }

func (id who) isWorkload() bool { return id.email == "" && id.pools == "" }

// matches says whether the identity is a member, which is no group.
func (id who) matches(m identity.Member) identity.Match {
	switch {
	case id.isWorkload():
		return id.workload.Matches(m)
	case id.pools != "" && m.Kind != identity.AllUsersMember && m.Kind != identity.AllAuthenticatedMember:
		return identity.Match{Answer: identity.No} // what pools have is found by their project
	}
	return identity.Email(id.email).Matches(m)
}

// String names the identity for people.
func (id who) String() string {
	switch {
	case id.pools != "":
		return "whoever is admitted to the pools of project " + id.pools
	case !id.isWorkload():
		return id.email
	case id.workload.Namespace == anyOther:
		return "an account of any namespace"
	case id.workload.Account == anyOther:
		return "any account of namespace " + id.workload.Namespace
	default:
		return "account " + id.workload.Namespace + "/" + id.workload.Account
	}
}
