// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"net/url"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// Hosts in full resource names (Cloud Asset Inventory documentation, "Asset names").
const (
	managerHost   = "cloudresourcemanager.googleapis.com"
	iamHost       = "iam.googleapis.com"
	sqlHost       = "sqladmin.googleapis.com"
	sqlAssetHost  = "cloudsql.googleapis.com"
	bigqueryHost  = "bigquery.googleapis.com"
	storageHost   = "storage.googleapis.com"
	containerHost = "container.googleapis.com"
	secretHost    = "secretmanager.googleapis.com"
)

// Types of resources.
const (
	projectType      = managerHost + "/Project"
	folderType       = managerHost + "/Folder"
	organizationType = managerHost + "/Organization"
	accountType      = iamHost + "/ServiceAccount"
	instanceType     = sqlHost + "/Instance"
	datasetType      = bigqueryHost + "/Dataset"
	tableType        = bigqueryHost + "/Table"
	routineType      = bigqueryHost + "/Routine"
	bucketType       = storageHost + "/Bucket"
	clusterType      = containerHost + "/Cluster"
	secretType       = secretHost + "/Secret"
)

// poolSuffix ends the names of the workload identity pools of GKE.
const poolSuffix = ".svc.id.goog"

// canonical returns the one form of a full resource name that this package compares.
// It takes those without slashes before the host, as attachment points have them, and
// the addresses of clusters. Services write the same instance under two hosts.
func canonical(name string) string {
	if rest, ok := strings.CutPrefix(name, "https://"+containerHost+"/v1/"); ok {
		name = containerHost + "/" + rest
	}
	host, path, ok := strings.Cut(strings.TrimPrefix(name, "//"), "/")
	if !ok || host == "" || path == "" {
		return ""
	}
	switch host {
	case storageHost:
		path = strings.TrimPrefix(path, "projects/_/buckets/")
	case sqlAssetHost:
		host = sqlHost
	case containerHost:
		path = strings.Replace(path, "/zones/", "/locations/", 1)
	case iamHost:
		if strings.Contains(path, "/serviceAccounts/") {
			path = strings.ToLower(path)
			path = strings.Replace(path, "/serviceaccounts/", "/serviceAccounts/", 1)
		}
	}
	return "//" + host + "/" + path
}

func projectName(project string) string { return "//" + managerHost + "/projects/" + project }

func datasetName(project, dataset string) string {
	return "//" + bigqueryHost + "/projects/" + project + "/datasets/" + dataset
}

// split returns host and path of a canonical name.
func split(name string) (host, path string) {
	host, path, _ = strings.Cut(strings.TrimPrefix(name, "//"), "/")
	return host, path
}

// projectIn returns the project that stands in a canonical name, or nothing.
func projectIn(name string) string {
	_, path := split(name)
	rest, ok := strings.CutPrefix(path, "projects/")
	if !ok {
		return ""
	}
	project, _, _ := strings.Cut(rest, "/")
	return project
}

// parentOf returns the name of what is directly above a resource, as far as its own
// name tells, or nothing. Locations are in names and hold no policies.
func parentOf(name string) string {
	host, path := split(name)
	parts := strings.Split(path, "/")
	if host == storageHost {
		if len(parts) > 1 {
			return "//" + host + "/" + parts[0]
		}
		return ""
	}
	if project := projectIn(name); project == "" || host == managerHost {
		return ""
	}
	parts = parts[:max(2, len(parts)-2)]
	for len(parts) > 2 && len(parts)%2 == 0 && isPlace(parts[len(parts)-2]) {
		parts = parts[:len(parts)-2]
	}
	if len(parts) <= 3 {
		return projectName(parts[1])
	}
	return "//" + host + "/" + strings.Join(parts, "/")
}

func isPlace(collection string) bool {
	return collection == "locations" || collection == "regions" || collection == "zones"
}

// typeOf returns the type that a canonical name tells, or nothing.
func typeOf(name string) string {
	host, path := split(name)
	parts := strings.Split(path, "/")
	if host == storageHost && len(parts) == 1 {
		return bucketType
	}
	if len(parts) < 2 {
		return ""
	}
	switch collection := parts[len(parts)-2]; collection {
	case "databases", "projects", "folders", "organizations", "serviceAccounts", "instances", "datasets", "tables", "routines", "clusters", "secrets", "topics", "subscriptions", "disks", "snapshots", "images":
		return host + "/" + strings.ToUpper(collection[:1]) + strings.TrimSuffix(collection[1:], "s")
	default:
		return ""
	}
}

// refOf names a resource in findings: the host of its service, its kind, its project,
// and the rest of its name.
func refOf(name, kind string) bulkhead.Ref {
	host, path := split(name)
	_, short, _ := strings.Cut(kind, "/")
	ref := bulkhead.Ref{Group: host, Kind: short, Namespace: projectIn(name), Name: path}
	if host == managerHost {
		ref.Namespace = ""
	}
	if ref.Namespace != "" {
		ref.Name = strings.TrimPrefix(path, "projects/"+ref.Namespace+"/")
	}
	if collection, id, ok := strings.Cut(ref.Name, "/"); ok && !strings.Contains(id, "/") && collection != "" {
		ref.Name = id
	}
	return ref
}

// accountName returns the name of the resource that a service account is. Only the
// addresses of those that a user made tell their project.
func accountName(email, project string) string {
	return "//" + iamHost + "/projects/" + project + "/serviceAccounts/" + strings.ToLower(email)
}

// attachment returns the resource that a deny policy is attached to, as its name has
// it: policies/ATTACHMENT/denypolicies/ID, with the slashes of the attachment escaped.
func attachment(policy string) string {
	rest, ok := strings.CutPrefix(policy, "policies/")
	point, _, found := strings.Cut(rest, "/denypolicies/")
	decoded, err := url.PathUnescape(point)
	if !ok || !found || err != nil {
		return ""
	}
	return canonical(decoded)
}
