// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/internal/crossing"
)

// Evidence is what was exported from AWS.
type Evidence struct {
	// Roles are those to be protected, and those that pods may have on the way to them.
	Roles []Role
	// Associations are those of the cluster that both sides share.
	Associations []Association
}

// A Boundary is what is asked about.
type Boundary struct {
	Cluster Cluster
	From    []string // namespaces of staging
	Away    []string // the ARNs of roles that nothing of staging may assume
}

// A Cluster is the one that both sides share.
type Cluster struct {
	// Issuer is the address that its tokens name, as in
	// https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF.
	Issuer string
	// ARN is the name of a cluster of EKS. It need not be known if there are no
	// associations.
	ARN string
}

// judge returns what is wrong with the question. An empty side is a mistake: nothing
// crosses from or to nothing.
func (b Boundary) judge(e Evidence) error {
	errs := append(b.Cluster.judge(len(e.Associations) > 0), b.judgeSides()...)
	known := make(map[string]Role)
	for i, role := range e.Roles {
		at := field.NewPath("evidence", "roles").Index(i)
		if !parseARN(role.ARN).isRole() {
			errs = append(errs, field.Invalid(at, role.ARN, "no ARN of a role"))
		}
		if other, twice := known[role.ARN]; twice && !reflect.DeepEqual(other, role) {
			errs = append(errs, field.Invalid(at, role.ARN, "is there twice, with different trust policies"))
		}
		known[role.ARN] = role
	}
	if len(errs) == 0 {
		return nil
	}
	return &bulkhead.InvalidError{Object: bulkhead.Ref{Group: iamGroup, Kind: "Boundary"}, Errs: errs}
}

func (b Boundary) judgeSides() field.ErrorList {
	errs, away := crossing.JudgeFrom(b.From), field.NewPath("away")
	if len(b.Away) == 0 {
		errs = append(errs, field.Required(away, "no role"))
	}
	for i, role := range b.Away {
		if !parseARN(role).isRole() {
			errs = append(errs, field.Invalid(away.Index(i), role, "no ARN of a role"))
		}
	}
	return errs
}

func (c Cluster) judge(associated bool) field.ErrorList {
	var errs field.ErrorList
	issuer, name := field.NewPath("cluster", "issuer"), field.NewPath("cluster", "arn")
	if errs = identity.ValidateIssuer(c.Issuer, issuer); strings.HasSuffix(c.Issuer, "/") {
		errs = append(errs, field.Invalid(issuer, c.Issuer, "ends in a slash, which issuers of EKS do not"))
	}
	switch parsed := parseARN(c.ARN); {
	case c.ARN == "" && associated:
		errs = append(errs, field.Required(name, "the cluster whose associations are given"))
	case c.ARN != "" && !parsed.isCluster():
		errs = append(errs, field.Invalid(name, c.ARN, "no ARN of a cluster"))
	}
	return errs
}

// has reports whether an association is one of the cluster.
func (c Cluster) has(a Association) bool { return parseARN(c.ARN).name() == a.ClusterName }

// sorted returns the roles by ARN, each once, and the associations by all they say.
func (e Evidence) sorted() Evidence {
	roles := slices.Clone(e.Roles)
	slices.SortFunc(roles, func(a, b Role) int { return cmp.Compare(a.ARN, b.ARN) })
	roles = slices.CompactFunc(roles, func(a, b Role) bool { return a.ARN == b.ARN })
	associations := slices.Clone(e.Associations)
	slices.SortFunc(associations, func(a, b Association) int {
		return cmp.Or(
			a.ref().Compare(b.ref()), cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.ServiceAccount, b.ServiceAccount),
			cmp.Compare(a.RoleARN, b.RoleARN), cmp.Compare(a.TargetRoleARN, b.TargetRoleARN), cmp.Compare(a.ExternalID, b.ExternalID),
		)
	})
	return Evidence{Roles: roles, Associations: associations}
}
