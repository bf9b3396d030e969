// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// connect is what IAM is asked for where an instance enforces connectors.
const connect = "cloudsql.instances.connect"

// sharedPermissions are those that staging needs on an instance that both sides have
// databases on.
func sharedPermissions() []string {
	return []string{connect, "cloudsql.instances.login", "cloudsql.instances.executeSql"}
}

// passwords judges, for each protected instance of Cloud SQL, what stops somebody who
// has a password of production: IAM is not asked about a direct connection (Cloud SQL
// documentation, "Configure IAM database authentication").
func (w *walk) passwords(across map[*resource]bool) []bulkhead.Hop {
	var because []bulkhead.Hop
	for _, r := range w.order {
		if !across[r] || r.kind != instanceType {
			continue
		}
		if r.instance == nil {
			w.missing["the settings and the users of "+r.name] = true
			continue
		}
		if r.instance.Shared {
			w.ownUsers(r)
		}
		if hop, ok := w.stopped(r); ok {
			because = append(because, hop)
			continue
		}
		w.opened(r)
	}
	return because
}

// stopped returns what stops a password, or false.
func (w *walk) stopped(r *resource) (bulkhead.Hop, bool) {
	hop := func(field, text string) (bulkhead.Hop, bool) {
		return bulkhead.Hop{Object: r.ref, Field: field, Text: text}, true
	}
	switch {
	case len(r.instance.Users) > 0 && !slices.ContainsFunc(r.instance.Users, DatabaseUser.hasPassword):
		return hop("users", "no user has a password: all log in with an identity of Google")
	case r.instance.Unreachable:
		return hop("", "staging has no path to it on the network, as a proof about the network says")
	case r.instance.Settings.ConnectorEnforcement == "REQUIRED" && w.noConnect(r):
		return hop("settings.connectorEnforcement", "direct connections are refused, and IAM gives the subjects no "+connect)
	default:
		return bulkhead.Hop{}, false
	}
}

// noConnect reports whether nobody who was reached may connect to an instance, nor
// possibly may. It does not matter whether the question is about it.
func (w *walk) noConnect(r *resource) bool { return !w.connects[r] }

// opened notes that a password opens an instance, if the subjects have it.
func (w *walk) opened(r *resource) {
	if len(r.instance.Users) == 0 {
		w.missing["the users of "+r.name] = true
	}
	for i, user := range r.instance.Users {
		if !user.hasPassword() || r.instance.Shared && slices.Contains(r.instance.OwnUsers, user.Name) {
			continue
		}
		if !r.instance.PasswordKnown {
			w.missing["what keeps a password of "+r.name+" from being used in staging: settings.connectorEnforcement REQUIRED without "+connect+
				" for staging, no users with passwords, or no path on the network"] = true
			continue
		}
		field := fmt.Sprintf("users[%d]", i)
		w.breaches = append(w.breaches, bulkhead.Breach{
			Rule:   PasswordLogin,
			Path:   []bulkhead.Hop{{Object: r.ref, Field: field, Text: "logs in with a password, which staging has, and IAM is not asked"}},
			Change: bulkhead.Change{Object: r.ref, Field: field, Text: "make " + user.Name + " a user of an identity of Google, or take its password away"},
		})
	}
}

// hasPassword reports whether a user may log in with a password. Those of identities of
// Google have types of their own (Cloud SQL Admin API v1, User.type).
func (u DatabaseUser) hasPassword() bool { return !strings.HasPrefix(u.Type, "CLOUD_IAM_") }

// ownUsers judges the users that staging logs in as, on an instance that both sides
// have databases on.
func (w *walk) ownUsers(r *resource) {
	if !r.instance.GrantsSealed {
		w.missing["the grants inside the databases of "+r.name+", which IAM does not see"] = true
	}
	if len(r.instance.OwnUsers) == 0 {
		w.missing["the users of "+r.name+" that staging logs in as"] = true
	}
	for _, name := range r.instance.OwnUsers {
		at := slices.IndexFunc(r.instance.Users, func(u DatabaseUser) bool { return u.Name == name })
		if at < 0 {
			w.missing["the user "+name+" of "+r.name] = true
			continue
		}
		user := r.instance.Users[at]
		field := fmt.Sprintf("users[%d]", at)
		if r.instance.GrantsSealed {
			continue // the proof looks at roles, too
		}
		switch user.superuser(r.instance.DatabaseVersion) {
		case identity.Yes:
			w.breaches = append(w.breaches, bulkhead.Breach{
				Rule:   Superuser,
				Path:   []bulkhead.Hop{{Object: r.ref, Field: field, Text: "holds cloudsqlsuperuser, with which it gives itself what production's users have"}},
				Change: bulkhead.Change{Object: r.ref, Field: field, Text: "revoke cloudsqlsuperuser from " + user.Name + ", or make it by SQL or as a user of an identity of Google"},
			})
		case identity.Unknown:
			w.missing["whether "+user.Name+" of "+r.name+" has cloudsqlsuperuser"] = true
		case identity.No:
		}
	}
}

// superuser says whether a user holds cloudsqlsuperuser. PostgreSQL users that the API
// makes get it always; MySQL users of version 8.0 and later if they are made without
// roles (Cloud SQL documentation, "About users").
func (u DatabaseUser) superuser(version string) identity.Answer {
	switch {
	case !u.hasPassword():
		return identity.No
	case slices.Contains(u.DatabaseRoles, "cloudsqlsuperuser"):
		return identity.Yes
	case strings.HasPrefix(version, "POSTGRES_") && len(u.DatabaseRoles) == 0:
		return identity.Yes
	case strings.HasPrefix(version, "MYSQL_8") && len(u.DatabaseRoles) == 0:
		return identity.Yes
	case strings.HasPrefix(version, "MYSQL_8"):
		return identity.No
	default:
		return identity.Unknown
	}
}
