// SPDX-License-Identifier: Apache-2.0

package postgres

// A Snapshot is what the catalogs of one server say about who may do what, as plain
// data. Package live takes one; [ReadSnapshot] reads what [Snapshot.Write] wrote. No
// password, nor anything made from one, is in it, and no text of a view or a function.
//
// What was not read is a nil pointer, never an empty list.
type Snapshot struct {
	// Kind is [SnapshotKind].
	Kind string `json:"kind"`
	// Version is server_version_num, such as 150018.
	Version int `json:"version"`
	// SearchPath and LargeObjectCompat are the server's own search_path and
	// lo_compat_privileges, before any setting of a role or a database.
	SearchPath        *string `json:"searchPath,omitempty"`
	LargeObjectCompat *bool   `json:"largeObjectCompat,omitempty"`

	Roles       []Role       `json:"roles"`
	Memberships []Membership `json:"memberships"`
	Settings    []Setting    `json:"settings"`
	Databases   []Database   `json:"databases"`
	// Parameters are rows of pg_parameter_acl; there are none before PostgreSQL 15.
	Parameters []Parameter `json:"parameters"`
}

// SnapshotKind is the kind, and the version of the format, of a snapshot.
const SnapshotKind = "PostgreSQLSnapshot/v1"

// A Role is a row of pg_roles.
type Role struct {
	Name            string `json:"name"`
	Login           bool   `json:"login"`
	Superuser       bool   `json:"superuser"`
	Inherit         bool   `json:"inherit"`
	CreateRole      bool   `json:"createRole"`
	CreateDatabase  bool   `json:"createDatabase"`
	Replication     bool   `json:"replication"`
	BypassRLS       bool   `json:"bypassRLS"`
	ConnectionLimit int    `json:"connectionLimit"` // -1 is none
	// Password says whether there is one. Only a superuser may see it.
	Password *bool `json:"password,omitempty"`
}

// A Membership is a row of pg_auth_members: Member was granted Role.
type Membership struct {
	Role    string `json:"role"`
	Member  string `json:"member"`
	Grantor string `json:"grantor"`
	Admin   bool   `json:"admin"`
	// Inherit and Set are options of each grant from PostgreSQL 16 on. Before, Inherit
	// is the member's own, and Set is true.
	Inherit bool `json:"inherit"`
	Set     bool `json:"set"`
}

// A Setting is one of pg_db_role_setting: for a role, in a database, or, where they are
// empty, for all.
type Setting struct {
	Role     string `json:"role"`
	Database string `json:"database"`
	Name     string `json:"name"`
	// Value is kept of search_path and lo_compat_privileges alone: others may be secrets.
	Value string `json:"value,omitempty"`
}

// A Parameter is a setting of superusers that others may set.
type Parameter struct {
	Name   string  `json:"name"`
	Grants []Grant `json:"grants"`
}

// A Grant is what one role granted another on an object, with the defaults of
// acldefault where nobody has granted or revoked anything.
type Grant struct {
	Grantee    string   `json:"grantee"` // a role, or [Public]
	Grantor    string   `json:"grantor"`
	Privileges []string `json:"privileges"`          // such as SELECT
	Grantable  []string `json:"grantable,omitempty"` // those of them with the grant option
}

// Public is everybody. No role can have this name.
const Public = "public"

// A Database is a row of pg_database.
type Database struct {
	Name             string  `json:"name"`
	Owner            string  `json:"owner"`
	Template         bool    `json:"template"`
	AllowConnections bool    `json:"allowConnections"`
	ConnectionLimit  int     `json:"connectionLimit"`
	Grants           []Grant `json:"grants"`
	// Contents is nil if nobody has looked inside.
	Contents *Contents `json:"contents,omitempty"`
}

// Contents are the objects of one database. Those of the system are left out, except
// for what gives more than it seems to: see [Contents.Relations] and
// [Contents.Functions].
type Contents struct {
	Schemas []Schema `json:"schemas"`
	// Relations are tables, views, materialized views, foreign tables and sequences; of
	// the catalogs those that hold passwords and data.
	Relations []Relation `json:"relations"`
	// Functions are functions, procedures and aggregates; of the system those that reach
	// the files of the server.
	Functions         []Function         `json:"functions"`
	LargeObjects      []LargeObjects     `json:"largeObjects"`
	DefaultPrivileges []DefaultPrivilege `json:"defaultPrivileges"`
	ForeignServers    []ForeignServer    `json:"foreignServers"`
	EventTriggers     []EventTrigger     `json:"eventTriggers"`
}

// A Schema is a row of pg_namespace.
type Schema struct {
	Name   string  `json:"name"`
	Owner  string  `json:"owner"`
	Grants []Grant `json:"grants"`
}

// A Relation is a row of pg_class.
type Relation struct {
	Schema string `json:"schema"`
	Name   string `json:"name"`
	// Kind is table, view, materialized view, foreign table or sequence.
	Kind   RelationKind `json:"kind"`
	Owner  string       `json:"owner"`
	Grants []Grant      `json:"grants"`
	// Columns are those with grants of their own.
	Columns []Column `json:"columns,omitempty"`
	// SecurityInvoker says that a view reads with the rights of who reads it.
	SecurityInvoker bool `json:"securityInvoker,omitempty"`
	// Reads are the relations that a view, or a rule of a table, refers to.
	Reads []Name `json:"reads,omitempty"`
	// Parts are the partitions of a table, and the tables that inherit from it.
	Parts []Name `json:"parts,omitempty"`
	// Server is that of a foreign table.
	Server string `json:"server,omitempty"`
	// Triggers are the functions that are run when the relation is written to.
	Triggers []Signature `json:"triggers,omitempty"`
}

// RelationKind says what a relation is.
type RelationKind string

// Kinds of relations. A partitioned table is a table.
const (
	Table            RelationKind = "table"
	View             RelationKind = "view"
	MaterializedView RelationKind = "materialized view"
	ForeignTable     RelationKind = "foreign table"
	Sequence         RelationKind = "sequence"
)

// A Name is that of an object in a schema.
type Name struct {
	Schema string `json:"schema"`
	Name   string `json:"name"`
}

// A Signature names a function by the types of its arguments.
type Signature struct {
	Schema    string `json:"schema"`
	Name      string `json:"name"`
	Arguments []Name `json:"arguments,omitempty"`
}

// A Column is a row of pg_attribute.
type Column struct {
	Name   string  `json:"name"`
	Grants []Grant `json:"grants"`
}

// A Function is a row of pg_proc.
type Function struct {
	Signature
	Owner string `json:"owner"`
	// SecurityDefiner says that it runs with the rights of its owner.
	SecurityDefiner bool `json:"securityDefiner,omitempty"`
	// Untrusted says that its language does what the server may do, such as plpython3u;
	// of those in C and of the system it is not said.
	Untrusted bool    `json:"untrusted,omitempty"`
	Grants    []Grant `json:"grants"`
}

// An EventTrigger is a row of pg_event_trigger.
type EventTrigger struct {
	Name     string    `json:"name"`
	Function Signature `json:"function"`
}

// LargeObjects are those of one owner with the same grants, if they have any.
type LargeObjects struct {
	Owner  string  `json:"owner"`
	Grants []Grant `json:"grants"`
	OIDs   []int64 `json:"oids"`  // at most 1,000
	Count  int     `json:"count"` // of all
}

// A DefaultPrivilege is a row of pg_default_acl: what objects get that Role makes, in a
// schema, or in all if Schema is empty.
type DefaultPrivilege struct {
	Role   string `json:"role"`
	Schema string `json:"schema"`
	// Objects is tables, sequences, functions, types, schemas or large objects.
	Objects string  `json:"objects"`
	Grants  []Grant `json:"grants"`
}

// A ForeignServer is a row of pg_foreign_server.
type ForeignServer struct {
	Name     string        `json:"name"`
	Owner    string        `json:"owner"`
	Grants   []Grant       `json:"grants"`
	Database string        `json:"database"` // its option dbname
	Mappings []UserMapping `json:"mappings"`
}

// A UserMapping says as whom a role, or everybody, is on a foreign server.
type UserMapping struct {
	Role string `json:"role"`
	// User is the option of this name. Only who may use the mapping sees it.
	User *string `json:"user,omitempty"`
}
