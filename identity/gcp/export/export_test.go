// SPDX-License-Identifier: Apache-2.0

package export_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
	"github.com/watertight-go/watertight/identity/gcp/export"
)

// reading is a reader of any kind.
type reading func(io.Reader) (any, error)

func readers() map[string]reading {
	return map[string]reading{
		"policies":   func(r io.Reader) (any, error) { return export.Policies("f", r) },
		"policy":     func(r io.Reader) (any, error) { return export.Policy("f", r) },
		"roles":      func(r io.Reader) (any, error) { return export.Roles("f", r) },
		"denials":    func(r io.Reader) (any, error) { return export.DenyPolicies("f", r) },
		"boundaries": func(r io.Reader) (any, error) { return export.BoundaryPolicies("f", r) },
		"bindings":   func(r io.Reader) (any, error) { return export.BoundaryBindings("f", r) },
		"projects":   func(r io.Reader) (any, error) { return export.Projects("f", r) },
		"datasets":   func(r io.Reader) (any, error) { return export.Datasets("f", r) },
		"instances":  func(r io.Reader) (any, error) { return export.Instances("f", r) },
		"users":      func(r io.Reader) (any, error) { return export.Users("f", r) },
		"buckets":    func(r io.Reader) (any, error) { return export.Buckets("f", r) },
		"clusters":   func(r io.Reader) (any, error) { return export.Clusters("f", r) },
		"members":    func(r io.Reader) (any, error) { return export.Memberships("f", r) },
	}
}

func TestReads(t *testing.T) {
	ann := identity.ParseMember("user:ann@example.com")
	for name, tt := range map[string]struct {
		reader, text string
		want         any
	}{
		"a search for policies": {
			"policies", `[{"assetType": "cloudresourcemanager.googleapis.com/Project", "folders": ["folders/2"], "organization": "organizations/1", "project": "projects/222",
				"policy": {"bindings": [{"members": ["user:ann@example.com"], "role": "roles/viewer", "bindingId": "x"}], "etag": "e"},
				"resource": "//cloudresourcemanager.googleapis.com/projects/prod-data"}]`,
			[]gcp.Resource{{
				Name: "//cloudresourcemanager.googleapis.com/projects/prod-data", Type: "cloudresourcemanager.googleapis.com/Project", Number: 222,
				Ancestors: []string{
					"//cloudresourcemanager.googleapis.com/projects/222", "//cloudresourcemanager.googleapis.com/organizations/1",
					"//cloudresourcemanager.googleapis.com/folders/2",
				},
				Policy: &gcp.Policy{Etag: "e", Bindings: []gcp.Binding{{Role: "roles/viewer", Members: []identity.Member{ann}}}},
			}},
		},
		"a policy without bindings": {"policy", `{"etag": "ACAB"}`, &gcp.Policy{Etag: "ACAB"}},
		"one role":                  {"roles", `{"name": "roles/x", "includedPermissions": ["a.b.c"], "etag": "e"}`, []gcp.Role{{Name: "roles/x", IncludedPermissions: []string{"a.b.c"}}}},
		"roles one after the other": {"roles", `{"name": "roles/x"} {"name": "roles/y"}`, []gcp.Role{{Name: "roles/x"}, {Name: "roles/y"}}},
		"no roles":                  {"roles", ` [ ] `, []gcp.Role(nil)},
		"a deny policy": {
			"denials", `{"kind": "DenyPolicy", "name": "policies/x%2Fprojects%2F1/denypolicies/d", "rules": [{"denyRule": {"deniedPrincipals": ["principalSet://goog/public:all"], "deniedPermissions": ["iam.googleapis.com/roles.update"]}}], "uid": "u"}`,
			[]gcp.DenyPolicy{{Name: "policies/x%2Fprojects%2F1/denypolicies/d", Rules: []gcp.DenyPolicyRule{{DenyRule: &gcp.DenyRule{
				DeniedPrincipals: []string{"principalSet://goog/public:all"}, DeniedPermissions: []string{"iam.googleapis.com/roles.update"},
			}}}}},
		},
		"a boundary": {
			"boundaries", `{"name": "organizations/1/locations/global/principalAccessBoundaryPolicies/b", "details": {"enforcementVersion": "4", "rules": [{"effect": "ALLOW", "resources": ["//x/y"]}]}}`,
			[]gcp.BoundaryPolicy{{Name: "organizations/1/locations/global/principalAccessBoundaryPolicies/b", Details: gcp.BoundaryDetails{
				EnforcementVersion: "4", Rules: []gcp.BoundaryRule{{Effect: "ALLOW", Resources: []string{"//x/y"}}},
			}}},
		},
		"the binding of a boundary": {
			"bindings", `{"name": "n", "policy": "p", "target": {"principalSet": "//x"}}`,
			[]gcp.BoundaryBinding{{Name: "n", Policy: "p", Target: gcp.BoundaryTarget{PrincipalSet: "//x"}}},
		},
		"a project": {
			"projects", `{"projectId": "prod-data", "projectNumber": "222", "parent": {"type": "folder", "id": "2"}}`,
			[]gcp.Resource{{Name: "//cloudresourcemanager.googleapis.com/projects/prod-data", Number: 222, Ancestors: []string{"//cloudresourcemanager.googleapis.com/folders/2"}}},
		},
		"a project of nobody": {
			"projects", `{"projectId": "prod-data", "projectNumber": "222"}`,
			[]gcp.Resource{{Name: "//cloudresourcemanager.googleapis.com/projects/prod-data", Number: 222, Top: true}},
		},
		"a dataset": {
			"datasets", `{"datasetReference": {"projectId": "p", "datasetId": "d"}, "access": [{"role": "READER", "specialGroup": "projectReaders"}, {"view": {"projectId": "p", "datasetId": "e", "tableId": "v"}}]}`,
			[]gcp.Resource{{Name: "//bigquery.googleapis.com/projects/p/datasets/d", Dataset: &gcp.Dataset{Access: []gcp.DatasetAccess{
				{Role: "READER", SpecialGroup: "projectReaders"}, {View: &gcp.TableReference{ProjectID: "p", DatasetID: "e", TableID: "v"}},
			}}}},
		},
		"an instance": {
			"instances", `{"project": "p", "name": "i", "databaseVersion": "POSTGRES_15", "settings": {"connectorEnforcement": "REQUIRED", "tier": "x"}}`,
			[]gcp.Resource{{Name: "//cloudsql.googleapis.com/projects/p/instances/i", Instance: &gcp.Instance{
				DatabaseVersion: "POSTGRES_15", Settings: gcp.InstanceSettings{ConnectorEnforcement: "REQUIRED"},
			}}},
		},
		"users": {
			"users", `[{"project": "p", "instance": "i", "name": "postgres", "type": "BUILT_IN", "host": ""}, {"project": "p", "instance": "i", "name": "a", "databaseRoles": ["r"]}]`,
			map[string][]gcp.DatabaseUser{"//cloudsql.googleapis.com/projects/p/instances/i": {{Name: "postgres", Type: "BUILT_IN"}, {Name: "a", DatabaseRoles: []string{"r"}}}},
		},
		"a bucket, as gcloud prints it": {"buckets", `{"name": "b", "uniform_bucket_level_access": true}`, []gcp.Resource{{Name: "//storage.googleapis.com/b", Bucket: &gcp.Bucket{UniformAccess: true}}}},
		"a bucket, as the API has it": {
			"buckets", `{"name": "b", "projectNumber": "222", "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": true}}}`,
			[]gcp.Resource{{Name: "//storage.googleapis.com/b", Ancestors: []string{"//cloudresourcemanager.googleapis.com/projects/222"}, Bucket: &gcp.Bucket{UniformAccess: true}}},
		},
		"a bucket that does not say": {"buckets", `{"name": "b"}`, []gcp.Resource{{Name: "//storage.googleapis.com/b", Bucket: &gcp.Bucket{}}}},
		"a cluster": {
			"clusters", `{"selfLink": "https://container.googleapis.com/v1/projects/p/locations/l/clusters/c", "workloadIdentityConfig": {"workloadPool": "p.svc.id.goog"},
				"nodePools": [{"name": "n", "config": {"serviceAccount": "default", "workloadMetadataConfig": {"mode": "GKE_METADATA"}}}]}`,
			[]gcp.Resource{{Name: "//container.googleapis.com/projects/p/locations/l/clusters/c", Cluster: &gcp.Cluster{
				Pool: "p.svc.id.goog", NodePools: []gcp.NodePool{{Name: "n", ServiceAccount: "default", Metadata: "GKE_METADATA"}},
			}}},
		},
		"members of a group": {
			"members", `[{"preferredMemberKey": {"id": "ann@example.com"}, "type": "USER"}, {"preferredMemberKey": {"id": "team@example.com"}}, {"preferredMemberKey": {"id": "C01"}}]`,
			[]identity.Member{ann, identity.ParseMember("user:team@example.com"), identity.ParseMember("group:team@example.com"), {Text: "whose key is no address"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readers()[tt.reader](strings.NewReader(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What is refused is named by its place, and its neighbours are read.
func TestRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		reader, text, place string
		read                int // elements beside the refused one
	}{
		"a key that is there twice": {
			"policies", `[{"resource": "//a/b", "policy": {"bindings": [{"role": "roles/a"}], "bindings": []}}, {"resource": "//a/c", "policy": {}}]`, "[0].policy.bindings", 1,
		},
		"a key that is there twice, in another case": {
			"policies", `[{"resource": "//a/b", "policy": {"bindings": [{"role": "roles/a", "Role": "roles/b"}]}}]`, "[0].policy.bindings[0].Role", 0,
		},
		"a project whose number is none": {
			"policies", `[{"resource": "//cloudresourcemanager.googleapis.com/projects/p", "assetType": "cloudresourcemanager.googleapis.com/Project", "project": "projects/12x", "policy": {}}]`, "[0].project", 0,
		},
		"a deny policy that is deleted": {
			"denials", `{"name": "policies/x%2Fprojects%2F1/denypolicies/d", "deleteTime": "2026-01-01T00:00:00Z"}`, "[0].deleteTime", 0,
		},
		"a policy of another kind": {
			"denials", `{"name": "policies/x%2Fprojects%2F1/denypolicies/d", "kind": "AccessPolicy"}`, "[0].kind", 0,
		},
		"a policy read without its conditions": {
			"policies", `[{"resource": "//a/b", "policy": {"bindings": [{"role": "roles/a"}, {"role": "roles/a_withcond_2b17cc25d2cd9e2c54d8"}]}}]`, "[0].policy.bindings[1].role", 1,
		},
		"a policy of a version that there is not": {"policy", `{"etag": "e", "version": 2}`, "[0].version", -1},
		"a single policy read without its conditions": {
			"policy", `{"etag": "e", "version": 1, "bindings": [{"role": "roles/a_withcond_2b17cc25d2cd9e2c54d8"}]}`, "[0].bindings[0].role", -1,
		},
		"no policy":                     {"policy", `[]`, "", -1},
		"something else than a policy":  {"policy", `{"name": "x"}`, "[0]", -1},
		"a binding without a role":      {"policy", `{"etag": "e", "bindings": [{"members": ["allUsers"]}]}`, "[0].bindings[0].role", -1},
		"a result without its policy":   {"policies", `[{"resource": "//a/b"}, {"resource": "//a/c", "policy": {}}]`, "[0]", 1},
		"a role without a name":         {"roles", `[{"name": "roles/a"}, {"title": "x"}]`, "[1].name", 1},
		"permissions that are a number": {"roles", `[{"name": "roles/a", "includedPermissions": 5}, {"name": "roles/b"}]`, "[0]", 1},
		"a deny rule with a field that is not known": {
			"denials", `[{"name": "policies/x/denypolicies/d", "rules": [{"denyRule": {"deniedPrincipals": [], "exceptionPaths": ["x"]}}]}]`, "[0].rules[0]", 0,
		},
		"a deny policy without a name":  {"denials", `[{"rules": []}]`, "[0].name", 0},
		"a boundary that denies":        {"boundaries", `{"name": "organizations/1/locations/global/principalAccessBoundaryPolicies/b", "details": {"rules": [{"effect": "DENY"}]}}`, "[0].details.rules[0].effect", 0},
		"a binding of nobody":           {"bindings", `{"policy": "p"}`, "[0]", 0},
		"a project without a number":    {"projects", `{"projectId": "p"}`, "[0]", 0},
		"a project below something odd": {"projects", `{"projectId": "p", "projectNumber": "1", "parent": {"type": "ship", "id": "2"}}`, "[0].parent", 0},
		"a dataset without its list":    {"datasets", `{"datasetReference": {"projectId": "p", "datasetId": "d"}}`, "[0].access", 0},
		"an instance without a name":    {"instances", `{"project": "p"}`, "[0]", 0},
		"a user of no instance":         {"users", `[{"name": "a"}]`, "[0]", 0},
		"a bucket without a name":       {"buckets", `{}`, "[0].name", 0},
		"a cluster without an address":  {"clusters", `{"name": "c"}`, "[0].selfLink", 0},
		"text that ends too soon":       {"roles", `[{"name": "roles/a"}, {"name"`, "[1]", 1},
		"text that is no JSON":          {"roles", `roles: []`, "[0]", 0},
		"nothing at all":                {"roles", ``, "", 0},
		"a bracket too many":            {"roles", `[]]`, "[0]", 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readers()[tt.reader](strings.NewReader(tt.text))
			var at *export.Error
			if !errors.As(err, &at) {
				t.Fatalf("got %v and %v, want an Error", got, err)
			}
			if at.File != "f" || at.Place != tt.place || at.Reason == "" {
				t.Errorf("got %+v, want the place %q", at, tt.place)
			}
			if tt.read >= 0 {
				if n := length(got); n != tt.read {
					t.Errorf("%d elements were read, want %d: %v", n, tt.read, got)
				}
			}
			if resources, ok := got.([]gcp.Resource); ok && name == "a policy read without its conditions" && resources[0].Policy != nil {
				t.Error("the policy is used")
			}
		})
	}
}

func length(v any) int {
	switch list := v.(type) {
	case []gcp.Resource:
		return len(list)
	case []gcp.Role:
		return len(list)
	case []gcp.DenyPolicy:
		return len(list)
	case []gcp.BoundaryPolicy:
		return len(list)
	case []gcp.BoundaryBinding:
		return len(list)
	case map[string][]gcp.DatabaseUser:
		return len(list)
	default:
		return -1
	}
}

// endless is an export that does not end.
type endless struct {
	element string
	at      int
}

func (e *endless) Read(p []byte) (int, error) {
	element := e.element
	if e.at == 0 {
		e.at = 1
		return copy(p, "["), nil
	}
	for i := range p {
		p[i] = element[(e.at-1+i)%len(element)]
	}
	e.at += len(p)
	return len(p), nil
}

// An export that does not end is given up.
func TestReadsNoMoreThanMostBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 64 MB")
	}
	_, err := export.Roles("f", &endless{element: `{"title":"` + strings.Repeat("x", 1<<16) + `"},`})
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("larger than %d bytes", export.MostBytes)) {
		t.Fatalf("got %v", err)
	}
}

// Values of the input do not stand in errors.
func TestErrorsHaveNoValues(t *testing.T) {
	for name, read := range readers() {
		_, err := read(strings.NewReader(`[{"name": {"password": "hunter2"}, "resource": {"a": "hunter2"}}, "hunter2"]`))
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Anything is read or refused.
func FuzzReads(f *testing.F) {
	f.Add(`[{"name": "roles/a"}]`)
	f.Add(`{"etag": "e", "bindings": [{"role": "r", "members": ["allUsers"], "condition": {"expression": "true"}}]}`)
	f.Add(`[[[[`)
	f.Add(`{"selfLink": "https://container.googleapis.com/v1/projects/p/locations/l/clusters/c", "nodePools": [null]}`)
	f.Fuzz(func(t *testing.T, text string) {
		for name, read := range readers() {
			if _, err := read(strings.NewReader(text)); err != nil {
				if _, ok := errors.AsType[*export.Error](err); !ok {
					t.Errorf("%s: %v is no Error", name, err)
				}
			}
		}
	})
}
