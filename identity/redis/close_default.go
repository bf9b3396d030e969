// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// CloseDefault returns the recipe that switches the user default off, which everybody is
// who connects to a fresh server. It is for the time when production has a user of its
// own. Connections that are open stay as they are, those of staging too.
//
// An error is a [*bulkhead.InvalidError]: production's user is not there, is off or has
// no password; no other user may run ACL SETUSER, so that nobody could administer the
// server any more; or clients are connected as default, replicas among them, which do so
// unless masteruser is set: they would be refused when they connect again. The same is
// asked again when the recipe runs.
func (s *Snapshot) CloseDefault(production string) (Recipe, error) {
	errs := s.judgeRead()
	if len(errs) == 0 {
		if why := s.needsDefault(production); why != "" {
			errs = append(errs, field.Forbidden(field.NewPath("production"), why))
		}
	}
	if len(errs) > 0 {
		return Recipe{}, invalidUser(defaultUser, errs)
	}
	return Recipe{
		Statements: []Statement{{
			Args:    []string{"ACL", "SETUSER", defaultUser, "off"},
			Changes: "nobody can connect without logging in as a user of its own; connections that are open stay",
			Undo:    []string{"ACL", "SETUSER", defaultUser, "on"},
			done:    func(now *Snapshot) bool { return now.isOff(defaultUser) },
			foreign: func(now *Snapshot) string { return now.needsDefault(production) },
		}},
		Open: []string{"default is on again when the server starts, unless ACL SAVE writes the users to aclfile, or redis.conf has the line of ACL LIST"},
	}, nil
}

// needsDefault says why default cannot be switched off; empty if it can.
func (s *Snapshot) needsDefault(production string) string {
	t := newTable(s.Commands)
	at := slices.IndexFunc(s.Users, func(u User) bool { return u.Name == production })
	switch {
	case production == defaultUser:
		return "production has to have a user of its own"
	case at < 0:
		return "there is no user " + quote(production)
	case s.Connections == nil:
		return "whether clients are connected as default was not read: CLIENT LIST"
	case s.Connections[defaultUser] > 0:
		return fmt.Sprintf("%d clients are connected as default, which who asks may be too, and would be refused when they connect again", s.Connections[defaultUser])
	}
	if d := newDoor(s.Users[at]); !d.on || !s.Users[at].Password || d.nopass >= 0 {
		return "user " + quote(production) + " is off, or has no password"
	}
	if !slices.ContainsFunc(s.Users, func(u User) bool { return u.Name != defaultUser && s.administers(u, t) }) {
		return "no other user that has a password may run ACL SETUSER, and nobody could administer the server"
	}
	return ""
}

func (s *Snapshot) administers(u User, t table) bool {
	r := s.parse(u, t)
	return newDoor(u).on && u.Password && len(r.lost) == 0 && slices.ContainsFunc(r.selectors, func(sel *selector) bool {
		_, ok := sel.granted["acl|setuser"]
		return ok
	})
}

func (s *Snapshot) isOff(user string) bool {
	return slices.ContainsFunc(s.Users, func(u User) bool { return u.Name == user && !newDoor(u).on })
}
