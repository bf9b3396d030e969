// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

const spannerDB = "//spanner.googleapis.com/projects/prod-data/instances/i/databases/d"

// Conditions on what staging holds: the cases 17 to 22.
func TestConditions(t *testing.T) {
	const (
		named   = `resource.name == "projects/prod-data/instances/staging-db" && resource.type == "sqladmin.googleapis.com/Instance"`
		dead    = `resource.name.endsWith("prod-data:region:staging-db")`
		prefix  = `resource.name.startsWith("projects/prod-data/instances/staging")`
		past    = `request.time < timestamp("2020-01-01T00:00:00Z")`
		future  = `request.time < timestamp("2099-01-01T00:00:00Z")`
		tagged  = `resource.matchTag("1/env", "staging")`
		broken  = `resource.name ==`
		negated = `resource.type != "sqladmin.googleapis.com/Instance" || resource.name == "projects/prod-data/instances/staging-db"`
	)
	known := decides{
		named: nameIs(func(n string) bool { return n == "projects/prod-data/instances/staging-db" }),
		dead:  nameIs(func(n string) bool { return strings.HasSuffix(n, "prod-data:region:staging-db") }),
		prefix: nameIs(func(n string) bool {
			return strings.HasPrefix(n, "projects/prod-data/instances/staging")
		}),
		past: always(identity.No), future: always(identity.Yes),
		negated: func(r gcp.Request) identity.Answer {
			switch {
			case r.ResourceType == "":
				return identity.Unknown
			case r.ResourceType != "sqladmin.googleapis.com/Instance" || r.ResourceName == "projects/prod-data/instances/staging-db":
				return identity.Yes
			default:
				return identity.No
			}
		},
	}
	given := func(w *world) { w.Conditions = known }
	on := func(expression string) func(*world) {
		return grant(prodData, sqlClient, "serviceAccount:"+stgSA, expression)
	}
	legacy := "//cloudsql.googleapis.com/projects/prod-data/instances/staging-legacy-prod"
	run(t, map[string]edited{
		"staging's account is a client of staging's instance alone": {
			given: given, before: bulkhead.Sealed, edit: on(named), after: bulkhead.Sealed,
		},
		"staging's account is a client without a condition": {
			given: given, before: bulkhead.Sealed,
			edit:  grant(prodData, sqlClient, "serviceAccount:"+stgSA),
			after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"nobody decides conditions": {
			given: func(w *world) { given(w); on(named)(w) }, before: bulkhead.Sealed,
			edit:  func(w *world) { w.Conditions = nil },
			after: bulkhead.Undetermined, lacks: "whether the condition resource.name ==",
		},
		"a binding that never counts stands before one that always does": {
			given: func(w *world) { given(w); on(past)(w) }, before: bulkhead.Sealed,
			edit:  grant(prodData, sqlClient, stg),
			after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"a condition on the name of an instance is asked about its backups": {
			given: func(w *world) {
				given(w)
				w.permissions = []string{"cloudsql.instances.export", "cloudsql.backupRuns.export"}
				w.Roles = append(w.Roles, gcp.Role{Name: "roles/x", IncludedPermissions: []string{"cloudsql.instances.export"}}, gcp.Role{Name: "roles/y", IncludedPermissions: []string{"cloudsql.backupRuns.export"}})
				w.bind(prodData, "roles/x", stg, named)
			},
			before: bulkhead.Sealed,
			edit:   grant(prodData, "roles/y", stg, named),
			after:  bulkhead.Undetermined, lacks: "an attribute",
		},
		"a condition on the connection name never holds": {
			given: given, before: bulkhead.Sealed, edit: on(dead), after: bulkhead.Sealed,
		},
		"production's instance begins like staging's": {
			given: func(w *world) { given(w); on(prefix)(w) }, before: bulkhead.Sealed,
			edit: func(w *world) {
				w.at(legacy).Instance = &gcp.Instance{Users: []gcp.DatabaseUser{{Name: "a", Type: "CLOUD_IAM_USER"}}}
				w.protected = append(w.protected, legacy)
			},
			after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"a binding on the folder has the role without the condition": {
			given: func(w *world) { given(w); on(named)(w) }, before: bulkhead.Sealed,
			edit:  grant(folder, sqlClient, "serviceAccount:"+stgSA),
			after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"the instance is known by the number of its project, which IAM does not give to conditions": {
			given: func(w *world) {
				given(w)
				w.bind(prodData, sqlClient, stg, named)
				w.protected = []string{"//cloudsql.googleapis.com/projects/222/instances/prod-db"}
			},
			before: bulkhead.Sealed, // the ID is known
			edit: func(w *world) {
				w.at(prodData).Name = byItsNumber // and now it is not
				w.at(prodDB).Name = w.protected[0]
			},
			after: bulkhead.Undetermined, lacks: "an attribute",
		},
		"the time has passed":            {given: given, before: bulkhead.Sealed, edit: on(past), after: bulkhead.Sealed},
		"the time is to come":            {given: given, before: bulkhead.Sealed, edit: on(future), after: bulkhead.Breached},
		"the condition is on a tag":      {given: given, before: bulkhead.Sealed, edit: on(tagged), after: bulkhead.Undetermined, lacks: "a tag"},
		"the condition is no expression": {given: given, before: bulkhead.Sealed, edit: on(broken), after: bulkhead.Undetermined},
		"a negation opens all that is no instance": {
			given: func(w *world) {
				given(w)
				w.bind(prodData, "roles/editor", "serviceAccount:"+stgSA, negated)
				w.protected = []string{prodDB}
				w.permissions = []string{connect}
			},
			before: bulkhead.Sealed,
			edit: func(w *world) {
				w.at(bucket).Bucket = &gcp.Bucket{UniformAccess: true}
				w.at(bucket).Ancestors, w.at(bucket).Policy, w.at(bucket).Whole = []string{prodData}, &gcp.Policy{}, true
				w.protected = append(w.protected, bucket)
				w.permissions = append(w.permissions, "storage.objects.get")
				w.Roles = append(w.Roles, gcp.Role{Name: "roles/editor", IncludedPermissions: []string{"storage.objects.get"}})
			},
			after: bulkhead.Breached, rule: gcp.ActsAs,
		},
	})
}

// A condition on the names of what is in a bucket is decided where it is the same for
// all of them.
func TestConditionsOnObjects(t *testing.T) {
	prefixed := func(prefix string) (string, func(gcp.Request) identity.Answer) {
		return `resource.name.startsWith("` + prefix + `")`, nameIs(func(n string) bool { return strings.HasPrefix(n, prefix) })
	}
	all, holdsAll := prefixed("projects/_/buckets/prod/")
	some, holdsSome := prefixed("projects/_/buckets/prod/objects/public/")
	other, holdsOther := prefixed("projects/_/buckets/staging/")
	loose, holdsLoose := prefixed("projects/_/buckets/prod")
	joined := `resource.name == "projects/_/buckets/prod/objects/" + "x"`
	known := decides{all: holdsAll, some: holdsSome, other: holdsOther, loose: holdsLoose, joined: nameIs(func(n string) bool { return n == "projects/_/buckets/prod/objects/x" })}
	on := func(expression string) func(*world) {
		return grant(prodData, "roles/storage.objectViewer", "serviceAccount:"+stgSA, expression)
	}
	given := func(w *world) { protectBucket(w); w.Conditions = known }
	run(t, map[string]edited{
		"the bucket":     {given: given, before: bulkhead.Sealed, edit: on(all), after: bulkhead.Breached},
		"another bucket": {given: given, before: bulkhead.Sealed, edit: on(other), after: bulkhead.Sealed},
		"a prefix that the bucket's name goes on from": {given: given, before: bulkhead.Sealed, edit: on(loose), after: bulkhead.Breached},
		"some objects of the bucket":                   {given: given, before: bulkhead.Sealed, edit: on(some), after: bulkhead.Undetermined},
		"a name that is put together":                  {given: given, before: bulkhead.Sealed, edit: on(joined), after: bulkhead.Undetermined},
	})
}

// Roles and members about which the evidence does not tell: the cases 23 to 27.
func TestRolesAndMembers(t *testing.T) {
	const custom = "projects/prod-data/roles/custom"
	const pipeline = "principalSet://iam.googleapis.com/projects/5/locations/global/workloadIdentityPools/github"
	devs := func(w *world) { w.bind(prodData, sqlClient, "group:Devs@example.com") }
	run(t, map[string]edited{
		"a viewer exports the database": {
			before: bulkhead.Sealed, edit: grant(prodData, "roles/viewer", "serviceAccount:"+stgSA), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"a viewer selects from Spanner": {
			given: func(w *world) {
				w.at(spannerDB).Policy = &gcp.Policy{}
				w.at("//spanner.googleapis.com/projects/prod-data/instances/i").Policy = &gcp.Policy{}
				w.protected = []string{spannerDB}
			},
			before: bulkhead.Sealed, edit: grant(prodData, "roles/viewer", "serviceAccount:"+stgSA), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"a viewer of Cloud SQL exports the database": {
			before: bulkhead.Sealed, edit: grant(prodData, "roles/cloudsql.viewer", "serviceAccount:"+stgSA), after: bulkhead.Breached,
		},
		"a browser sees that there is a project": {
			before: bulkhead.Sealed, edit: grant(prodData, "roles/browser", "serviceAccount:"+stgSA), after: bulkhead.Sealed,
		},
		"nobody says what a custom role gives": {
			before: bulkhead.Sealed, edit: grant(prodData, custom, "serviceAccount:"+stgSA), after: bulkhead.Undetermined, lacks: "the permissions of " + custom,
		},
		"a custom role gives no data": {
			given: grant(prodData, custom, "serviceAccount:"+stgSA), before: bulkhead.Undetermined,
			edit: func(w *world) {
				w.Roles = append(w.Roles, gcp.Role{Name: custom, IncludedPermissions: []string{"cloudsql.instances.get"}})
			},
			after: bulkhead.Sealed,
		},
		"a custom role was listed without its permissions": {
			given: grant(prodData, custom, "serviceAccount:"+stgSA), before: bulkhead.Undetermined,
			edit:  func(w *world) { w.Roles = append(w.Roles, gcp.Role{Name: custom, Title: "Custom"}) },
			after: bulkhead.Undetermined, lacks: "the permissions of " + custom,
		},
		"a role is deleted in one list, and not in another": {
			given: func(w *world) {
				grant(prodData, custom, "serviceAccount:"+stgSA)(w)
				w.Roles = append(w.Roles, gcp.Role{Name: custom, IncludedPermissions: []string{connect}, Deleted: true})
			},
			before: bulkhead.Sealed,
			edit: func(w *world) {
				w.Roles = append(w.Roles, gcp.Role{Name: custom, IncludedPermissions: []string{"cloudsql.instances.get"}})
			},
			after: bulkhead.Breached,
		},
		"a custom role that gives data is deleted": {
			given: func(w *world) {
				grant(prodData, custom, "serviceAccount:"+stgSA)(w)
				w.Roles = append(w.Roles, gcp.Role{Name: custom, IncludedPermissions: []string{connect}})
			},
			before: bulkhead.Breached,
			edit:   func(w *world) { w.Roles[len(w.Roles)-1].Deleted = true },
			after:  bulkhead.Sealed,
		},
		"a predefined role gives what is known of it without a catalogue": {
			given: func(w *world) { w.Roles = nil; w.Resources[3].Policy.Bindings = nil }, before: bulkhead.Sealed,
			edit: grant(prodData, "roles/cloudsql.admin", "serviceAccount:"+stgSA), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"a predefined role may give more than is known of it": {
			given: func(w *world) { w.Roles = nil; w.Resources[3].Policy.Bindings = nil }, before: bulkhead.Sealed,
			edit: grant(prodData, "roles/iam.serviceAccountUser", "serviceAccount:"+stgSA), after: bulkhead.Undetermined, lacks: "the permissions of roles/iam.serviceAccountUser",
		},
		"nobody says who is in a group": {
			before: bulkhead.Sealed, edit: devs, after: bulkhead.Undetermined, lacks: "who is in the group devs@example.com",
		},
		"staging is not in the group": {
			given: devs, before: bulkhead.Undetermined,
			edit: func(w *world) {
				w.Groups = map[string][]identity.Member{"devs@example.com": {identity.ParseMember("user:ann@example.com")}}
			},
			after: bulkhead.Sealed,
		},
		"staging is in the group": {
			given: devs, before: bulkhead.Undetermined,
			edit: func(w *world) {
				w.Groups = map[string][]identity.Member{"devs@example.com": {identity.ParseMember("serviceAccount:" + strings.ToUpper(stgSA[:1]) + stgSA[1:])}}
			},
			after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"staging is in a group of the group, and the groups are in a circle": {
			given: func(w *world) {
				devs(w)
				w.Groups = map[string][]identity.Member{
					"devs@example.com": {identity.ParseMember("group:team@example.com")},
					"team@example.com": {identity.ParseMember("group:devs@example.com")},
				}
			},
			before: bulkhead.Sealed,
			edit: func(w *world) {
				w.Groups["team@example.com"] = append(w.Groups["team@example.com"], identity.ParseMember("serviceAccount:"+stgSA))
			},
			after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"nobody says who is in a group of the group": {
			given: func(w *world) { devs(w); w.Groups = map[string][]identity.Member{"devs@example.com": nil} }, before: bulkhead.Sealed,
			edit: func(w *world) {
				w.Groups["devs@example.com"] = []identity.Member{identity.ParseMember("group:team@example.com")}
			},
			after: bulkhead.Undetermined, lacks: "who is in the group team@example.com",
		},
		"nobody says who is in a domain": {
			before: bulkhead.Sealed, edit: grant(prodData, sqlClient, "domain:example.com"), after: bulkhead.Undetermined, lacks: "who is in the domain example.com",
		},
		"nobody says whom the pool of a pipeline admits": {
			before: bulkhead.Sealed, edit: grant(prodData, sqlClient, pipeline+"/attribute.repository/shop"), after: bulkhead.Undetermined, lacks: "what the member " + pipeline,
		},
		"the pool of a pipeline admits nobody of staging": {
			given: grant(prodData, sqlClient, pipeline+"/attribute.repository/shop"), before: bulkhead.Undetermined,
			edit:  func(w *world) { w.ForeignPools = []string{"projects/5/locations/global/workloadIdentityPools/github"} },
			after: bulkhead.Sealed,
		},
		"another pool whose name begins alike": {
			given: grant(prodData, sqlClient, pipeline+"-2/attribute.repository/shop"), before: bulkhead.Undetermined,
			edit:  func(w *world) { w.ForeignPools = []string{"projects/5/locations/global/workloadIdentityPools/github"} },
			after: bulkhead.Undetermined,
		},
		"a person is a client": {
			before: bulkhead.Sealed, edit: grant(prodData, sqlClient, "user:ann@example.com"), after: bulkhead.Sealed,
		},
		"everybody with a Google account reads production's bucket": {
			given: protectBucket, before: bulkhead.Sealed,
			edit:  grant(bucket, "roles/storage.objectViewer", "allAuthenticatedUsers"),
			after: bulkhead.Breached, rule: gcp.Everyone,
		},
		"everybody reads production's bucket": {
			given: protectBucket, before: bulkhead.Sealed,
			edit:  grant(bucket, "roles/storage.objectViewer", "allUsers"),
			after: bulkhead.Breached, rule: gcp.Everyone,
		},
	})
}
