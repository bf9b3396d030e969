// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/gcp"
)

// What stops a password of production on Cloud SQL: the cases 52 and 52b.
func TestPasswords(t *testing.T) {
	db := func(edit func(*gcp.Instance)) func(*world) {
		return func(w *world) { edit(w.at(prodDB).Instance) }
	}
	iamUsers := func(i *gcp.Instance) {
		i.Users = []gcp.DatabaseUser{{Name: "app-prod@shared-p.iam", Type: "CLOUD_IAM_SERVICE_ACCOUNT"}, {Name: "app-stg@shared-p.iam", Type: "CLOUD_IAM_SERVICE_ACCOUNT"}}
	}
	sharedDB := func(w *world) {
		w.bind(prodData, sqlClient, stg)
		i := w.at(prodDB).Instance
		iamUsers(i)
		i.Shared, i.OwnUsers, i.GrantsSealed = true, []string{"app-stg@shared-p.iam"}, true
	}
	run(t, map[string]edited{
		"connectors are not enforced": {
			before: bulkhead.Sealed, edit: db(func(i *gcp.Instance) { i.Settings.ConnectorEnforcement = "NOT_REQUIRED" }), after: bulkhead.Undetermined, lacks: "what keeps a password of",
		},
		"connectors are not enforced, and staging has no path": {
			given: db(func(i *gcp.Instance) { i.Settings.ConnectorEnforcement = "" }), before: bulkhead.Undetermined,
			edit: db(func(i *gcp.Instance) { i.Unreachable = true }), after: bulkhead.Sealed,
		},
		"connectors are not enforced, and no user has a password": {
			given: db(func(i *gcp.Instance) { i.Settings.ConnectorEnforcement = "" }), before: bulkhead.Undetermined,
			edit: db(iamUsers), after: bulkhead.Sealed,
		},
		"connectors are not enforced, and staging has the password": {
			given: db(func(i *gcp.Instance) { i.PasswordKnown = true }), before: bulkhead.Sealed,
			edit: db(func(i *gcp.Instance) { i.Settings.ConnectorEnforcement = "" }), after: bulkhead.Breached, rule: gcp.PasswordLogin,
		},
		"connectors are enforced, and staging may connect, which was not asked": {
			given: func(w *world) { w.permissions = []string{"cloudsql.instances.export"} }, before: bulkhead.Sealed,
			edit: grant(prodData, sqlClient, stg), after: bulkhead.Undetermined, lacks: "what keeps a password of",
		},
		"the instance is not described": {
			before: bulkhead.Sealed, edit: func(w *world) { w.at(prodDB).Instance = nil }, after: bulkhead.Undetermined, lacks: "the settings and the users of",
		},
		"the users are not listed": {
			given: db(func(i *gcp.Instance) { i.Settings.ConnectorEnforcement = ""; iamUsers(i) }), before: bulkhead.Sealed,
			edit: db(func(i *gcp.Instance) { i.Users = nil }), after: bulkhead.Undetermined, lacks: "the users of",
		},
		"an instance of both sides has a user with a password": {
			given: sharedDB, before: bulkhead.Sealed,
			edit:  db(func(i *gcp.Instance) { i.Users = append(i.Users, gcp.DatabaseUser{Name: "app_prod", Type: "BUILT_IN"}) }),
			after: bulkhead.Undetermined, lacks: "what keeps a password of",
		},
		"an instance of both sides has a user whose password staging has": {
			given: func(w *world) { sharedDB(w); w.at(prodDB).Instance.PasswordKnown = true }, before: bulkhead.Sealed,
			edit:  db(func(i *gcp.Instance) { i.Users = append(i.Users, gcp.DatabaseUser{Name: "app_prod"}) }),
			after: bulkhead.Breached, rule: gcp.PasswordLogin,
		},
		"an instance of both sides, and nobody looked at the grants": {
			given: sharedDB, before: bulkhead.Sealed, edit: db(func(i *gcp.Instance) { i.GrantsSealed = false }), after: bulkhead.Undetermined, lacks: "the grants inside the databases",
		},
		"an instance of both sides, and nobody says who staging is on it": {
			given: sharedDB, before: bulkhead.Sealed, edit: db(func(i *gcp.Instance) { i.OwnUsers = nil }), after: bulkhead.Undetermined, lacks: "that staging logs in as",
		},
		"staging may export an instance of both sides": {
			given: sharedDB, before: bulkhead.Sealed, edit: grant(prodData, "roles/cloudsql.viewer", stg), after: bulkhead.Breached,
		},
		"staging's user on PostgreSQL was made by the API": {
			given: func(w *world) { sharedDB(w); w.at(prodDB).Instance.GrantsSealed = false }, before: bulkhead.Undetermined,
			edit: db(func(i *gcp.Instance) {
				i.Users = append(i.Users, gcp.DatabaseUser{Name: "staging_app", Type: "BUILT_IN"})
				i.OwnUsers = append(i.OwnUsers, "staging_app")
			}),
			after: bulkhead.Breached, rule: gcp.Superuser,
		},
		"staging's user on MySQL 8 was made with a role": {
			given: func(w *world) {
				sharedDB(w)
				i := w.at(prodDB).Instance
				i.GrantsSealed, i.DatabaseVersion = false, "MYSQL_8_0"
				i.Users = append(i.Users, gcp.DatabaseUser{Name: "staging_app"})
				i.OwnUsers = []string{"staging_app"}
			},
			before: bulkhead.Breached,
			edit:   db(func(i *gcp.Instance) { i.Users[2].DatabaseRoles = []string{"x"} }),
			after:  bulkhead.Undetermined, lacks: "the grants inside the databases",
		},
	})
}

// The proof names what stops a password.
func TestBecause(t *testing.T) {
	for name, tt := range map[string]struct {
		edit func(*gcp.Instance)
		want string
	}{
		"connectors":     {func(*gcp.Instance) {}, "settings.connectorEnforcement"},
		"IAM users only": {func(i *gcp.Instance) { i.Users[0].Type = "CLOUD_IAM_USER" }, "users"},
		"the network":    {func(i *gcp.Instance) { i.Unreachable = true }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := sealed()
			tt.edit(w.at(prodDB).Instance)
			got := w.prove(t).Because
			if len(got) != 1 || got[0].Field != tt.want || got[0].Object.Name != "prod-db" || got[0].Text == "" {
				t.Errorf("got %+v, want the field %q", got, tt.want)
			}
		})
	}
}
