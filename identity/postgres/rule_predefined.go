// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

const (
	// ReachesServer is a role that reads or writes files of the server, or runs programs
	// there.
	ReachesServer = "postgres/reaches-server"
	// WatchesSessions is a role that reads production's statements as they run.
	WatchesSessions = "postgres/watches-sessions"
	// EndsSessions is a role that ends production's connections.
	EndsSessions = "postgres/ends-sessions"
	// PredefinedRole is a role of PostgreSQL's that reaches production with one more
	// mistake.
	PredefinedRole = "postgres/predefined-role"
)

const (
	readAll  = "pg_read_all_data"
	writeAll = "pg_write_all_data"
	maintain = "pg_maintain"
)

// A power is what a predefined role gives (PostgreSQL 18 documentation, "Predefined
// Roles"). Without a rule it is no path by itself.
type power struct{ role, rule, text string }

func powers() []power {
	return []power{
		{"pg_execute_server_program", ReachesServer, "runs programs on the server, as the server"},
		{"pg_read_server_files", ReachesServer, "reads files of the server, those of all databases too"},
		{"pg_write_server_files", ReachesServer, "writes files of the server"},
		{"pg_monitor", WatchesSessions, "reads the statements of all sessions, with their values"},
		{"pg_read_all_stats", WatchesSessions, "reads the statements of all sessions, with their values"},
		{"pg_signal_backend", EndsSessions, "ends the sessions of all but superusers"},
		{readAll, "", "reads every table of a database that it may connect to"},
		{writeAll, "", "writes to every table of a database that it may connect to"},
		{maintain, "", "locks every table of a database that it may connect to"},
		{"pg_checkpoint", "", "starts checkpoints, which slow all databases down"},
		{"pg_create_subscription", "", "subscribes a database to another server"},
		{"pg_read_all_settings", "", "reads settings that only superusers see"},
		{"pg_signal_autovacuum_worker", "", "ends autovacuum in all databases"},
		{"pg_stat_scan_tables", "", "runs functions that lock tables for long"},
		{"pg_use_reserved_connections", "", "takes connections that are kept for others"},
		{databaseOwner, "", ""},
	}
}

func (p *party) predefined() {
	for role, w := range p.to {
		if !named(role) || w.before == nil || p.ends(role) {
			continue
		}
		i := slices.IndexFunc(powers(), func(p power) bool { return p.role == role })
		if i < 0 {
			p.miss("what the role %s, which %s has, may do", role, shown(p.from))
			continue
		}
		switch power := powers()[i]; {
		case power.rule != "":
			p.breach(power.rule, append(w.hops(), bulkhead.Hop{Object: roleRef(role), Text: power.text}), w.first())
		case power.text != "":
			p.warn(PredefinedRole, roleRef(p.from), "memberOf["+role+"]", w.first().Text, "%s is a member of %s, which %s", p.from, role, power.text)
		}
	}
}
