// SPDX-License-Identifier: Apache-2.0

package export

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/watertight-go/watertight/identity/gcp"
)

// manager begins the full names of projects, folders and organizations.
const manager = "//cloudresourcemanager.googleapis.com/"

// Policies reads gcloud asset search-all-iam-policies --format=json: resources with
// their policies, and with what is above them. A resource whose policy was read without
// its conditions is returned without the policy.
func Policies(file string, r io.Reader) ([]gcp.Resource, error) {
	var out []gcp.Resource
	err := each(file, r, func(found struct {
		Resource     string      `json:"resource"`
		AssetType    string      `json:"assetType"`
		Project      string      `json:"project"`
		Folders      []string    `json:"folders"`
		Organization string      `json:"organization"`
		Policy       *gcp.Policy `json:"policy"`
	},
	) error {
		if found.Resource == "" || found.Policy == nil {
			return &wrong{"", "no result of a search for policies: it has no resource, or no policy"}
		}
		resource := gcp.Resource{Name: found.Resource, Type: found.AssetType, Policy: found.Policy}
		for _, above := range append([]string{found.Project, found.Organization}, found.Folders...) {
			if above != "" && above != found.Resource {
				resource.Ancestors = append(resource.Ancestors, manager+above)
			}
		}
		if found.AssetType == "cloudresourcemanager.googleapis.com/Project" && found.Project != "" {
			number, err := strconv.ParseUint(strings.TrimPrefix(found.Project, "projects/"), 10, 64)
			if err != nil {
				return &wrong{".project", "no number of a project: projects/NUMBER"}
			}
			resource.Number = number
		}
		err := judge(found.Policy, ".policy")
		if err != nil {
			resource.Policy = nil
		}
		out = append(out, resource)
		return err
	})
	return out, err
}

// Policy reads gcloud ... get-iam-policy --format=json, the policy of one resource.
func Policy(file string, r io.Reader) (*gcp.Policy, error) {
	var out *gcp.Policy
	err := each(file, r, func(policy gcp.Policy) error {
		switch {
		case out != nil:
			return errors.New("a second policy; name the resource of each in a file of its own")
		case policy.Etag == "" && len(policy.Bindings) == 0:
			return errors.New("no policy: it has neither an etag nor bindings")
		}
		if err := judge(&policy, ""); err != nil {
			return err
		}
		out = &policy
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case out == nil:
		return nil, &Error{File: file, Reason: "no policy; one without bindings has an etag"}
	default:
		return out, nil
	}
}

// judge refuses a policy that was read without its conditions, and bindings that are
// none.
func judge(policy *gcp.Policy, at string) error {
	for i, binding := range policy.Bindings {
		place := fmt.Sprintf("%s.bindings[%d]", at, i)
		switch {
		case strings.Contains(binding.Role, "_withcond_"):
			return &wrong{place + ".role", "the policy was read without its conditions; read it with requestedPolicyVersion 3"}
		case binding.Role == "":
			return &wrong{place + ".role", "no role"}
		}
	}
	switch policy.Version {
	case 0, 1, 3:
		return nil
	default:
		return &wrong{at + ".version", "versions are 0, 1 and 3"}
	}
}

// Roles reads gcloud iam roles describe --format=json, one role or several. What gcloud
// iam roles list prints has no permissions, and gives roles of which nothing is known.
func Roles(file string, r io.Reader) ([]gcp.Role, error) {
	var out []gcp.Role
	err := each(file, r, func(role gcp.Role) error {
		if !strings.Contains(role.Name, "roles/") {
			return &wrong{".name", "no name of a role"}
		}
		out = append(out, role)
		return nil
	})
	return out, err
}
