// SPDX-License-Identifier: Apache-2.0

package export

import (
	"io"
	"strconv"
	"strings"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

// Projects reads gcloud projects describe --format=json, one project or several: their
// numbers, and what is above them.
func Projects(file string, r io.Reader) ([]gcp.Resource, error) {
	var out []gcp.Resource
	err := each(file, r, func(project struct {
		ProjectID     string `json:"projectId"`
		ProjectNumber string `json:"projectNumber"`
		Parent        *struct {
			Type string `json:"type"`
			ID   string `json:"id"`
		} `json:"parent"`
	},
	) error {
		number, err := strconv.ParseUint(project.ProjectNumber, 10, 64)
		if project.ProjectID == "" || err != nil {
			return &wrong{"", "no project: it has no projectId, or no projectNumber"}
		}
		resource := gcp.Resource{Name: manager + "projects/" + project.ProjectID, Number: number}
		if project.Parent == nil {
			resource.Top = true
		} else {
			if project.Parent.Type != "folder" && project.Parent.Type != "organization" || project.Parent.ID == "" {
				return &wrong{".parent", "neither a folder nor an organization"}
			}
			resource.Ancestors = []string{manager + project.Parent.Type + "s/" + project.Parent.ID}
		}
		out = append(out, resource)
		return nil
	})
	return out, err
}

// Datasets reads bq show --format=prettyjson PROJECT:DATASET, one dataset or several.
func Datasets(file string, r io.Reader) ([]gcp.Resource, error) {
	var out []gcp.Resource
	err := each(file, r, func(found struct {
		Reference struct {
			ProjectID string `json:"projectId"`
			DatasetID string `json:"datasetId"`
		} `json:"datasetReference"`
		Access []gcp.DatasetAccess `json:"access"`
	},
	) error {
		switch {
		case found.Reference.ProjectID == "" || found.Reference.DatasetID == "":
			return &wrong{".datasetReference", "no reference of a dataset"}
		case len(found.Access) == 0:
			return &wrong{".access", "no access list; it is shown to those who may read it"}
		}
		out = append(out, gcp.Resource{
			Name:    "//bigquery.googleapis.com/projects/" + found.Reference.ProjectID + "/datasets/" + found.Reference.DatasetID,
			Dataset: &gcp.Dataset{Access: found.Access},
		})
		return nil
	})
	return out, err
}

// Instances reads gcloud sql instances describe --format=json, one instance or
// several, without their users.
func Instances(file string, r io.Reader) ([]gcp.Resource, error) {
	var out []gcp.Resource
	err := each(file, r, func(found struct {
		gcp.Instance
		Project string `json:"project"`
		Name    string `json:"name"`
	},
	) error {
		if found.Project == "" || found.Name == "" {
			return &wrong{"", "no instance: it has no project, or no name"}
		}
		out = append(out, gcp.Resource{Name: instance(found.Project, found.Name), Instance: &found.Instance})
		return nil
	})
	return out, err
}

func instance(project, name string) string {
	return "//cloudsql.googleapis.com/projects/" + project + "/instances/" + name
}

// Users reads gcloud sql users list --format=json, and returns the users by the full
// name of their instance.
func Users(file string, r io.Reader) (map[string][]gcp.DatabaseUser, error) {
	out := make(map[string][]gcp.DatabaseUser)
	err := each(file, r, func(found struct {
		gcp.DatabaseUser
		Project  string `json:"project"`
		Instance string `json:"instance"`
	},
	) error {
		if found.Project == "" || found.Instance == "" || found.Name == "" {
			return &wrong{"", "no user: it has no project, no instance, or no name"}
		}
		name := instance(found.Project, found.Instance)
		out[name] = append(out[name], found.DatabaseUser)
		return nil
	})
	return out, err
}

// Buckets reads gcloud storage buckets describe --format=json, with or without --raw,
// one bucket or several. Without --raw it does not name the project, which is then to be
// added to the ancestors.
func Buckets(file string, r io.Reader) ([]gcp.Resource, error) {
	var out []gcp.Resource
	err := each(file, r, func(found struct {
		Name    string `json:"name"`
		Project string `json:"projectNumber"`
		Uniform *bool  `json:"uniform_bucket_level_access"`
		Config  *struct {
			Uniform struct {
				Enabled bool `json:"enabled"`
			} `json:"uniformBucketLevelAccess"`
		} `json:"iamConfiguration"`
	},
	) error {
		if found.Name == "" || strings.Contains(found.Name, "/") {
			return &wrong{".name", "no name of a bucket"}
		}
		uniform := found.Uniform != nil && *found.Uniform || found.Config != nil && found.Config.Uniform.Enabled
		resource := gcp.Resource{Name: "//storage.googleapis.com/" + found.Name, Bucket: &gcp.Bucket{UniformAccess: uniform}}
		if found.Project != "" {
			resource.Ancestors = []string{manager + "projects/" + found.Project}
		}
		out = append(out, resource)
		return nil
	})
	return out, err
}

// Clusters reads gcloud container clusters describe --format=json, one cluster or
// several.
func Clusters(file string, r io.Reader) ([]gcp.Resource, error) {
	var out []gcp.Resource
	err := each(file, r, func(found struct {
		SelfLink  string `json:"selfLink"`
		Autopilot struct {
			Enabled bool `json:"enabled"`
		} `json:"autopilot"`
		Identity struct {
			Pool string `json:"workloadPool"`
		} `json:"workloadIdentityConfig"`
		NodePools []struct {
			Name   string `json:"name"`
			Config struct {
				ServiceAccount string `json:"serviceAccount"`
				Metadata       struct {
					Mode string `json:"mode"`
				} `json:"workloadMetadataConfig"`
			} `json:"config"`
		} `json:"nodePools"`
	},
	) error {
		_, path, ok := strings.Cut(found.SelfLink, "/projects/")
		if !ok || !strings.Contains(path, "/clusters/") {
			return &wrong{".selfLink", "no address of a cluster"}
		}
		cluster := &gcp.Cluster{Pool: found.Identity.Pool, Autopilot: found.Autopilot.Enabled}
		for _, pool := range found.NodePools {
			cluster.NodePools = append(cluster.NodePools, gcp.NodePool{
				Name: pool.Name, ServiceAccount: pool.Config.ServiceAccount, Metadata: pool.Config.Metadata.Mode,
			})
		}
		out = append(out, gcp.Resource{Name: "//container.googleapis.com/projects/" + path, Cluster: cluster})
		return nil
	})
	return out, err
}

// Memberships reads gcloud identity groups memberships list --group-email=GROUP
// --format=json: the direct members of one group. A service account and a group are
// told from a person by their type, which --view=full prints; without it an address is
// taken for all three.
func Memberships(file string, r io.Reader) ([]identity.Member, error) {
	out := []identity.Member{}
	err := each(file, r, func(found struct {
		Key struct {
			ID string `json:"id"`
		} `json:"preferredMemberKey"`
		Type string `json:"type"`
	},
	) error {
		if !strings.Contains(found.Key.ID, "@") {
			out = append(out, identity.Member{Text: "whose key is no address"})
			return nil
		}
		prefixes := []string{"user:", "group:"}
		switch found.Type {
		case "USER", "SERVICE_ACCOUNT":
			prefixes = prefixes[:1]
		case "GROUP":
			prefixes = prefixes[1:]
		}
		for _, prefix := range prefixes {
			out = append(out, identity.ParseMember(prefix+found.Key.ID))
		}
		return nil
	})
	return out, err
}
