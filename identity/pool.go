// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strconv"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// poolSuffix ends the name of every pool that GKE manages.
const poolSuffix = ".svc.id.goog"

// A Pool is the workload identity pool in which Google knows the accounts of a GKE
// cluster. It is that of the cluster's own project or, for a cluster of a fleet that
// is so configured, that of the fleet's host project; never that of the project whose
// data is reached. All clusters of a project share its pool: the account of one
// namespace and name is the same identity in each of them.
//
// Project ID and number stand side by side in principals and must belong together; a
// wrong number matches nothing, or another project, and nobody complains. They are
// read with gcloud projects describe.
//
// The zero Pool is refused everywhere.
type Pool struct {
	// ProjectID may have the prefix of an old domain or of a sovereign cloud:
	// "example.com:my-project", "eu0:my-project".
	ProjectID string
	// ProjectNumber is what Google calls that project by.
	ProjectNumber uint64
}

// Name returns the name of the pool, such as "my-project.svc.id.goog". A prefix of
// the project's ID stands behind it: "my-project.eu0.svc.id.goog" (Google Cloud
// Dedicated documentation, "Authenticate to Google Cloud APIs from GKE workloads");
// that an old domain does too is an assumption.
func (p Pool) Name() string {
	if p.ProjectID == "" {
		return ""
	}
	return hostOf(p.ProjectID) + poolSuffix
}

// judge returns what is wrong with a pool.
func (p Pool) judge() field.ErrorList {
	var errs field.ErrorList
	at := field.NewPath("pool")
	if p.ProjectID == "" {
		errs = append(errs, field.Required(at.Child("projectID"), "the project of the cluster, or of its fleet"))
	} else if wrong := judgeProject(p.ProjectID); wrong != "" {
		errs = append(errs, field.Invalid(at.Child("projectID"), p.ProjectID, wrong))
	}
	if p.ProjectNumber == 0 {
		errs = append(errs, field.Required(at.Child("projectNumber"), "the number of that same project"))
	}
	return errs
}

// number returns the project's number as principals write it, or nothing.
func (p Pool) number() string {
	if p.ProjectNumber == 0 {
		return ""
	}
	return strconv.FormatUint(p.ProjectNumber, 10)
}
