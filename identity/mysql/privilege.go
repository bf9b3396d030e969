// SPDX-License-Identifier: Apache-2.0

package mysql

import "slices"

// onDatabases reports whether a privilege is one on databases, which on *.* reaches all
// of them (MySQL 9.7 Reference Manual, "Privileges Provided by MySQL"; MariaDB
// documentation, "GRANT", "Database Privileges").
func onDatabases(privilege string) bool {
	switch privilege {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "INDEX", "REFERENCES", "TRIGGER", "EXECUTE",
		"CREATE VIEW", "SHOW VIEW", "CREATE ROUTINE", "ALTER ROUTINE", "EVENT", "LOCK TABLES", "CREATE TEMPORARY TABLES",
		"GRANT OPTION", "DELETE HISTORY":
		return true
	default:
		return false
	}
}

// An effect is what a privilege on the server lets somebody do to the others.
type effect struct {
	rule string // empty if it does nothing to them
	text string
}

// effectOf returns the effect of a privilege on the server alone, and whether it is
// known.
func effectOf(privilege string) (effect, bool) {
	for _, e := range effects() {
		if slices.Contains(e.privileges, privilege) {
			return e.effect, true
		}
	}
	return effect{}, false
}

type privilegeEffect struct {
	effect
	privileges []string
}

// effects lists the privileges on the server that MySQL 9.7 and MariaDB 10.11 have,
// with those of MySQL 8.0 that are gone (MySQL 8.0 and 9.7 Reference Manual, "Privileges
// Provided by MySQL"; MariaDB documentation, "GRANT", "Global Privileges").
func effects() []privilegeEffect {
	return []privilegeEffect{
		{effect{Administers, "makes, changes and drops accounts, and so logs in as production"}, []string{"CREATE USER"}},
		{effect{Administers, "grants and drops any role"}, []string{"ROLE_ADMIN", "CREATE ROLE", "DROP ROLE"}},
		{effect{Administers, "does nearly all that the server can"}, []string{"SUPER"}},
		{effect{Administers, "makes routines and views that run with the rights of production"}, []string{
			"SET_USER_ID", "SET_ANY_DEFINER", "ALLOW_NONEXISTENT_DEFINER", "SET USER",
		}},
		{effect{Administers, "cannot be changed, nor its sessions ended, by who lacks it, and can do both to production's accounts that have it"}, []string{"SYSTEM_USER"}},
		{effect{Administers, "ends production's sessions and connects beyond every limit"}, []string{"CONNECTION_ADMIN", "CONNECTION ADMIN", "SERVICE_CONNECTION_ADMIN"}},
		{effect{Administers, "sets what the server keeps for administrators"}, []string{
			"SYSTEM_VARIABLES_ADMIN", "PERSIST_RO_VARIABLES_ADMIN", "SESSION_VARIABLES_ADMIN", "READ_ONLY ADMIN", "FEDERATED ADMIN", "AUTHENTICATION_POLICY_ADMIN",
			"PASSWORDLESS_USER_ADMIN", "RESOURCE_GROUP_ADMIN", "RESOURCE_GROUP_USER", "ENCRYPTION_KEY_ADMIN", "TABLE_ENCRYPTION_ADMIN", "AUDIT_ADMIN", "TELEMETRY_LOG_ADMIN",
			"FIREWALL_ADMIN", "FIREWALL_USER", "VERSION_TOKEN_ADMIN", "NDB_STORED_USER", "SKIP_QUERY_REWRITE", "MASKING_DICTIONARIES_ADMIN", "MANAGE_DATA_MASKING_POLICY",
			"CREATE_SPATIAL_REFERENCE_SYSTEM", "INNODB_REDO_LOG_ENABLE", "BINLOG_ENCRYPTION_ADMIN",
		}},
		{effect{Administers, "stops, flushes or blocks the whole server"}, []string{
			"SHUTDOWN", "RELOAD", "FLUSH_TABLES", "FLUSH_PRIVILEGES", "FLUSH_STATUS", "FLUSH_OPTIMIZER_COSTS", "FLUSH_USER_RESOURCES", "CREATE TABLESPACE", "OPTIMIZE_LOCAL_TABLE",
		}},
		{effect{Administers, "changes what is replicated, and applies what others wrote"}, []string{
			"BINLOG_ADMIN", "BINLOG ADMIN", "BINLOG REPLAY", "REPLICATION_APPLIER", "REPLICATION_SLAVE_ADMIN", "REPLICATION SLAVE ADMIN", "REPLICATION MASTER ADMIN",
			"GROUP_REPLICATION_ADMIN", "GROUP_REPLICATION_STREAM", "XA_RECOVER_ADMIN", "TRANSACTION_GTID_TAG",
		}},
		{effect{ReadsFiles, "reads and writes files of the server's machine, also those of production's tables"}, []string{"FILE"}},
		{effect{Watches, "reads the statements that production's sessions run, with the values in them"}, []string{"PROCESS"}},
		{effect{Watches, "reads the text of production's routines"}, []string{"SHOW_ROUTINE", "SHOW CREATE ROUTINE"}},
		{effect{Watches, "copies every change of every database"}, []string{"REPLICATION SLAVE", "BACKUP_ADMIN", "CLONE_ADMIN", "INNODB_REDO_LOG_ARCHIVE"}},
		{effect{Watches, "reads which logs there are and how far replication is, and settings that are hidden from others"}, []string{
			"REPLICATION CLIENT", "BINLOG MONITOR", "SLAVE MONITOR", "REPLICA MONITOR", "SENSITIVE_VARIABLES_OBSERVER",
		}},
		{effect{}, []string{"USAGE", "PROXY", "SHOW DATABASES", "AUDIT_ABORT_EXEMPT", "FIREWALL_EXEMPT", "APPLICATION_PASSWORD_ADMIN"}},
	}
}
