// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

const (
	// RunsAsProduction is a function that staging calls and that runs with rights over
	// production.
	RunsAsProduction = "postgres/runs-as-production"
	// ServerFunction is a function that reads or writes files of the server, or connects
	// from it without a password.
	ServerFunction = "postgres/server-function"
	// ConnectsFromServer is a function that connects from the server with a password.
	ConnectsFromServer = "postgres/connects-from-server"
)

// definer judges a function that runs with the rights of its owner. What it does is not
// known: it is the owner that counts.
func (v *visit) definer(f Function) {
	if !f.SecurityDefiner || f.Name == connectsFreely || v.ofEvents(f) || v.to[f.Owner] != nil || !v.powerful(f.Owner) {
		return
	}
	into, enters := v.enters(f.Schema)
	if !enters {
		return
	}
	ref := functionRef(v.db.Name, f.Signature)
	for _, s := range v.sources(f.Grants, f.Owner, "EXECUTE") {
		v.breach(RunsAsProduction, v.path(into, s.hops(ref), []bulkhead.Hop{{Object: ref, Field: "securityDefiner", Text: "runs as " + f.Owner}}),
			v.revoke(s, ref, functionTarget(v.db.Name, f), f.Grants, f.Owner))
	}
}

// trigger judges a table of staging's, or of both, that runs such a function when it is
// written to: nobody asks then who may call it.
func (v *visit) trigger(r Relation) {
	into, enters := v.enters(r.Schema)
	if len(r.Triggers) == 0 || v.protects(v.db.Name, r) || !enters {
		return
	}
	for _, name := range r.Triggers {
		f := v.functions[name.quoted()]
		if !f.SecurityDefiner || v.to[f.Owner] != nil || !v.powerful(f.Owner) {
			continue
		}
		ref := relationRef(v.db.Name, r)
		last := []bulkhead.Hop{{Object: functionRef(v.db.Name, f.Signature), Field: "securityDefiner", Text: "is run by a trigger, as " + f.Owner}}
		for _, s := range v.sources(r.Grants, r.Owner, "INSERT", "UPDATE", "DELETE", "TRUNCATE") {
			v.breach(RunsAsProduction, v.path(into, s.hops(ref), last), v.revoke(s, ref, relationTarget(v.db.Name, r), r.Grants, r.Owner))
		}
		if w := v.to[r.Owner]; w != nil {
			change := bulkhead.Change{Object: last[0].Object, Field: "securityDefiner", Text: "ALTER ROUTINE " + f.quoted() + " SECURITY INVOKER"}
			v.breach(RunsAsProduction, v.path(into, append(w.hops(), bulkhead.Hop{Object: ref, Field: "owner", Text: "is owned by " + r.Owner}), last), change)
		}
	}
}

// ownFunction judges a function of staging's where production looks for its own.
func (v *visit) ownFunction(f Function) {
	if w := v.to[f.Owner]; w != nil && v.inside(v.db.Name, f.Schema) {
		v.owns(w, functionRef(v.db.Name, f.Signature), f.Owner, "ALTER ROUTINE "+f.quoted()+" OWNER TO "+identifier(v.heir()))
	}
}

// serverFunctions are the functions that nobody but a superuser may call at first, and
// that reach the server's files (PostgreSQL 18, src/backend/catalog/system_functions.sql;
// of adminpack those of PostgreSQL 16).
func serverFunctions() []string {
	return []string{
		"lo_export", "lo_import", "pg_file_rename", "pg_file_sync", "pg_file_unlink", "pg_file_write", "pg_ls_dir", "pg_read_binary_file",
		"pg_read_file", "pg_stat_file",
	}
}

// connectsFreely is the function of dblink that asks for no password, as a superuser may.
const connectsFreely = "dblink_connect_u"

func (v *visit) serverFunction(f Function) {
	rule, text := ServerFunction, "reads or writes files of the server"
	switch {
	case f.Schema == system && slices.Contains(serverFunctions(), f.Name):
	case f.Untrusted:
		text = "is written in a language that may do on the server what the server may"
	case f.Name == connectsFreely:
		text = "connects from the server as anybody whom it lets in without a password"
	case f.Schema != system && slices.Contains([]string{"dblink", "dblink_connect", "dblink_exec", "dblink_send_query"}, f.Name):
		rule = ConnectsFromServer
	default:
		return
	}
	into, enters := v.enters(f.Schema)
	if !enters {
		return
	}
	ref := functionRef(v.db.Name, f.Signature)
	for _, s := range v.sources(f.Grants, f.Owner, "EXECUTE") {
		change := v.revoke(s, ref, functionTarget(v.db.Name, f), f.Grants, f.Owner)
		if rule == ConnectsFromServer {
			v.warn(rule, ref, change.Field, change.Text, "%s may connect to other servers from this one, past policies of the network", v.from)
			continue
		}
		v.breach(rule, v.path(into, s.hops(ref), []bulkhead.Hop{{Object: ref, Text: text}}), change)
	}
}
