// SPDX-License-Identifier: Apache-2.0

package redis

// SnapshotKind is the kind that every snapshot carries.
const SnapshotKind = "RedisSnapshot/v1"

// A Snapshot is what a server says of its users and its commands. It holds no key, no
// value, no password and no hash of one.
//
// A list or a map that is null was not read. An empty one was read, and has nothing.
type Snapshot struct {
	Kind string `json:"kind"` // [SnapshotKind]
	// Server is product and version, such as "Valkey 9.1.2".
	Server string `json:"server"`
	// Cluster reports whether the server is a node of a cluster.
	Cluster bool `json:"cluster"`
	// Users are those of ACL LIST.
	Users []User `json:"users"`
	// Commands are those of COMMAND, with those of modules, and subcommands behind
	// their containers.
	Commands []Command `json:"commands"`
	// Config is a part of CONFIG GET: [ConfigParameters].
	Config map[string]string `json:"config"`
	// Connections counts, by user, the clients of CLIENT LIST, replicas included and
	// the connection that took the snapshot excluded, but not others of the same pool.
	Connections map[string]int `json:"connections"`
}

// A User is one line of ACL LIST.
type User struct {
	Name string `json:"name"`
	// Rules are the rules in their order, as ACL LIST prints them and ACL SETUSER takes
	// them; a selector in parentheses is one rule. Those about passwords are left out.
	Rules []string `json:"rules"`
	// Password reports whether the user has at least one password.
	Password bool `json:"password"`
	// SharesPassword names the other users that have a password in common with it. It
	// does not matter for a user without one.
	SharesPassword []string `json:"sharesPassword,omitzero"`
}

// A Command is one entry of COMMAND (Redis documentation, "COMMAND").
type Command struct {
	// Name is in lower case; that of a subcommand is CONTAINER|NAME.
	Name string `json:"name"`
	// Arity is the number of arguments, the name included, or the least number,
	// negated.
	Arity      int       `json:"arity"`
	Flags      []string  `json:"flags,omitempty"`      // such as "write", "module"
	Categories []string  `json:"categories,omitempty"` // without @
	Keys       []KeySpec `json:"keys,omitempty"`
}

// A KeySpec says where the arguments of a command name keys (Redis documentation,
// "Command key specifications").
type KeySpec struct {
	Flags []string `json:"flags,omitempty"` // such as "RO", "access"
	// Index is where the keys begin, if Keyword is empty and Unknown is false.
	Index int `json:"index,omitempty"`
	// Keyword is the argument behind which the keys begin, searched from StartFrom on;
	// from the end backwards if that is negative.
	Keyword   string `json:"keyword,omitempty"`
	StartFrom int    `json:"startFrom,omitempty"`
	// Range says how many keys there are, or KeyNum does. If both are null, or Unknown
	// is true, the specification does not tell.
	Range   *KeyRange  `json:"range,omitempty"`
	KeyNum  *KeyNumber `json:"keyNum,omitempty"`
	Unknown bool       `json:"unknown,omitempty"`
}

// A KeyRange ends at an argument that is counted from the first key, or from the end
// of the arguments if it is negative; divided by Limit if that is above 1.
type KeyRange struct {
	LastKey int `json:"lastKey"`
	KeyStep int `json:"keyStep"`
	Limit   int `json:"limit"`
}

// A KeyNumber says which argument is the number of keys, and where the first one is,
// both counted from where the specification begins.
type KeyNumber struct {
	KeyNumIdx int `json:"keyNumIdx"`
	FirstKey  int `json:"firstKey"`
	KeyStep   int `json:"keyStep"`
}

// ConfigParameters returns the parameters that a snapshot holds. None is a secret.
func ConfigParameters() []string {
	return []string{"acl-pubsub-default", "aclfile", "cluster-databases", "databases", "maxmemory", "maxmemory-policy", "notify-keyspace-events"}
}
