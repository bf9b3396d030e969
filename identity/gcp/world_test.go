// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

// Names of the world that cases start from: one cluster with staging and production in
// the project shared-p, and production's data in the project prod-data.
const (
	org       = "//cloudresourcemanager.googleapis.com/organizations/1"
	folder    = "//cloudresourcemanager.googleapis.com/folders/2"
	shared    = "//cloudresourcemanager.googleapis.com/projects/shared-p"
	prodData  = "//cloudresourcemanager.googleapis.com/projects/prod-data"
	cluster   = "//container.googleapis.com/projects/shared-p/locations/l/clusters/c"
	prodDB    = "//cloudsql.googleapis.com/projects/prod-data/instances/prod-db"
	stgSA     = "app-stg@shared-p.iam.gserviceaccount.com"
	prodSA    = "app-prod@shared-p.iam.gserviceaccount.com"
	deployer  = "111@cloudservices.gserviceaccount.com"
	nodeSA    = "nodes@shared-p.iam.gserviceaccount.com"
	stgName   = "//iam.googleapis.com/projects/shared-p/serviceAccounts/" + stgSA
	prodName  = "//iam.googleapis.com/projects/shared-p/serviceAccounts/" + prodSA
	nodeName  = "//iam.googleapis.com/projects/shared-p/serviceAccounts/" + nodeSA
	pool      = "shared-p.svc.id.goog"
	poolPath  = "iam.googleapis.com/projects/111/locations/global/workloadIdentityPools/" + pool
	connect   = "cloudsql.instances.connect"
	sqlClient = "roles/cloudsql.client"
	wiUser    = "roles/iam.workloadIdentityUser"
)

// A world is a question with its evidence.
type world struct {
	gcp.Evidence
	subjects    []gcp.Subject
	protected   []string
	permissions []string
}

func staging() gcp.Subject {
	return gcp.Subject{
		Workload: identity.Workload{
			Pool: identity.Pool{ProjectID: "shared-p", ProjectNumber: 111}, Namespace: "staging",
			Cluster: "https://container.googleapis.com/v1/projects/shared-p/locations/l/clusters/c",
		},
		HostNetwork: identity.No,
	}
}

// sealed is a world in which staging does not reach production's database: it acts as
// app-stg, which has nothing, and production as app-prod.
func sealed() *world {
	empty := func() *gcp.Policy { return &gcp.Policy{Version: 3, Etag: "e"} }
	w := &world{
		Evidence: gcp.Evidence{
			Resources: []gcp.Resource{
				{Name: org, Policy: empty()},
				{Name: folder, Ancestors: []string{org}, Policy: empty()},
				{Name: shared, Ancestors: []string{folder}, Number: 111, Policy: empty()},
				{Name: prodData, Ancestors: []string{folder}, Number: 222, Policy: empty()},
				{Name: stgName, Policy: empty()},
				{Name: prodName, Policy: empty()},
				{Name: nodeName, Policy: empty()},
				{Name: cluster, Cluster: &gcp.Cluster{
					Pool: pool, NodePools: []gcp.NodePool{{Name: "default", ServiceAccount: nodeSA, Metadata: "GKE_METADATA"}},
				}},
				{Name: prodDB, Instance: &gcp.Instance{
					DatabaseVersion: "POSTGRES_15",
					Settings:        gcp.InstanceSettings{ConnectorEnforcement: "REQUIRED"},
					Users:           []gcp.DatabaseUser{{Name: "postgres", Type: "BUILT_IN"}},
				}},
			},
			Roles: roles(),
			Pools: []string{pool},
		},
		subjects:    []gcp.Subject{staging()},
		protected:   []string{prodDB},
		permissions: gcp.DataPermissions(),
	}
	w.bind(stgName, wiUser, "serviceAccount:"+pool+"[staging/app]")
	w.bind(prodName, wiUser, "serviceAccount:"+pool+"[prod/app]")
	w.bind(prodData, sqlClient, "serviceAccount:"+prodSA)
	return w
}

// roles is a catalogue with few roles, and all that matters of them.
func roles() []gcp.Role {
	out := []gcp.Role{}
	for name, permissions := range map[string][]string{
		sqlClient:               {"cloudsql.instances.connect", "cloudsql.instances.get"},
		wiUser:                  {"iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.getOpenIdToken"},
		"roles/cloudsql.viewer": {"cloudsql.instances.get", "cloudsql.instances.export"},
		"roles/viewer":          {"cloudsql.instances.export", "spanner.databases.select", "resourcemanager.projects.get"},
		"roles/editor":          {"cloudsql.users.create", "cloudsql.instances.connect", "iam.serviceAccounts.actAs", "compute.instances.create", "container.secrets.get", "spanner.databases.select"},
		"roles/owner":           {"cloudsql.users.create", "cloudsql.instances.connect", "iam.serviceAccounts.actAs", "compute.instances.create", "container.secrets.get", "resourcemanager.projects.setIamPolicy", "iam.roles.update", "iam.serviceAccountKeys.create"},
		"roles/browser":         {"resourcemanager.projects.get"},
		"roles/container.defaultNodeServiceAccount": {"logging.logEntries.create", "monitoring.timeSeries.create"},
		"roles/container.developer":                 {"container.secrets.get", "container.pods.exec", "container.pods.create"},
		"roles/iam.serviceAccountTokenCreator":      {"iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.signBlob", "iam.serviceAccounts.signJwt", "iam.serviceAccounts.implicitDelegation", "iam.serviceAccounts.getOpenIdToken"},
		"roles/iam.serviceAccountUser":              {"iam.serviceAccounts.actAs", "iam.serviceAccounts.get"},
		"roles/iam.serviceAccountKeyAdmin":          {"iam.serviceAccountKeys.create"},
		"roles/run.developer":                       {"run.services.create", "run.services.update"},
		"roles/iam.roleAdmin":                       {"iam.roles.update", "iam.roles.get"},
		"roles/iam.denyAdmin":                       {"iam.denypolicies.update", "iam.denypolicies.delete"},
		"roles/storage.objectViewer":                {"storage.objects.get", "storage.objects.list"},
		"roles/storage.legacyObjectReader":          {"storage.objects.get"},
		"roles/secretmanager.secretAccessor":        {"secretmanager.versions.access"},
		"roles/bigquery.dataViewer":                 {"bigquery.tables.getData"},
		"roles/bigquery.dataEditor":                 {"bigquery.tables.getData", "bigquery.tables.updateData", "bigquery.tables.create"},
		"roles/storage.hmacKeyAdmin":                {"storage.hmacKeys.create"},
		"roles/iam.workloadIdentityPoolAdmin":       {"iam.googleapis.com/workloadIdentityPoolProviders.create"},
		"roles/deploymentmanager.editor":            {"deploymentmanager.deployments.create"},
		"roles/container.viewer":                    {"container.secrets.list"},
		"projects/prod-data/roles/reader":           {"cloudsql.instances.get"},
		"projects/prod-data/roles/runner":           {"iam.serviceAccounts.implicitDelegation"},
	} {
		out = append(out, gcp.Role{Name: name, IncludedPermissions: permissions})
	}
	slices.SortFunc(out, func(a, b gcp.Role) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// at returns the entry of a resource, which it makes if there is none.
func (w *world) at(name string) *gcp.Resource {
	for i := range w.Resources {
		if w.Resources[i].Name == name {
			return &w.Resources[i]
		}
	}
	w.Resources = append(w.Resources, gcp.Resource{Name: name})
	return &w.Resources[len(w.Resources)-1]
}

// bind adds a binding to the policy of a resource, on the conditions if there are any.
func (w *world) bind(name, role, member string, conditions ...string) {
	r := w.at(name)
	if r.Policy == nil {
		r.Policy = &gcp.Policy{Version: 3, Etag: "e"}
	}
	b := gcp.Binding{Role: role, Members: []identity.Member{identity.ParseMember(member)}}
	for _, expression := range conditions {
		b.Condition = &gcp.Condition{Title: "t", Expression: expression}
	}
	r.Policy.Bindings = append(r.Policy.Bindings, b)
}

func (w *world) prove(t testing.TB) gcp.Proof {
	t.Helper()
	proof, err := w.NoAccess(w.subjects, w.protected, w.permissions...)
	if err != nil {
		t.Fatal(err)
	}
	return proof
}

// without makes a change: it takes out of the evidence what it names.
func (w *world) without(t testing.TB, change bulkhead.Change) {
	t.Helper()
	for i := range w.Resources {
		r := &w.Resources[i]
		if gcp.RefTo(*r) != change.Object {
			continue
		}
		if change.Field == "" {
			w.Resources = slices.Delete(w.Resources, i, i+1)
			return
		}
		list, rest, _ := strings.Cut(change.Field, "[")
		index, rest, _ := strings.Cut(rest, "]")
		n, err := strconv.Atoi(index)
		if err != nil {
			t.Fatalf("the change %+v has no index", change)
		}
		switch list {
		case "bindings":
			var k int
			if _, err := fmt.Sscanf(rest, ".members[%d]", &k); err != nil {
				t.Fatalf("the change %+v names no member", change)
			}
			members := &r.Policy.Bindings[n].Members
			*members = slices.Delete(*members, k, k+1)
		case "access":
			r.Dataset.Access = slices.Delete(r.Dataset.Access, n, n+1)
		case "users":
			r.Instance.Users = slices.Delete(r.Instance.Users, n, n+1)
		case "nodePools":
			r.Cluster.NodePools = slices.Delete(r.Cluster.NodePools, n, n+1)
		default:
			t.Fatalf("the change %+v names nothing that is known", change)
		}
		return
	}
	t.Fatalf("the change %+v names no resource", change)
}

// decides answers for conditions that a test knows, and nothing of others.
type decides map[string]func(gcp.Request) identity.Answer

func (d decides) Holds(expression string, about gcp.Request) identity.Match {
	f, ok := d[expression]
	if !ok {
		return identity.Match{Missing: []string{"a tag"}}
	}
	switch answer := f(about); answer {
	case identity.Unknown:
		return identity.Match{Missing: []string{"an attribute"}}
	default:
		return identity.Match{Answer: answer}
	}
}

// nameIs is a condition on the name of a resource, which has to be known.
func nameIs(f func(string) bool) func(gcp.Request) identity.Answer {
	return func(r gcp.Request) identity.Answer {
		switch {
		case r.ResourceName == "":
			return identity.Unknown
		case f(r.ResourceName):
			return identity.Yes
		default:
			return identity.No
		}
	}
}

func always(answer identity.Answer) func(gcp.Request) identity.Answer {
	return func(gcp.Request) identity.Answer { return answer }
}
