// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"net/url"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// DenySubjects returns a deny policy that keeps subjects from permissions on a project,
// folder or organization and everything below, whatever their roles give, and from
// becoming a service account there or giving itself or others access. It is to be
// attached to production's project.
//
// A workload is denied with all accounts of its namespace, whether it comes as itself
// or not at all; a Google account that staging acts as must be a subject of its own,
// since IAM judges it by its own name. Clusters below are not shut: Kubernetes has
// permissions for every kind of object, which are to be among the permissions.
//
// The name is that of what it is attached to, such as
// //cloudresourcemanager.googleapis.com/projects/prod-data. IAM refuses a policy that
// names a permission which deny policies do not take, with INVALID_ARGUMENT.
func DenySubjects(name, id string, subjects []Subject, permissions ...string) (DenyPolicy, error) {
	errs := judgeQuestion(subjects, []string{name}, permissions)
	point := canonical(name)
	if kind := typeOf(point); point != "" && rank(kind) == 3 {
		errs = append(errs, field.Invalid(field.NewPath("name"), name, "deny policies are attached to projects, folders and organizations"))
	}
	if id == "" || strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" {
		errs = append(errs, field.Invalid(field.NewPath("id"), id, "no ID: lower-case letters, digits, hyphens and dots"))
	}
	if len(errs) > 0 {
		return DenyPolicy{}, &bulkhead.InvalidError{Object: bulkhead.Ref{Group: iamHost, Kind: "DenyPolicy", Name: id}, Errs: errs}
	}
	rule := &DenyRule{}
	for _, s := range subjects {
		rule.DeniedPrincipals = append(rule.DeniedPrincipals, s.deniable())
	}
	for _, permission := range slices.Concat(permissions, takingOver(permissions)) {
		rule.DeniedPermissions = append(rule.DeniedPermissions, deniable(permission))
	}
	for _, list := range []*[]string{&rule.DeniedPrincipals, &rule.DeniedPermissions} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return DenyPolicy{
		Name:        "policies/" + url.PathEscape(strings.TrimPrefix(point, "//")) + "/denypolicies/" + id,
		DisplayName: "Keeps staging out",
		Rules:       []DenyPolicyRule{{Description: "Staging neither reaches what is here nor becomes somebody who does.", DenyRule: rule}},
	}, nil
}

// deniable returns a subject as deny policies spell it.
func (s Subject) deniable() string {
	switch {
	case s.Email == "":
		w := s.Workload
		return identity.Member{
			Kind: identity.NamespaceMember, ProjectNumber: w.Principal().ProjectNumber, Pool: w.Pool.Name(), Namespace: w.Namespace,
		}.String()
	case s.Email.Class() == identity.NotServiceAccount:
		return "principal://goog/subject/" + strings.ToLower(string(s.Email))
	default:
		return "principal://iam.googleapis.com/projects/-/serviceAccounts/" + strings.ToLower(string(s.Email))
	}
}

// takingOver returns permissions that lead to those of a list.
func takingOver(permissions []string) []string {
	out := []string{updateRoles}
	out = append(out, ownPolicy(projectType)...)
	out = append(out, impersonating()...)
	out = append(out, getOpenIDToken, implicitDelegation, actAs, deploy, build)
	out = append(out, commanding()...)
	out = append(out, admitting()...)
	if slices.ContainsFunc(permissions, func(p string) bool { return applies(p, bucketType) }) {
		out = append(out, createHMACKeys)
	}
	for _, kind := range []string{datasetType, tableType, bucketType, secretType} {
		if slices.ContainsFunc(permissions, func(p string) bool { return applies(p, kind) }) {
			out = append(out, ownPolicy(kind)...)
		}
	}
	return out
}
