// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// optionsVersion is the first in which each membership has options of its own.
const optionsVersion = 160000

// A checker looks for what in a snapshot cannot be, and keeps the first place.
type checker struct {
	roles, databases map[string]bool
	place            string
	err              error
}

// check returns the first place that cannot be so, and why.
func (s *Snapshot) check() (string, error) {
	c := &checker{roles: make(map[string]bool), databases: make(map[string]bool)}
	if s.Version < oldest || s.Version > 999999 {
		c.fail("version", "%d, want the number of a version from %d on, such as 150018", s.Version, oldest)
	}
	for place, missing := range map[string]bool{
		"roles": s.Roles == nil, "memberships": s.Memberships == nil, "settings": s.Settings == nil, "databases": s.Databases == nil,
		"parameters": s.Parameters == nil,
	} {
		c.list(place, missing)
	}
	for i, r := range s.Roles {
		c.unique(c.roles, fmt.Sprintf("roles[%d].name", i), r.Name)
	}
	if c.roles[Public] {
		c.fail("roles", "a role named public, which PostgreSQL does not allow")
	}
	inherits := make(map[string]bool)
	for _, r := range s.Roles {
		inherits[r.Name] = r.Inherit
	}
	for i, m := range s.Memberships {
		at := fmt.Sprintf("memberships[%d]", i)
		c.role(at+".role", m.Role)
		c.role(at+".member", m.Member)
		if s.Version < optionsVersion && (!m.Set || m.Inherit != inherits[m.Member]) {
			c.fail(at, "before PostgreSQL 16 a member may set the role, and inherits if it inherits at all")
		}
	}
	for i, d := range s.Databases {
		c.unique(c.databases, fmt.Sprintf("databases[%d].name", i), d.Name)
	}
	for i, d := range s.Databases {
		c.database(fmt.Sprintf("databases[%d]", i), d)
	}
	for i, setting := range s.Settings {
		c.setting(fmt.Sprintf("settings[%d]", i), setting)
	}
	parameters := make(map[string]bool)
	for i, p := range s.Parameters {
		at := fmt.Sprintf("parameters[%d]", i)
		c.unique(parameters, at+".name", p.Name)
		c.grants(at+".grants", p.Grants)
	}
	return c.place, c.err
}

func (c *checker) fail(place, format string, args ...any) {
	if c.err == nil || place < c.place {
		c.place, c.err = place, fmt.Errorf(format, args...)
	}
}

// list refuses a list that is not there: an empty one is [].
func (c *checker) list(place string, missing bool) {
	if missing {
		c.fail(place, "is not there; an empty list is []")
	}
}

func (c *checker) name(place, name string) {
	if err := judgeName(name); err != nil {
		c.fail(place, "%w", err)
	}
}

func (c *checker) unique(known map[string]bool, place, name string) {
	c.name(place, name)
	if known[name] {
		c.fail(place, "%q is there twice", name)
	}
	known[name] = true
}

func (c *checker) role(place, role string) {
	if !c.roles[role] {
		c.fail(place, "%q is none of the roles", role)
	}
}

func (c *checker) setting(place string, s Setting) {
	if s.Role != "" {
		c.role(place+".role", s.Role)
	}
	if s.Database != "" && !c.databases[s.Database] {
		c.fail(place+".database", "%q is none of the databases", s.Database)
	}
	if s.Value != "" && s.Name != searchPath && s.Name != largeObjectCompat {
		c.fail(place+".value", "a value that a snapshot does not hold")
	}
}

func (c *checker) grants(place string, grants []Grant) {
	c.list(place, grants == nil)
	seen := make(map[string]bool)
	for i, g := range grants {
		at := fmt.Sprintf("%s[%d]", place, i)
		if g.Grantee != Public {
			c.role(at+".grantee", g.Grantee)
		}
		c.role(at+".grantor", g.Grantor)
		c.list(at+".privileges", g.Privileges == nil)
		for j, privilege := range append(append([]string(nil), g.Privileges...), g.Grantable...) {
			if privilege == "" || strings.Trim(privilege, "ABCDEFGHIJKLMNOPQRSTUVWXYZ ") != "" {
				c.fail(fmt.Sprintf("%s.privileges[%d]", at, j), "%q is no privilege", privilege)
			}
		}
		if who := key(g.Grantee, g.Grantor); seen[who] {
			c.fail(at, "the same roles are there twice")
		} else {
			seen[who] = true
		}
	}
}

// longest is NAMEDATALEN - 1 (PostgreSQL 18, src/include/pg_config_manual.h).
const longest = 63

// judgeName returns why a text is no name of PostgreSQL.
func judgeName(name string) error {
	switch {
	case name == "":
		return errors.New("a name is needed")
	case len(name) > longest:
		return fmt.Errorf("%d bytes; PostgreSQL cuts names off behind %d", len(name), longest)
	case strings.ContainsRune(name, 0) || !utf8.ValidString(name):
		return errors.New("not a text that PostgreSQL could hold")
	default:
		return nil
	}
}
