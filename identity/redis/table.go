// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"slices"
	"strings"
)

// A table is the commands of a snapshot by name, and the subcommands of each.
type table struct {
	byName map[string]*Command
	subs   map[string][]*Command
	names  []string // sorted
	// uncategorised is a command without a category; none of the server's own is.
	uncategorised string
}

func newTable(commands []Command) table {
	t := table{byName: make(map[string]*Command, len(commands)), subs: make(map[string][]*Command)}
	for i := range commands {
		c := &commands[i]
		t.byName[c.Name] = c
		t.names = append(t.names, c.Name)
		if len(c.Categories) == 0 && !c.has("module") {
			t.uncategorised = max(t.uncategorised, c.Name)
		}
		if container, _, ok := strings.Cut(c.Name, "|"); ok {
			t.subs[container] = append(t.subs[container], c)
		}
	}
	slices.Sort(t.names)
	return t
}

// categories returns the names of all categories.
func (t table) hasCategory(name string) bool {
	if isBuiltinCategory(name) {
		return true
	}
	for _, c := range t.byName {
		if slices.Contains(c.Categories, name) {
			return true
		}
	}
	return false
}

// isBuiltinCategory reports whether a category is there even if no command is in it
// (Redis 7.0 to 8.0 and Valkey 9.1, src/acl.c, ACLCommandCategories).
func isBuiltinCategory(name string) bool {
	switch name {
	case "keyspace", "read", "write", "set", "sortedset", "list", "hash", "string", "bitmap", "hyperloglog", "geo", "stream",
		"pubsub", "admin", "fast", "slow", "blocking", "dangerous", "connection", "transaction", "scripting":
		return true
	default:
		return false
	}
}

// isContainer reports whether a command only holds subcommands.
func (t table) isContainer(name string) bool { return len(t.subs[name]) > 0 }

// hasKeys reports whether the server looks for keys among the arguments of a command.
func (c *Command) hasKeys() bool {
	return slices.ContainsFunc(c.Keys, func(k KeySpec) bool { return !slices.Contains(k.Flags, "not_key") }) ||
		slices.Contains(c.Flags, "movablekeys")
}

func (c *Command) has(flag string) bool { return slices.Contains(c.Flags, flag) }

// in reports whether a command is in a category.
func (c *Command) in(category string) bool { return slices.Contains(c.Categories, category) }

// isWithoutLogin reports whether everybody may run a command, before and after logging
// in, whatever the rules say.
func (c *Command) isWithoutLogin() bool { return c.has("no_auth") }
