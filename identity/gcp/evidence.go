// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/identity"
)

// Evidence is what is known of an organization when [Evidence.NoAccess] is asked: the
// policies of resources and of everything above them, and what these refer to. What is
// left out is not known, and never taken for absent.
//
// Package export reads it from what gcloud and bq print.
type Evidence struct {
	Resources []Resource
	// Roles are the roles that policies name, with their permissions. Of a role that
	// is not among them, no more is known than what [Role] says.
	Roles []Role
	// Groups are direct members by the address of the group. A group that is not
	// among them may have anyone as a member.
	Groups map[string][]identity.Member
	// Deny are the deny policies that are in force. Leaving some out is safe.
	Deny []DenyPolicy
	// Boundaries are principal access boundary policies, with the bindings that put
	// them into force, and BoundaryPermissions the permissions that each enforcement
	// version blocks beside those of lower versions, as the page "Permissions that
	// principal access boundary policies block" of the IAM documentation lists them.
	Boundaries          []BoundaryPolicy
	BoundaryBindings    []BoundaryBinding
	BoundaryPermissions map[string][]string
	// Pools names the workload identity pools, such as "my-project.svc.id.goog", all of
	// whose clusters are among the resources.
	Pools []string
	// ForeignPools are pools whose providers admit no identity of staging, such as
	// projects/NUMBER/locations/global/workloadIdentityPools/github: who is in another
	// pool than one of GKE is up to its providers, and not known here.
	ForeignPools []string
	// Conditions decides conditions. If it is nil, none is decided.
	Conditions Conditions
}

// A Resource is a project, folder or organization, or something in a project.
// Several entries of one name are one resource.
type Resource struct {
	// Name is the full resource name (Cloud Asset Inventory documentation, "Asset
	// names"), such as //storage.googleapis.com/BUCKET. For a service account it ends
	// in the address, for a Cloud SQL instance the host may be sqladmin or cloudsql.
	Name string
	// Type is the asset type, such as storage.googleapis.com/Bucket. It may be empty
	// where the name tells it.
	Type string
	// Ancestors are the full names of what is above it, in any order. The project that
	// stands in Name need not be among them, nor what is above one that has an entry
	// of its own. A list with the organization counts as complete.
	Ancestors []string
	// Top says that nothing is above it. Of an organization that is known.
	Top bool
	// Number is that of a project.
	Number uint64
	// Whole says that everything below it that has a policy of its own has an entry, so
	// that one without an entry, or without a policy, grants nothing itself; and that
	// so has every cluster.
	Whole bool
	// Policy is its own allow policy. If it is nil, the policy is not known.
	Policy *Policy

	// What its service knows besides, if it is of that type.
	Bucket   *Bucket
	Dataset  *Dataset
	Instance *Instance
	Cluster  *Cluster
}

// A Bucket is how a bucket of Cloud Storage decides on access (Cloud Storage JSON API
// v1, Bucket.iamConfiguration).
type Bucket struct {
	// UniformAccess says that no access control list counts, only policies.
	UniformAccess bool
}

// A Role is a role as gcloud iam roles describe prints it (IAM API v1, Role). One
// without permissions is one that was listed without them.
//
// Of predefined roles that the evidence does not have, a table says what some
// certainly give, as of August 2026; whatever is not in it may be given too.
type Role struct {
	Name                string   `json:"name"`
	Title               string   `json:"title,omitempty"`
	Stage               string   `json:"stage,omitempty"`
	IncludedPermissions []string `json:"includedPermissions,omitempty"`
	// Deleted roles, like those of the stage DISABLED, give nothing.
	Deleted bool `json:"deleted,omitempty"`
}

// judge returns which names of the evidence are none. What has no name could not be
// used, and would be dropped.
func (e Evidence) judge() field.ErrorList {
	var errs field.ErrorList
	numbered := make(map[uint64]string) // the project of a number
	for i, r := range e.Resources {
		at := field.NewPath("resources").Index(i)
		if name := canonical(r.Name); r.Number != 0 && isByID(name) {
			if other := numbered[r.Number]; other != "" && other != name {
				errs = append(errs, field.Invalid(at.Child("number"), r.Number, "is the number of "+other+" already"))
			}
			numbered[r.Number] = name
		}
		if canonical(r.Name) == "" {
			errs = append(errs, field.Invalid(at.Child("name"), r.Name, "no full resource name, such as //storage.googleapis.com/BUCKET"))
		}
		for j, name := range r.Ancestors {
			if canonical(name) == "" {
				errs = append(errs, field.Invalid(at.Child("ancestors").Index(j), name, "no full resource name, such as //cloudresourcemanager.googleapis.com/folders/NUMBER"))
			}
		}
	}
	for i, policy := range e.Deny {
		if attachment(policy.Name) == "" {
			errs = append(errs, field.Invalid(field.NewPath("deny").Index(i).Child("name"), policy.Name, "no name of a deny policy: policies/ATTACHMENT/denypolicies/ID"))
		}
	}
	return errs
}
