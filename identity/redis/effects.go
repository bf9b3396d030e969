// SPDX-License-Identifier: Apache-2.0

package redis

import "strings"

// An effect is what a command does beside what key and channel patterns confine.
type effect struct {
	rule string // of what a breach or a finding is an instance; empty if it is harmless
	text string // what the command does to others
}

// effectOf returns the effect of a command. It is not known for a command of a module,
// unless that is one of Redis' own, and for a command that this package has never heard
// of if it has no keys or the server calls it dangerous: they may do anything.
//
// The lists are of every command without keys of Redis 7.0.15, Redis 8.0.6 and Valkey
// 9.1.2 (COMMAND), and of those with keys that do more than what their patterns confine.
func effectOf(c *Command) (e effect, known bool) {
	e, known = effectOfName(c.Name)
	switch {
	case c.has("module"):
		return effect{}, isVectorSet(c.Name)
	case known:
		return e, true
	case strings.HasSuffix(c.Name, "|help"):
		return effect{}, true
	case c.in("admin"), c.in("dangerous"):
		return effect{}, isDangerousToItsKeys(c.Name)
	default:
		return effect{}, c.hasKeys()
	}
}

// isDangerousToItsKeys lists the commands that the server calls dangerous and that do
// no more than their patterns confine.
func isDangerousToItsKeys(name string) bool {
	return name == "sort" || name == "sort_ro" || name == "pfdebug"
}

func effectOfName(name string) (effect, bool) {
	switch name {
	case "scan", "keys", "clusterscan", "cluster|getkeysinslot":
		return effect{ListsKeys, "lists the names of all keys, whatever the patterns"}, true
	case "randomkey":
		return effect{ListsKeys, "names a key of anybody's"}, true
	case "client|tracking":
		return effect{WatchesKeys, "reports, with BCAST, the name of each key that anybody changes"}, true
	case "monitor":
		return effect{WatchesCommands, "shows every command with its arguments as it is executed"}, true
	case "slowlog|get", "commandlog|get":
		return effect{WatchesCommands, "shows slow or large commands of anybody with their arguments"}, true
	case "client|list":
		return effect{WatchesCommands, "shows the connections of everybody, with user, address and command"}, true
	case "pubsub|channels", "pubsub|shardchannels":
		return effect{ListsChannels, "lists the channels that anybody has subscribed to"}, true
	case "flushall", "flushdb", "cluster|flushslot":
		return effect{DeletesData, "deletes the keys of everybody"}, true
	case "swapdb":
		return effect{DeletesData, "puts one database into the place of another"}, true
	case "sync", "psync", "replconf", "cluster|syncslots":
		return effect{CopiesData, "makes the connection a replica, which gets every key"}, true
	case "function|load", "function|restore":
		return effect{ChangesCode, "replaces functions, which production then runs with its own rights"}, true
	case "function|delete", "function|flush":
		return effect{ChangesCode, "deletes functions that production calls"}, true
	case "script|flush":
		return effect{ChangesCode, "deletes scripts that production calls by their hash"}, true
	}
	if text := stops(name); text != "" {
		return effect{StopsServer, text}, true
	}
	if text := administers(name); text != "" {
		return effect{Administers, text}, true
	}
	if text := showsMetadata(name); text != "" {
		return effect{ShowsMetadata, text}, true
	}
	if name == "restore" || name == "restore-asking" {
		return effect{LoadsPayloads, "makes a value from bytes that it did not make itself"}, true
	}
	return effect{}, isHarmless(name)
}

func stops(name string) string {
	switch name {
	case "shutdown":
		return "ends the server"
	case "debug", "pfselftest":
		return "blocks or crashes the server"
	case "replicaof", "slaveof":
		return "makes the server a replica of another, and drops its keys"
	case "failover", "cluster|failover", "cluster|replicate":
		return "changes which server takes writes"
	case "save", "bgsave", "bgrewriteaof":
		return "writes all keys to disk, and blocks the server or doubles its memory meanwhile"
	case "client|kill", "client|unblock":
		return "ends connections, or waits, of anybody"
	case "client|pause", "client|unpause":
		return "makes everybody wait"
	case "client|no-evict":
		return "keeps its own connection when the server runs out of memory"
	case "client|import-source":
		return "makes the connection one that fills the server from another"
	case "script|kill", "function|kill":
		return "ends a script of anybody that runs"
	case "script|debug":
		return "blocks the server while a script is debugged"
	case "migrate":
		return "blocks the server while it waits for a host that the caller names"
	case "cluster|addslots", "cluster|addslotsrange", "cluster|bumpepoch", "cluster|cancelslotmigrations", "cluster|delslots",
		"cluster|delslotsrange", "cluster|flushslots", "cluster|forget", "cluster|meet", "cluster|migrateslots", "cluster|reset",
		"cluster|saveconfig", "cluster|set-config-epoch", "cluster|setslot":
		return "changes which node holds which keys"
	default:
		return ""
	}
}

func administers(name string) string {
	switch name {
	case "acl|setuser", "acl|deluser", "acl|load", "acl|save":
		return "makes users and changes their rights"
	case "acl|getuser", "acl|list", "acl|log":
		return "shows users with the hashes of their passwords, or what they were refused"
	case "config|get":
		return "shows the configuration, with its passwords"
	case "config|set", "config|rewrite":
		return "changes the configuration"
	case "config|resetstat", "latency|reset", "slowlog|reset", "commandlog|reset":
		return "deletes what operators look at"
	case "module|load", "module|loadex", "module|unload":
		return "loads code into the server, or takes it away"
	default:
		return ""
	}
}

func showsMetadata(name string) string {
	switch name {
	case "dbsize", "cluster|countkeysinslot":
		return "counts keys"
	case "info", "lastsave", "role", "latency|doctor", "latency|graph", "latency|histogram", "latency|history", "latency|latest",
		"memory|doctor", "memory|malloc-stats", "memory|purge", "memory|stats", "slowlog|len", "commandlog|len", "module|list":
		return "tells of the server and how busy it is"
	case "acl|users", "acl|dryrun":
		return "tells of users and their rights"
	case "pubsub|numsub", "pubsub|numpat", "pubsub|shardnumsub":
		return "counts subscribers of a channel"
	case "function|list", "function|dump", "function|stats", "script|show":
		return "shows functions or scripts"
	case "cluster|info", "cluster|nodes", "cluster|slots", "cluster|shards", "cluster|links", "cluster|myid", "cluster|myshardid",
		"cluster|slot-stats", "cluster|count-failure-reports", "cluster|replicas", "cluster|slaves", "cluster|getslotmigrations":
		return "tells of the nodes of the cluster"
	default:
		return ""
	}
}

// isHarmless lists commands that concern the connection, its own transaction or its own
// scripts, those that channel patterns confine, and those that tell what everybody knows.
func isHarmless(name string) bool {
	switch name {
	case "acl|cat", "acl|genpass", "acl|whoami", "asking", "auth", "client|caching", "client|capa", "client|getname",
		"client|getredir", "client|id", "client|info", "client|no-touch", "client|reply", "client|setinfo", "client|setname",
		"client|trackinginfo", "cluster|keyslot", "command|count", "command|docs", "command|getkeys", "command|getkeysandflags",
		"command|info", "command|list", "discard", "echo", "exec", "hello", "lolwut", "multi", "ping", "psubscribe", "publish",
		"punsubscribe", "quit", "readonly", "readwrite", "reset", "script|exists", "script|load", "select", "spublish",
		"ssubscribe", "subscribe", "sunsubscribe", "time", "unsubscribe", "unwatch", "wait", "waitaof":
		return true
	default:
		return false
	}
}

// isVectorSet lists the commands of Redis' own module vectorset (Redis 8.0.6, which
// declares the key of each).
func isVectorSet(name string) bool {
	switch name {
	case "vadd", "vcard", "vdim", "vemb", "vgetattr", "vinfo", "vismember", "vlinks", "vrandmember", "vrem", "vsetattr", "vsim":
		return true
	default:
		return false
	}
}

// isAboutOneDatabase reports whether the effect of a command ends at the databases that
// a user is kept to, so that one that is kept to others has none on production.
func isAboutOneDatabase(name string) bool {
	switch name {
	case "scan", "clusterscan", "keys", "randomkey", "dbsize", "flushdb", "swapdb":
		return true
	default:
		return false
	}
}
