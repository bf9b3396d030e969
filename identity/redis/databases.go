// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"slices"
	"strconv"
	"strings"
)

// defaultDatabases is how many logical databases a server has that is not told
// (redis.conf, "databases").
const defaultDatabases = 16

// databases returns how many logical databases the server has, and whether that is known.
// A cluster of Redis has one, one of Valkey as many as its own parameter says (Valkey
// 9.1, valkey.conf, "cluster-databases").
func (s *Snapshot) databases() (n int, known bool) {
	parameter := "databases"
	switch {
	case s.Server == "": // nor whether it is a node of a cluster
		return defaultDatabases, false
	case s.Cluster && strings.HasPrefix(s.Server, "Redis "):
		return 1, true
	case s.Cluster:
		parameter = "cluster-databases"
	}
	if n, err := strconv.Atoi(s.Config[parameter]); err == nil && n > 0 {
		return n, true
	}
	return defaultDatabases, false
}

// databasesMissing is what decides about rules that name databases, if databases does
// not know.
const databasesMissing = "how many databases the server has: databases, or cluster-databases, of CONFIG GET"

// deniesDatabase says why the databases of a selector do not let a call through; empty
// if they do (Valkey 9.1, src/acl.c, ACLSelectorCheckCmd; before, there are no such
// rules).
func (s *selector) deniesDatabase(c *Command, database, databases int, args []string) string {
	if s.allDBs {
		return ""
	}
	named, ok := databasesOf(c.Name, databases, args)
	switch {
	case ok:
		for _, db := range named {
			if !s.dbs[db] {
				return "no rule allows database " + strconv.Itoa(db)
			}
		}
		if !c.hasKeys() {
			return ""
		}
	case isNamingDatabases(c.Name):
		if !c.hasKeys() {
			return ""
		}
	case isAboutAllDatabases(c.Name):
		for db := range databases {
			if !s.dbs[db] {
				return "the command is about all databases, and no rule allows all"
			}
		}
		return ""
	case !c.isAboutKeys():
		return ""
	}
	if !s.dbs[database] || database >= databases {
		return "no rule allows database " + strconv.Itoa(database)
	}
	return ""
}

// isAboutKeys reports whether a command needs the database of its connection.
func (c *Command) isAboutKeys() bool {
	return c.in("keyspace") || c.in("read") || c.in("write") || c.hasKeys()
}

func isNamingDatabases(command string) bool {
	return slices.Contains([]string{"select", "swapdb", "move", "copy"}, command)
}

func isAboutAllDatabases(command string) bool {
	return slices.Contains([]string{"flushall", "cluster|cancelslotmigrations", "cluster|flushslot", "cluster|migrateslots"}, command)
}

// databasesOf returns the databases that a call names. It is not ok if the call names
// none, or one that is not there.
func databasesOf(command string, databases int, args []string) (named []int, ok bool) {
	var numbers []string
	switch command {
	case "select":
		numbers = args[1:min(2, len(args))]
	case "swapdb":
		numbers = args[1:min(3, len(args))]
	case "move":
		numbers = args[min(2, len(args)):min(3, len(args))]
	case "copy":
		for i := 3; i < len(args); i++ {
			switch {
			case strings.EqualFold(args[i], "replace"):
			case strings.EqualFold(args[i], "db") && i+1 < len(args):
				i++
				numbers = append(numbers, args[i])
			default:
				return nil, false
			}
		}
	}
	for _, number := range numbers {
		db, err := strconv.Atoi(number)
		if err != nil || db < 0 || db >= databases {
			return nil, false
		}
		named = append(named, db)
	}
	return named, len(named) > 0
}
