// SPDX-License-Identifier: Apache-2.0

package mysql

// SnapshotKind is the kind of every [Snapshot], and the version of its format.
const SnapshotKind = "MySQLSnapshot/v1"

// A Snapshot is what one server says of who may do what. It holds no password and no
// hash of one.
//
// A nil list was not read, and makes answers that rest on it Undetermined. An empty list
// was read: there is none. In JSON they are null and [].
type Snapshot struct {
	Kind      string       `json:"kind"` // SnapshotKind
	Server    Server       `json:"server"`
	Databases []string     `json:"databases"`
	Accounts  []Account    `json:"accounts"`
	Grants    []Grant      `json:"grants"`
	Roles     []Membership `json:"roles"`
	Proxies   []Proxy      `json:"proxies"`
	Definers  []Definer    `json:"definers"`
}

// Products.
const (
	MySQL   = "MySQL"
	MariaDB = "MariaDB"
)

// A Server is what decides, beside the grants, what they mean.
type Server struct {
	Product string `json:"product"` // MySQL or MariaDB
	Version string `json:"version"` // such as "9.7.0"
	// LowerCaseTableNames is 0 where names of databases and tables that differ in case
	// are different, and 1 or 2 where they are the same.
	LowerCaseTableNames int `json:"lowerCaseTableNames"`
	// PartialRevokes makes % and _ in the database of a grant stand for themselves.
	PartialRevokes bool `json:"partialRevokes"`
	// MaxUserConnections limits accounts that have no limit of their own; 0 is none.
	MaxUserConnections int `json:"maxUserConnections"`
	// MandatoryRoles are those that every account of MySQL has. MariaDB has PUBLIC for
	// that.
	MandatoryRoles []Name `json:"mandatoryRoles"`
	// ProxyPlugins are the authentication plugins with which a grant of PROXY turns an
	// account into another one as it logs in.
	ProxyPlugins []string `json:"proxyPlugins"`
}

// An Account is somebody who can log in, or a role.
type Account struct {
	Name
	Role   bool  `json:"role"` // MySQL does not tell roles from locked accounts
	Locked bool  `json:"locked"`
	Login  Login `json:"login"`
	// Plugin is the authentication plugin; of several, all that there are.
	Plugins []string `json:"plugins"`
	// TLS says that it logs in over TLS alone; Certificate, that it shows one of its own.
	TLS         bool `json:"tls"`
	Certificate bool `json:"certificate"`
	// MaxUserConnections is how many connections it may have at once; 0 is that of the
	// server.
	MaxUserConnections int `json:"maxUserConnections"`
	// Restrictions are partial revokes: databases that the privileges on all of them do
	// not reach.
	Restrictions []Restriction `json:"restrictions"`
}

// Login says what an account shows to log in.
type Login string

// What an account shows.
const (
	NoPassword Login = "nothing"  // it has the empty password
	Password   Login = "password" // one that the server keeps a hash of
	Elsewhere  Login = "plugin"   // what a plugin asks for: a token of IAM, a ticket, a socket
)

// A Restriction takes privileges on all databases away from one.
type Restriction struct {
	Database   string   `json:"database"`
	Privileges []string `json:"privileges"`
}

// A Level says what a grant is about.
type Level string

// The levels of grants.
const (
	OnServer    Level = "server"    // *.*
	OnDatabase  Level = "database"  // Database may be a pattern
	OnTable     Level = "table"     // or a view: Object
	OnColumn    Level = "column"    // Column of Object
	OnProcedure Level = "procedure" // Object
	OnFunction  Level = "function"
	OnPackage   Level = "package" // of MariaDB, or its body; a library of MySQL
)

// A Grant is what one account or role may do on one level, as the tables of grants have
// it.
type Grant struct {
	To       Name   `json:"to"`
	Level    Level  `json:"level"`
	Database string `json:"database"` // as granted: with its wildcards and backslashes
	Object   string `json:"object"`
	Column   string `json:"column"`
	// Privileges are named as in SHOW PRIVILEGES, in capitals: "SELECT", "GRANT OPTION",
	// "ROLE_ADMIN".
	Privileges []string `json:"privileges"`
}

// A Membership is a role granted to an account or another role, which can switch it on
// whether or not it is a default role.
type Membership struct {
	Role   Name `json:"role"`
	Member Name `json:"member"`
	Admin  bool `json:"admin"` // may grant it on
}

// A Proxy is the right to be somebody else, where the authentication plugin turns one
// into the other.
type Proxy struct {
	Account Name `json:"account"`
	Proxied Name `json:"proxied"`
}

// A Kind is what runs with the rights of its definer.
type Kind string

// What runs with the rights of its definer.
const (
	View      Kind = "view"
	Procedure Kind = "procedure"
	Function  Kind = "function"
	Trigger   Kind = "trigger"
	Event     Kind = "event"
	Package   Kind = "package" // of MariaDB
)

// A Definer is a view, routine, trigger or event that runs with the rights of who
// defined it (SQL SECURITY DEFINER), or of its caller, which may be one of the former.
// Those of the server's own databases are left out.
type Definer struct {
	Kind     Kind   `json:"kind"`
	Database string `json:"database"`
	Object   string `json:"object"`
	Definer  Name   `json:"definer"`
	// Invoker says that it runs with the rights of its caller (SQL SECURITY INVOKER).
	Invoker bool `json:"invoker"`
	// Table is that of a trigger, and Event what fires it: INSERT, UPDATE or DELETE.
	Table string `json:"table"`
	Event string `json:"event"`
	// Databases are those, beside its own, that its text names. Nil says that the text
	// was not read, or that it makes statements of texts as it runs.
	Databases []string `json:"databases"`
}
